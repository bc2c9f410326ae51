package dev.tenancy.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenancyConfigException;
import dev.tenancy.Tenant;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantId;
import dev.tenancy.testing.TenantCatalogContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PropertiesTenantCatalogTest extends TenantCatalogContract {
    private static final TenantId ACME = TenantId.of("acme");

    @TempDir
    private Path directory;

    @Override
    protected TenantCatalog catalogOf(List<Tenant> tenants) throws IOException {
        Properties written = new Properties();
        for (Tenant tenant : tenants) {
            String prefix = "tenant[" + tenant.id() + "].";
            written.setProperty(prefix + "status", tenant.status() == Tenant.Status.ACTIVE ? "active" : "suspended");
            if (!tenant.readableTenants().isEmpty()) {
                written.setProperty(
                        prefix + "readable",
                        tenant.readableTenants().stream().map(TenantId::value).collect(Collectors.joining(" , ")));
            }
            tenant.setting(PLAN).ifPresent(plan -> written.setProperty(prefix + "setting.plan", plan));
        }
        Path file = directory.resolve("tenants.properties");
        try (var writer = Files.newBufferedWriter(file)) {
            written.store(writer, null);
        }
        return PropertiesTenantCatalog.of(file);
    }

    @Test
    void aFileIsReadAsItIsDocumented() {
        PropertiesTenantCatalog catalog = PropertiesTenantCatalog.of(file("""
                \uFEFF# tenants
                tenant[acme].status = active
                tenant[acme].readable = shared, a:b
                tenant[acme].setting.plan = 600/1m burst 100
                tenant[a\\:b\\=c].status: suspended
                """));

        Tenant acme = catalog.find(ACME).orElseThrow();
        assertThat(acme.readableTenants()).containsExactlyInAnyOrder(TenantId.of("shared"), TenantId.of("a:b"));
        assertThat(acme.setting(PLAN)).contains("600/1m burst 100");
        assertThat(catalog.find(TenantId.of("a:b=c")).orElseThrow().status()).isEqualTo(Tenant.Status.SUSPENDED);
        assertThat(catalog).hasToString("PropertiesTenantCatalog[" + directory.resolve("tenants") + "]");
    }

    @Test
    void everyFaultIsNamedAtOnceWithItsLineAndNoValue() {
        Path file = file("""
                tenant[acme].status = secret-1
                tenant[acme].readable = shared,secret 2
                tenant[acme].readabel = secret-3
                tenant[\\ globex\\ ].status = active
                tenant[].status = active
                tenant[a\\ b].status = active
                tenant[lonely].setting.plan = secret-4
                tenant[acme].setting.plan =
                tenant[acme].setting. = secret-5
                tenant[acme].setting.pl\\ an = secret-6
                tenant[acme].status = active
                tenant[twice].status = active
                tenant[twice].readable = shared,shared
                tenant[gap].status = active
                tenant[gap].readable = shared,
                acme.status = active
                secret-7-of-a-broken-line
                tenant[escape].status = \\u00zz-secret
                """);

        assertThatThrownBy(() -> PropertiesTenantCatalog.of(file))
                .isInstanceOfSatisfying(TenancyConfigException.class, bad -> {
                    String at = "file " + file + ", line ";
                    String form =
                            " is not a setting of a tenant; allowed: tenant[ID].status, tenant[ID].readable, tenant[ID].setting.NAME";
                    String badId = " has a bad tenant id: ";
                    String character =
                            "it has a character that is not allowed (first a letter or digit, then also . _ : @ / + = ~ - |)";
                    assertThat(bad.faults())
                            .containsExactlyInAnyOrder(
                                    "'tenant[acme].status' (" + at + "1) has a bad value; allowed: active, suspended",
                                    "'tenant[acme].readable' (" + at + "2)" + badId + character,
                                    "'tenant[acme].readabel' (" + at + "3)" + form,
                                    "'tenant[ globex ].status' (" + at + "4) has white space around a tenant id",
                                    "'tenant[].status' (" + at + "5)" + badId + "it is blank",
                                    "'tenant[a b].status' (" + at + "6)" + badId + character,
                                    "tenant lonely (" + at + "7) has no status; allowed: active, suspended",
                                    "'tenant[acme].setting.plan' (" + at
                                            + "8) is blank; leave it out if there is nothing to say",
                                    "'tenant[acme].setting.' (" + at + "9)" + form,
                                    "'tenant[acme].setting.pl an' (" + at + "10)" + form,
                                    "'tenant[acme].status' is set twice: " + at + "1 and " + at + "11",
                                    "'tenant[twice].readable' (" + at + "13) names a tenant twice",
                                    "'tenant[gap].readable' (" + at + "15)" + badId + "it is blank",
                                    at + "16" + form,
                                    at + "17" + form,
                                    at + "18 has a malformed \\u escape; allowed: \\u and four hexadecimal digits");
                    assertThat(bad.getMessage()).doesNotContain("secret");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# nothing\n! here"})
    void aFileWithoutTenantsIsAFaultAndNotTheEndOfAllTenants(String text) {
        Path file = file(text);

        assertThatThrownBy(() -> PropertiesTenantCatalog.of(file))
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContaining("file " + file + " names no tenant");
    }

    @Test
    void aTenantIsNotMadeByASettingAlone() {
        assertThatThrownBy(() ->
                        PropertiesTenantCatalog.of(file("tenant[acme].status=active\ntenant[acne].setting.plan=gold")))
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        bad -> assertThat(bad.faults())
                                .singleElement()
                                .asString()
                                .startsWith("tenant acne "));
    }

    @Test
    void aReloadTakesAllOfTheFile() {
        Path file = file("tenant[acme].status=active\ntenant[globex].status=active");
        PropertiesTenantCatalog catalog = PropertiesTenantCatalog.of(file);
        file("tenant[acme].status=suspended\ntenant[initech].status=active");

        assertThat(catalog.find(ACME).orElseThrow().status()).isEqualTo(Tenant.Status.ACTIVE);
        catalog.reload();

        assertThat(catalog.find(ACME).orElseThrow().status()).isEqualTo(Tenant.Status.SUSPENDED);
        assertThat(catalog.find(TenantId.of("globex"))).isEmpty();
        assertThat(catalog.find(TenantId.of("initech"))).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "'tenant[acme].status=suspended\ntenant[globex].status=gone', has a bad value",
        "'', names no tenant",
        "'tenant[acme].status=suspended\ntenant[acme].status=suspended', is set twice",
    })
    void aBadFileLeavesTheFormerTenants(String text, String fault) {
        PropertiesTenantCatalog catalog = PropertiesTenantCatalog.of(file("tenant[acme].status=active"));
        file(text);

        assertThatThrownBy(catalog::reload)
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContaining(fault);
        assertThat(catalog.find(ACME).orElseThrow().status()).isEqualTo(Tenant.Status.ACTIVE);

        file("tenant[acme].status=suspended");
        catalog.reload();
        assertThat(catalog.find(ACME).orElseThrow().status()).isEqualTo(Tenant.Status.SUSPENDED);
    }

    @Test
    void aFileThatCannotBeReadLeavesTheFormerTenants() throws IOException {
        Path file = file("tenant[acme].status=active");
        PropertiesTenantCatalog catalog = PropertiesTenantCatalog.of(file);

        Files.delete(file);
        assertThatThrownBy(catalog::reload)
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageEndingWith("file " + file + " is not there");
        Files.createDirectory(file);
        assertThatThrownBy(catalog::reload)
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageContaining("file " + file + " cannot be read: IOException");
        Files.delete(file);
        Files.write(file, "tenant[acme].status=suspended # \u00e4".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(catalog::reload)
                .isInstanceOf(TenancyConfigException.class)
                .hasMessageEndingWith("file " + file + " is not in UTF-8");

        assertThat(catalog.find(ACME).orElseThrow().status()).isEqualTo(Tenant.Status.ACTIVE);
    }

    @Test
    void whoAsksDuringAReloadSeesAllOfOneFile() throws Exception {
        String first = "tenant[acme].status=active\ntenant[acme].setting.plan=1\ntenant[acme].readable=one";
        String second = "tenant[acme].status=active\ntenant[acme].setting.plan=2\ntenant[acme].readable=two";
        PropertiesTenantCatalog catalog = PropertiesTenantCatalog.of(file(first));
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Integer>> readers =
                    List.of(threads.submit(() -> read(catalog, done)), threads.submit(() -> read(catalog, done)));
            for (int round = 0; round < 200; round++) {
                file(round % 2 == 0 ? second : first);
                catalog.reload();
            }
            done.set(true);
            for (Future<Integer> reader : readers) {
                assertThat(reader.get(1, TimeUnit.MINUTES)).isPositive();
            }
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
    }

    private static int read(PropertiesTenantCatalog catalog, AtomicBoolean done) {
        int reads = 0;
        do {
            Tenant acme = catalog.find(ACME).orElseThrow();
            assertThat(acme.readableTenants())
                    .containsExactly(
                            TenantId.of(acme.setting(PLAN).orElseThrow().equals("1") ? "one" : "two"));
            reads++;
        } while (!done.get());
        return reads;
    }

    private Path file(String text) {
        try {
            return Files.writeString(directory.resolve("tenants"), text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
