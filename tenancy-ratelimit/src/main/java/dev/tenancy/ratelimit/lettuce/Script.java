package dev.tenancy.ratelimit.lettuce;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The one script, and how it is called: by its digest, and with its text only where the server says that it does not
 * know it, which is the one failure after which it is certain that nothing has been done.
 */
final class Script {
    private static final String FILE = "buckets.lua";

    private final String prefix;
    private final String source;
    private final String digest;

    Script(String prefix) {
        this.prefix = prefix;
        try (InputStream file = Script.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException(FILE + " is not in the jar");
            }
            this.source = new String(file.readAllBytes(), UTF_8);
            this.digest =
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(source.getBytes(UTF_8)));
        } catch (IOException failure) {
            throw new UncheckedIOException(FILE + " cannot be read", failure);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-1 is part of every JDK", impossible);
        }
    }

    /**
     * Takes permits.
     *
     * @param known what is taken of each limit, as far as this process knows
     */
    CompletableFuture<Answer> take(
            RedisScriptingAsyncCommands<String, String> commands,
            Target target,
            long permits,
            long times,
            long besides,
            long[] known) {
        return call(commands, target, arguments("take", permits, times, besides, 0, 0, target, (i, arguments) -> {
            arguments.add(Long.toString(known[i]));
            arguments.add("0");
        }));
    }

    /** Looks. */
    CompletableFuture<Answer> look(RedisScriptingAsyncCommands<String, String> commands, Target target) {
        return call(commands, target, arguments("look", 1, 0, 0, 0, 0, target, (i, arguments) -> {
            arguments.add("0");
            arguments.add("0");
        }));
    }

    /** Gives permits back, after at least so long. */
    CompletableFuture<Answer> giveBack(
            RedisScriptingAsyncCommands<String, String> commands, Taken taken, long passedMicros) {
        return call(
                commands,
                taken.target(),
                arguments(
                        "give", taken.permits(), 0, 0, taken.micros(), passedMicros, taken.target(), (i, arguments) -> {
                            arguments.add(Long.toString(taken.debts()[i]));
                            arguments.add(Long.toString(taken.givenBack()[i]));
                        }));
    }

    private interface OfLimit {
        void add(int i, List<String> arguments);
    }

    private static String[] arguments(
            String action,
            long permits,
            long times,
            long besides,
            long takenAt,
            long passedMicros,
            Target target,
            OfLimit numbers) {
        Spec spec = target.spec();
        List<String> arguments = new ArrayList<>(8 + 3 * spec.size());
        arguments.add(action);
        arguments.add(Long.toString(permits));
        arguments.add(Long.toString(times));
        arguments.add(Long.toString(besides));
        arguments.add(Long.toString(takenAt));
        arguments.add(Long.toString(passedMicros));
        for (int i = 0; i < spec.size(); i++) {
            if (i == 0 && spec.ofTenant() > 0) {
                arguments.add(Integer.toString(spec.ofTenant()));
            }
            if (i == spec.ofTenant()) {
                arguments.add(Integer.toString(spec.size() - spec.ofTenant()));
            }
            arguments.addAll(spec.numbers(i));
            numbers.add(i, arguments);
        }
        return arguments.toArray(String[]::new);
    }

    private CompletableFuture<Answer> call(
            RedisScriptingAsyncCommands<String, String> commands, Target target, String[] arguments) {
        String[] keys = target.keys(prefix).toArray(String[]::new);
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        RedisFuture<List<Object>> first = commands.evalsha(digest, ScriptOutputType.MULTI, keys, arguments);
        first.whenComplete((said, failure) -> {
            if (isUnknown(failure)) {
                RedisFuture<List<Object>> second = commands.eval(source, ScriptOutputType.MULTI, keys, arguments);
                second.whenComplete((saidThen, failureThen) -> end(answer, saidThen, failureThen));
            } else {
                end(answer, said, failure);
            }
        });
        return answer;
    }

    private static void end(
            CompletableFuture<Answer> answer, @Nullable List<Object> said, @Nullable Throwable failure) {
        if (said == null) {
            answer.completeExceptionally(failure == null ? new IllegalStateException("no answer") : failure);
        } else {
            answer.complete(Answer.of(said));
        }
    }

    private static boolean isUnknown(@Nullable Throwable failure) {
        return failure instanceof RedisNoScriptException
                || (failure instanceof CompletionException && failure.getCause() instanceof RedisNoScriptException);
    }
}
