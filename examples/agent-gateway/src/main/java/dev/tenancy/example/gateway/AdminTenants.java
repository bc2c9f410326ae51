package dev.tenancy.example.gateway;

import dev.tenancy.InvalidTenantIdException;
import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import dev.tenancy.UnavailableException;
import dev.tenancy.jdbc.ErasureProof;
import dev.tenancy.jdbc.RowConflictException;
import dev.tenancy.jdbc.TenantOffboarding;
import dev.tenancy.jdbc.TenantRegistry;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** What the operator does with tenants: see them, change them, give them their data, erase them. */
final class AdminTenants {
    private static final int PAGE = 1_000;
    private static final Duration LONGEST_WORK = Duration.ofSeconds(30);

    private final TenantCatalog catalog;
    private final TenantRegistry registry;
    private final TenantOffboarding offboarding;
    private final Work work;
    private final Function<TenantId, Tenant> made;
    private final Consumer<TenantId> changed;

    /**
     * The operator's calls.
     *
     * @param work is stopped for a tenant that is erased
     * @param made what a tenant is that was not there
     * @param changed is told which tenant has changed
     */
    AdminTenants(
            TenantCatalog catalog,
            TenantRegistry registry,
            TenantOffboarding offboarding,
            Work work,
            Function<TenantId, Tenant> made,
            Consumer<TenantId> changed) {
        this.catalog = catalog;
        this.registry = registry;
        this.offboarding = offboarding;
        this.work = work;
        this.made = made;
        this.changed = changed;
    }

    void addTo(RoutesConfig routes, Operator operator) {
        routes.get("/admin/tenants", operator.only(this::list));
        routes.put("/admin/tenants/{id}", operator.only(this::put));
        routes.get("/admin/tenants/{id}/export", operator.only(this::export));
        routes.delete("/admin/tenants/{id}", operator.only(this::erase));
    }

    /** All of them. One that somebody else removes meanwhile is left out. */
    private void list(Context ctx) throws SQLException {
        List<TenantTerms> all = new ArrayList<>();
        List<TenantId> page = registry.ids(Optional.empty(), PAGE);
        while (!page.isEmpty()) {
            page.forEach(id -> catalog.find(id).map(TenantTerms::of).ifPresent(all::add));
            page = registry.ids(Optional.of(page.get(page.size() - 1)), PAGE);
        }
        ctx.json(Page.of(all));
    }

    /** What the body does not say stays as it is; a tenant that is not there is made, with the usual terms. */
    private void put(Context ctx) throws SQLException {
        TenantId id = id(ctx);
        Body body = Body.of(ctx);
        Tenant tenant =
                registry.update(id, former -> TenantTerms.changed(former.orElseGet(() -> made.apply(id)), body));
        changed.accept(id);
        ctx.json(TenantTerms.of(tenant));
    }

    private void export(Context ctx) throws SQLException, IOException {
        TenantId id = known(ctx);
        Path directory = Files.createTempDirectory("export");
        try {
            offboarding.exportTo(directory, id);
            ctx.contentType("application/zip").header("Content-Disposition", "attachment; filename=\"export.zip\"");
            zip(directory, new ZipOutputStream(ctx.outputStream()));
        } finally {
            delete(directory);
        }
    }

    /** Refused at once, in all replicas; then erased; then unknown. */
    private void erase(Context ctx) throws SQLException, InterruptedException {
        TenantId id = known(ctx);
        if (!work.stop(id)) {
            throw new RowConflictException("tenants", "The tenant is being erased.");
        }
        try {
            answer(ctx, id, erased(id));
        } finally {
            work.allow(id);
        }
    }

    /** What is under way is let end before: it would write behind the proof. */
    private ErasureProof erased(TenantId id) throws SQLException, InterruptedException {
        registry.setStatus(id, Tenant.Status.SUSPENDED);
        changed.accept(id);
        if (!work.awaitEnd(id, LONGEST_WORK)) {
            throw new UnavailableException("work of tenant " + id + " is still under way", null);
        }
        ErasureProof proof = offboarding.erase(id);
        if (proof.isErased()) {
            registry.remove(id);
            changed.accept(id);
        }
        return proof;
    }

    private static void answer(Context ctx, TenantId id, ErasureProof proof) {
        ctx.json(Map.of(
                "tenantId", id.value(),
                "erased", proof.isErased(),
                "at", proof.at().toString(),
                "rowsLeft", proof.rowsLeft(),
                "schemasLeft", proof.schemasLeft()));
    }

    private TenantId known(Context ctx) {
        TenantId id = id(ctx);
        if (catalog.find(id).isEmpty()) {
            throw new HttpResponseException(404, "tenant");
        }
        return id;
    }

    private static TenantId id(Context ctx) {
        try {
            return TenantId.of(ctx.pathParam("id"));
        } catch (InvalidTenantIdException invalid) {
            throw new MalformedRequestException("id is not a tenant id: " + invalid.fault());
        }
    }

    private static void zip(Path directory, ZipOutputStream zip) throws IOException {
        try (zip;
                DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                zip.putNextEntry(new ZipEntry(file.getFileName().toString()));
                Files.copy(file, zip);
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
