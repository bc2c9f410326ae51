package dev.tenancy.example.gateway;

import dev.tenancy.TenantContext;
import dev.tenancy.TenantId;
import io.javalin.http.Context;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * A line for each request, with its tenant once that is proven. Of its URL it has the path: a query may be a secret.
 */
final class RequestLog {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
    private static final String TENANT = RequestLog.class.getName();

    private RequestLog() {}

    static void admitted(Context ctx, TenantId tenant) {
        ctx.attribute(TENANT, tenant);
    }

    static void answered(Context ctx, Float millis) {
        Object tenant = ctx.attribute(TENANT);
        if (tenant == null) {
            write(ctx, millis);
            return;
        }
        try (MDC.MDCCloseable ofTenant = MDC.putCloseable(TenantContext.MDC_KEY, tenant.toString())) {
            write(ctx, millis);
        }
    }

    private static void write(Context ctx, float millis) {
        LOG.atInfo()
                .addKeyValue("method", ctx.req().getMethod())
                .addKeyValue("path", ctx.path())
                .addKeyValue("status", ctx.statusCode())
                .addKeyValue("millis", millis)
                .log("request");
    }
}
