package dev.tenancy;

import org.slf4j.MDC;

/** Says what scopes do in a virtual machine whose switches {@link JvmSwitchTest} sets. */
final class ScopeReport {

    private ScopeReport() {}

    public static void main(String[] arguments) {
        MDC.put(TenantContext.MDC_KEY, "the host's");
        StringBuilder report = new StringBuilder();
        TenantContext.run(Identities.A, () -> report.append("MDC: ").append(MDC.get(TenantContext.MDC_KEY)));
        report.append(", then ").append(MDC.get(TenantContext.MDC_KEY));
        report.append("; opener known: ")
                .append(openerIsKnown())
                .append(", then ")
                .append(openerIsKnown());
        System.out.println(report);
    }

    private static boolean openerIsKnown() {
        TenantContext.Scope outer = TenantContext.open(Identities.A);
        TenantContext.open(Identities.B);
        try {
            outer.close();
            throw new AssertionError("closing out of order is an error");
        } catch (IllegalStateException misuse) {
            return misuse.getCause() != null;
        }
    }
}
