package dev.tenancy.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.InvalidTenantIdException;
import dev.tenancy.TenantId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerTenantsTest {
    private static IssuerTenants only(String... tenants) {
        return IssuerTenants.only(Stream.of(tenants).map(TenantId::of).toList());
    }

    /** {@code a,b} is a set, {@code a-*} a prefix and {@code a-+} a namespace, as in the settings. */
    private static IssuerTenants tenants(String text) {
        String prefix = text.substring(0, text.length() - 1);
        return switch (text.charAt(text.length() - 1)) {
            case '*' -> prefix.isEmpty() ? IssuerTenants.any() : IssuerTenants.withPrefix(prefix);
            case '+' -> IssuerTenants.inNamespace(prefix);
            default -> only(text.split(","));
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            *       ; acme        ; acme
            acme,b  ; acme        ; acme
            acme,b  ; b           ; b
            a-*     ; a-1         ; a-1
            a-+     ; 1           ; a-1
            a-+     ; a-1         ; a-a-1
            a-+     ; -           ; a--
            *       ; ' acme '    ; acme
            """)
    void anIssuerSpeaksForItsTenants(String allowed, String text, String tenant) throws RefusedException {
        assertThat(tenants(allowed).tenant(text)).isEqualTo(TenantId.of(tenant));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            acme,b  ; c
            acme,b  ; ACME
            acme,b  ; acme,b
            acme,b  ; acmeb
            a-*     ; a-
            a-*     ; a
            a-*     ; b
            a-*     ; A-1
            a-*     ; b-a-1
            a-+     ; ' '
            """)
    void itSpeaksForNobodyElse(String allowed, String text) {
        assertThatThrownBy(() -> tenants(allowed).tenant(text))
                .satisfiesAnyOf(
                        refused -> assertThat(refused).isInstanceOf(RefusedException.class),
                        refused -> assertThat(refused).isInstanceOf(InvalidTenantIdException.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "a", "a-*", "a-+"})
    void whatIsNoTenantIdIsNoTenant(String allowed) {
        assertThatThrownBy(() -> tenants(allowed).tenant("a-;")).isInstanceOf(InvalidTenantIdException.class);
        assertThatThrownBy(() -> tenants(allowed).tenant("a".repeat(129))).isInstanceOf(InvalidTenantIdException.class);
    }

    @Test
    void aNamespaceIsNotLeftByWhatATokenSays() throws RefusedException {
        for (String text : new String[] {"../b", "/b", "b:1", "a:", "+b", "a:b"}) {
            assertThat(IssuerTenants.inNamespace("a:").tenant(text).value()).isEqualTo("a:" + text);
        }
    }

    @Test
    void aSetHasATenant() {
        assertThatThrownBy(() -> IssuerTenants.only(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-a", "a b", "a;"})
    void aPrefixBeginsATenantId(String prefix) {
        assertThatThrownBy(() -> IssuerTenants.withPrefix(prefix)).isInstanceOf(InvalidTenantIdException.class);
        assertThatThrownBy(() -> IssuerTenants.inNamespace(prefix)).isInstanceOf(InvalidTenantIdException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            *       ; *       ; true
            *       ; acme    ; true
            *       ; a-*     ; true
            *       ; a-+     ; true
            acme    ; acme    ; true
            acme,b  ; c,b     ; true
            acme    ; b       ; false
            acme    ; ACME    ; false
            acme,b  ; c,d     ; false
            a-1     ; a-*     ; true
            a-1     ; a-+     ; true
            c,a-1   ; a-*     ; true
            b-1     ; a-*     ; false
            b-1     ; a-+     ; false
            a-*     ; a-*     ; true
            a-*     ; a-b-*   ; true
            a-*     ; a-b-+   ; true
            a-*     ; b-*     ; false
            a-*     ; b-+     ; false
            a-+     ; b-+     ; false
            """)
    void twoOverlapIfATenantCouldBeOfBoth(String one, String other, boolean overlap) {
        assertThat(tenants(one).overlaps(tenants(other))).isEqualTo(overlap);
        assertThat(tenants(other).overlaps(tenants(one))).isEqualTo(overlap);
    }

    @Test
    void printsWhatIsAllowed() {
        assertThat(only("acme")).hasToString("IssuerTenants[acme]");
        assertThat(IssuerTenants.any()).hasToString("IssuerTenants[*]");
        assertThat(IssuerTenants.withPrefix("a-")).hasToString("IssuerTenants[a-*]");
        assertThat(IssuerTenants.inNamespace("a-")).hasToString("IssuerTenants[a-*, prefix added]");
    }
}
