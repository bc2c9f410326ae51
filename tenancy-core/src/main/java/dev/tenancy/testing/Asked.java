package dev.tenancy.testing;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.tenancy.InvalidTenantIdException;
import dev.tenancy.Resolution;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A resolver, asked as a chain asks it. */
record Asked(TenantResolver resolver) {
    private static final int MOST_CAUSES = 10;

    /** {@return its answer; an {@link InvalidTenantIdException} is a refusal, anything else thrown is a failure} */
    Resolution answer(TenantRequest request) {
        try {
            Resolution answer = resolver.resolve(request);
            assertNotNull(answer, "the answer is null");
            return answer;
        } catch (InvalidTenantIdException invalid) {
            return Resolution.rejected(invalid.fault());
        }
    }

    /** {@return what two answers to one request must agree in} */
    String summary(TenantRequest request) {
        return answer(request)
                .fold(
                        resolved -> resolved.identity() + " reading "
                                + resolved.identity().readableTenants() + " with "
                                + resolved.identity().attributes(),
                        () -> "absent",
                        () -> "unrecognized",
                        rejected -> "rejected: " + rejected.reason(),
                        unavailable -> "unavailable");
    }

    /** {@return the texts of its answer that may be logged} */
    List<String> texts(TenantRequest request) {
        Resolution answer = answer(request);
        List<String> texts = new ArrayList<>(List.of(answer.toString()));
        @Nullable Throwable cause = answer instanceof Resolution.Unavailable unavailable ? unavailable.cause() : null;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            texts.add(cause.toString());
            cause = cause.getCause();
        }
        return texts;
    }

    /** {@return whether anything stands at its places} */
    boolean presents(TenantRequest request) {
        return resolver.sources().stream().anyMatch(source -> source.presentIn(request));
    }
}
