package dev.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TenantIdentityTest {
    private static final TenantId ACME = TenantId.of("acme");
    private static final TenantId SHARED = TenantId.of("shared");

    @Test
    void itsOwnTenantIsNotAFurtherOne() {
        TenantIdentity identity = TenantIdentity.builder(ACME, "test")
                .readableTenants(Set.of(ACME, SHARED))
                .build();

        assertThat(identity.readableTenants()).containsExactly(SHARED);
    }

    @Test
    void accessDiffersByTenantSubjectAndReadableTenants() {
        TenantIdentity identity = u1().build();

        assertThat(identity.hasSameAccessAs(
                        u1().attributes(Map.of("any", "claim")).build()))
                .isTrue();
        assertThat(identity.hasSameAccessAs(
                        TenantIdentity.builder(SHARED, "test").subject("u1").build()))
                .isFalse();
        assertThat(identity.hasSameAccessAs(u1().subject("u2").build())).isFalse();
        assertThat(identity.hasSameAccessAs(u1().readableTenants(Set.of(SHARED)).build()))
                .isFalse();
    }

    @Test
    void printsNoAttribute() {
        assertThat(u1().attributes(Map.of("email", "u1@acme.example")).build().toString())
                .contains("acme", "u1")
                .doesNotContain("example");
    }

    @Test
    void attributesAreCopied() {
        List<Object> list = new ArrayList<>(List.of("a"));
        Map<String, Object> claims = new HashMap<>(Map.of("list", list, "map", new HashMap<>(Map.of("k", "v"))));
        TenantIdentity identity = u1().attributes(claims).build();

        list.add("b");
        claims.clear();

        assertThat(identity.attributes()).isEqualTo(Map.of("list", List.of("a"), "map", Map.of("k", "v")));
        assertThatThrownBy(() -> identity.attributes().values().forEach(value -> {
                    if (value instanceof Map<?, ?> map) {
                        map.clear();
                    }
                }))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void whatTheCatalogAddsKeepsTheRest() {
        TenantIdentity wider = u1().attributes(Map.of("a", 1)).build().alsoReading(Set.of(SHARED));

        assertThat(wider.readableTenants()).containsExactly(SHARED);
        assertThat(wider.subject()).contains("u1");
        assertThat(wider.attributes()).containsEntry("a", 1);
        assertThat(wider.resolver()).isEqualTo("test");
    }

    @Test
    void whatTheCatalogAddedIsToldFromWhatWasProven() {
        TenantIdentity proven = u1().readableTenants(Set.of(SHARED)).build();
        TenantIdentity wider = proven.alsoReading(Set.of(TenantId.of("a")));

        assertThat(proven.asProven()).isSameAs(proven);
        assertThat(wider.asProven()).isSameAs(proven);
        assertThat(wider.alsoReading(Set.of(TenantId.of("b"))).asProven()).isSameAs(proven);
        assertThat(proven.alsoReading(Set.of(SHARED)).asProven()).isSameAs(proven);
        assertThat(proven.alsoReading(Set.of())).isSameAs(proven);
    }

    private static TenantIdentity.Builder u1() {
        return TenantIdentity.builder(ACME, "test").subject("u1");
    }
}
