package dev.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JvmSwitchTest {
    private static final String PROPERTY = "tenancy.test.switch";

    @AfterEach
    void clear() {
        System.clearProperty(PROPERTY);
    }

    @Test
    void aSwitchIsOnOrOffOrNotSet() {
        assertThat(JvmSwitch.isOn(PROPERTY, true)).isTrue();
        assertThat(JvmSwitch.isOn(PROPERTY, false)).isFalse();
        System.setProperty(PROPERTY, " True ");
        assertThat(JvmSwitch.isOn(PROPERTY, false)).isTrue();
        System.setProperty(PROPERTY, "false");
        assertThat(JvmSwitch.isOn(PROPERTY, true)).isFalse();
    }

    @Test
    void anythingElseIsAFaultThatNamesTheSwitchAndNotTheValue() {
        System.setProperty(PROPERTY, "flase");

        assertThatThrownBy(() -> JvmSwitch.isOn(PROPERTY, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("system property tenancy.test.switch has a bad value; allowed: true, false");
    }

    @Test
    void theLogContextHasTheTenantUnlessSwitchedOff() throws Exception {
        assertThat(report()).startsWith("MDC: tenant-a, then the host's;");
        assertThat(report("-Dtenancy.context.mdc=false")).startsWith("MDC: the host's, then the host's;");
    }

    @Test
    void whereAScopeWasOpenedIsKnownFromTheFirstMisuseOnOrIfSwitchedOn() throws Exception {
        assertThat(report()).endsWith("opener known: false, then true");
        assertThat(report("-Dtenancy.context.trace=true")).endsWith("opener known: true, then true");
        assertThat(report("-enableassertions")).endsWith("opener known: true, then true");
    }

    private static String report(String... options) throws Exception {
        return OwnVirtualMachine.run(ScopeReport.class, options);
    }
}
