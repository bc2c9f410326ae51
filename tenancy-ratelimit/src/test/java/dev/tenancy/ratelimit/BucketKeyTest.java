package dev.tenancy.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.TenantId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketKeyTest {
    private static final BucketKey ACME = BucketKey.of(TenantId.of("acme"));
    private static final BucketKey CHAT = BucketKey.of(TenantId.of("acme"), "chat");

    @Test
    void keysAreEqualThatSayTheSame() {
        assertThat(BucketKey.of(TenantId.of("acme"), "chat").withSubject("u1"))
                .isEqualTo(CHAT.withSubject("u1"))
                .hasSameHashCodeAs(CHAT.withSubject("u1"));
        assertThat(BucketKey.of(TenantId.of("acme"), "default")).isEqualTo(ACME);
        List<BucketKey> different = List.of(
                ACME,
                CHAT,
                BucketKey.of(TenantId.of("globex")),
                BucketKey.of(TenantId.of("globex"), "chat"),
                ACME.withSubject("u1"),
                ACME.withSubject("u2"),
                CHAT.withSubject("u1"));
        assertThat(different).doesNotHaveDuplicates();
        assertThat(different).extracting(BucketKey::hashCode).doesNotHaveDuplicates();
        assertThat(ACME.withSubject(""))
                .as("nobody is not a subject without a name")
                .isNotEqualTo(ACME);
    }

    @Test
    void aSubjectIsThereUntilItIsTakenAway() {
        BucketKey key = CHAT.withSubject("u1");
        assertThat(key.subject()).contains("u1");
        assertThat(key.withoutSubject()).isEqualTo(CHAT);
        assertThat(key.withoutSubject().subject()).isEmpty();
        assertThat(CHAT.withoutSubject()).isSameAs(CHAT);
        assertThat(ACME.isTenantOnly()).isTrue();
        assertThat(CHAT.isTenantOnly()).isFalse();
        assertThat(ACME.withSubject("u1").isTenantOnly()).isFalse();
    }

    @Test
    void aSubjectIsNotTold() {
        assertThat(CHAT.withSubject("alice")).hasToString("acme/chat");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Chat", "a b", "a/b", "\u00e4"})
    void namesAreOfFewCharacters(String name) {
        TenantId acme = TenantId.of("acme");
        assertThatThrownBy(() -> BucketKey.of(acme, name)).hasMessageContaining("allowed");
        assertThatThrownBy(() -> BucketKey.of(acme, "a".repeat(65))).hasMessageContaining("allowed");
        assertThat(BucketKey.of(acme, "a".repeat(64)).name()).hasSize(64);
    }
}
