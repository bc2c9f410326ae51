package dev.tenancy.jdbc.torture;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.jdbc.TenantDataSource;
import dev.tenancy.jdbc.Way;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** One pool that all workers share, its database, and the tenants. */
final class Bench implements AutoCloseable {
    private static final int TENANTS = 64;

    private final TortureDatabase database;
    private final HikariDataSource pool;
    private final TenantDataSource source;
    private final List<TenantRows> tenants;
    private final AtomicLong writesOfNobody = new AtomicLong();
    private final AtomicInteger subjects = new AtomicInteger(100);

    Bench(Way way, int poolSize, boolean autoCommit) throws SQLException {
        this.tenants = IntStream.range(0, TENANTS)
                .mapToObj(number -> new TenantRows(TenantId.of("tenant-" + number)))
                .toList();
        this.database = new TortureDatabase(tenants);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.appUrl());
        config.setMaximumPoolSize(poolSize);
        config.setAutoCommit(autoCommit);
        this.pool = new HikariDataSource(config);
        this.source = TenantDataSource.wrap(pool, way.binding());
    }

    TortureDatabase database() {
        return database;
    }

    HikariDataSource pool() {
        return pool;
    }

    TenantDataSource source() {
        return source;
    }

    List<TenantRows> tenants() {
        return tenants;
    }

    /** Says that somebody wrote without a tenant, on purpose. */
    void nobodyWrote() {
        writesOfNobody.incrementAndGet();
    }

    long writesOfNobody() {
        return writesOfNobody.get();
    }

    /** A tenant that no other thread uses, which has its lock now. */
    TenantRows lockSome(RandomGenerator random) {
        while (true) {
            TenantRows tenant = Texts.one(tenants, random);
            if (tenant.lock.tryLock()) {
                return tenant;
            }
        }
    }

    /** An identity of the tenant that nobody had before, and nobody has again. */
    TenantIdentity onceOnly(TenantRows tenant) {
        return tenant.anotherSubject(subjects.incrementAndGet());
    }

    TenantIdentity someOtherThan(TenantRows tenant, RandomGenerator random) {
        TenantRows other = Texts.one(tenants, random);
        return other == tenant ? tenant.anotherSubject(98) : other.identity();
    }

    @Override
    public void close() {
        source.close();
    }
}
