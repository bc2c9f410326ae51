package dev.tenancy.example.gateway;

import dev.tenancy.Problem;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/** Whoever runs the gateway: no tenant, and known by a token. */
final class Operator {
    private static final String SCHEME = "Bearer ";
    private static final int TOKEN_BYTES = 24;

    private final String token;
    private final boolean madeUp;

    private Operator(String token, boolean madeUp) {
        this.token = token;
        this.madeUp = madeUp;
    }

    /** The one with the given token, or with one that is made up. */
    static Operator of(Optional<String> token) {
        return token.map(given -> new Operator(given, false)).orElseGet(() -> new Operator(randomToken(), true));
    }

    /** The token, if it was made up at start, so that it may be shown. */
    Optional<String> shownToken() {
        return madeUp ? Optional.of(token) : Optional.empty();
    }

    /** A handler that runs for the operator, or not at all. */
    Handler only(Handler handler) {
        return ctx -> {
            if (isOperator(ctx)) {
                handler.handle(ctx);
            } else {
                ctx.header("WWW-Authenticate", "Bearer realm=\"operator\"");
                Gate.answer(ctx, Problem.of("unauthorized", 401, "Unauthorized", "This is for the operator only."));
            }
        };
    }

    private boolean isOperator(Context ctx) {
        String presented = Optional.ofNullable(ctx.header("Authorization")).orElse("");
        return presented.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        bytes(presented.substring(SCHEME.length()).strip()), bytes(token));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String randomToken() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return "operator_" + HexFormat.of().formatHex(bytes);
    }
}
