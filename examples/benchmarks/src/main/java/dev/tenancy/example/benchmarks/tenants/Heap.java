package dev.tenancy.example.benchmarks.tenants;

import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantId;
import dev.tenancy.jdbc.JdbcTenantCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Measures what catalogs keep in the heap. */
final class Heap {
    private static final int THREADS = 32;
    private static final int COLLECTIONS = 4;

    private Heap() {}

    /** Bytes for each tenant, of one catalog that remembers so many. */
    static double bytesPerTenant(TenantsDatabase database, int tenants) {
        try (HikariDataSource pool = Line.pool(database)) {
            return kept(() -> List.of(filled(pool, tenants))) / tenants;
        }
    }

    /** The same of small catalogs, of which it takes many to be seen at all. */
    static double bytesPerTenant(TenantsDatabase database, int tenants, int catalogs) {
        try (HikariDataSource pool = Line.pool(database)) {
            return kept(() -> {
                        List<JdbcTenantCatalog> all = new ArrayList<>();
                        for (int catalog = 0; catalog < catalogs; catalog++) {
                            all.add(filled(pool, tenants));
                        }
                        return all;
                    })
                    / tenants
                    / catalogs;
        }
    }

    private static double kept(Supplier<List<JdbcTenantCatalog>> filling) {
        long before = used();
        List<JdbcTenantCatalog> filled = filling.get();
        long after = used();
        filled.forEach(JdbcTenantCatalog::close); // and so they were reachable until now
        return Math.max(0, after - before);
    }

    private static JdbcTenantCatalog filled(HikariDataSource pool, int tenants) {
        JdbcTenantCatalog catalog = Line.catalog(pool, tenants);
        int threads = Math.min(THREADS, tenants);
        ExecutorService asking = Executors.newFixedThreadPool(threads);
        List<Future<?>> asked = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int first = thread;
            asked.add(asking.submit(() -> {
                for (int number = first; number < tenants; number += threads) {
                    TenantId tenant = TenantId.of(TenantsDatabase.name(Integer.toString(1 + number)));
                    if (catalog.find(tenant).isEmpty()) {
                        throw new IllegalStateException("a tenant that there is was not found");
                    }
                }
            }));
        }
        asking.shutdown();
        for (Future<?> answer : asked) {
            try {
                answer.get();
            } catch (Exception failure) {
                throw new IllegalStateException("the catalog does not know its tenants", failure);
            }
        }
        return catalog;
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        for (int collection = 0; collection < COLLECTIONS; collection++) {
            runtime.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
