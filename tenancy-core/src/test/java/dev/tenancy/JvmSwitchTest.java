package dev.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /** What {@link ScopeReport} prints in a virtual machine of its own. */
    private static String report(String... options) throws Exception {
        String libraries = Stream.of(
                        org.slf4j.MDC.class, ch.qos.logback.classic.Logger.class, ch.qos.logback.core.Appender.class)
                .map(type -> Path.of(URI.create(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toString()))
                        .toString())
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-classpath", String.join(File.pathSeparator, "target/classes", "target/test-classes", libraries)));
        command.add(ScopeReport.class.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed.strip();
    }
}
