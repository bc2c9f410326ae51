package dev.tenancy.testing;

import static dev.tenancy.testing.TenantIsolation.assertTenantCannotSee;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.Problem;
import dev.tenancy.TenancyException;
import dev.tenancy.TenantContext;
import dev.tenancy.UnavailableException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TenantIsolationTest {

    static Stream<List<@Nullable Object>> ofEachKind() {
        return Stream.of(
                kind("of acme", null),
                kind("of acme", ""),
                kind(Optional.of(1), Optional.empty()),
                kind(List.of(1), List.of()),
                kind(Map.of(1, 2), Map.of()),
                kind(new int[] {1}, new int[0]),
                kind(3L, 0L),
                kind(true, false));
    }

    private static List<@Nullable Object> kind(Object something, @Nullable Object nothing) {
        return Arrays.asList(something, nothing);
    }

    @ParameterizedTest
    @MethodSource("ofEachKind")
    void whatOnlyItsOwnerSeesPasses(List<@Nullable Object> kind) {
        assertTenantCannotSee("globex", "acme", () -> kind.get(isAcme() ? 0 : 1));
    }

    @ParameterizedTest
    @MethodSource("ofEachKind")
    void whatBothSeeFails(List<@Nullable Object> kind) {
        assertThatThrownBy(() -> assertTenantCannotSee("globex", "acme", () -> kind.get(0)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("globex");
    }

    @ParameterizedTest
    @MethodSource("ofEachKind")
    void whatNobodySeesProvesNothing(List<@Nullable Object> kind) {
        assertThatThrownBy(() -> assertTenantCannotSee("globex", "acme", () -> kind.get(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("does not see it either");
    }

    @Test
    void notFoundIsNothing() {
        assertTenantCannotSee("globex", "acme", () -> {
            if (isAcme()) {
                return 1;
            }
            throw new AbsentException();
        });
    }

    @Test
    void anyOtherFailureProvesNothing() {
        assertThatThrownBy(() -> assertTenantCannotSee("globex", "acme", () -> {
                    if (isAcme()) {
                        return 1;
                    }
                    throw new IOException("down");
                }))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> assertTenantCannotSee("globex", "acme", () -> {
                    throw new UnavailableException("down", null);
                }))
                .isInstanceOf(UnavailableException.class);
    }

    private static boolean isAcme() {
        return TenantContext.require().tenantId().value().equals("acme");
    }

    private static final class AbsentException extends TenancyException {
        private static final long serialVersionUID = 1L;

        AbsentException() {
            super("not there", Problem.notFound(), null);
        }
    }
}
