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
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The one script, and how it is called: by its digest, and with its text only where the server says that it does not
 * know it, which is the one failure after which it is certain that nothing has been done.
 */
final class Script {
    private static final String FILE = "buckets.lua";
    private static final int TAKE = 1;
    private static final int LOOK = 2;
    private static final int GIVE_BACK = 3;
    private static final int HEAD = 8;
    private static final long[] NOTHING = {};

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
            RedisScriptingAsyncCommands<byte[], byte[]> commands,
            Target target,
            long permits,
            long times,
            long besides,
            long[] known) {
        PackedNumbers numbers = numbers(target, TAKE, permits, times, besides, 0, 0);
        return call(commands, target, limits(target, numbers, known, NOTHING));
    }

    /**
     * Looks.
     *
     * @param known what is taken of each limit, as far as this process knows
     */
    CompletableFuture<Answer> look(RedisScriptingAsyncCommands<byte[], byte[]> commands, Target target, long[] known) {
        PackedNumbers numbers = numbers(target, LOOK, 1, 0, 0, 0, 0);
        return call(commands, target, limits(target, numbers, known, NOTHING));
    }

    /** Gives permits back, after at least so long. */
    CompletableFuture<Answer> giveBack(
            RedisScriptingAsyncCommands<byte[], byte[]> commands, Taken taken, long passedMicros) {
        Target target = taken.target();
        PackedNumbers numbers = numbers(target, GIVE_BACK, taken.permits(), 0, 0, taken.micros(), passedMicros);
        return call(commands, target, limits(target, numbers, taken.debts(), taken.givenBack()));
    }

    private static PackedNumbers numbers(
            Target target, int action, long permits, long times, long besides, long takenAt, long passedMicros) {
        return new PackedNumbers(HEAD + target.spec().size() * (Spec.NUMBERS + 2))
                .add(action)
                .add(permits)
                .add(times)
                .add(besides)
                .add(takenAt)
                .add(Math.max(passedMicros, 0));
    }

    /** Adds the limits of each key, with two numbers for each. */
    private static PackedNumbers limits(Target target, PackedNumbers numbers, long[] first, long[] second) {
        Spec spec = target.spec();
        for (int i = 0; i < spec.size(); i++) {
            if (i == 0 && spec.ofTenant() > 0) {
                numbers.add(spec.ofTenant());
            }
            if (i == spec.ofTenant()) {
                numbers.add(spec.size() - spec.ofTenant());
            }
            spec.addTo(numbers, i);
            numbers.add(i < first.length ? first[i] : 0).add(i < second.length ? second[i] : 0);
        }
        return numbers;
    }

    private CompletableFuture<Answer> call(
            RedisScriptingAsyncCommands<byte[], byte[]> commands, Target target, PackedNumbers numbers) {
        byte[][] keys =
                target.keys(prefix).stream().map(key -> key.getBytes(UTF_8)).toArray(byte[][]::new);
        byte[] arguments = numbers.toBytes();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        RedisFuture<byte[]> first = commands.evalsha(digest, ScriptOutputType.VALUE, keys, arguments);
        first.whenComplete((said, failure) -> {
            if (isUnknown(failure)) {
                RedisFuture<byte[]> second = commands.eval(source, ScriptOutputType.VALUE, keys, arguments);
                second.whenComplete((saidThen, failureThen) -> end(answer, saidThen, failureThen));
            } else {
                end(answer, said, failure);
            }
        });
        return answer;
    }

    private static void end(CompletableFuture<Answer> answer, byte @Nullable [] said, @Nullable Throwable failure) {
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
