package dev.tenancy.ratelimit.lettuce;

import dev.tenancy.testservers.TestRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** What tests do on a server besides. */
final class Redis implements AutoCloseable {
    /** Makes all that is written older; what would have expired by then is gone. */
    private static final String PASS = """
            local micros = tonumber(ARGV[2])
            for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do
              local left = redis.call('PTTL', key) - math.floor(micros / 1000)
              if left <= 0 then
                redis.call('DEL', key)
              else
                local stored, written = redis.call('GET', key), ''
                for first = 1, #stored, 72 do
                  local cell = { struct.unpack('>ddddddddd', stored, first) }
                  cell[5] = cell[5] - micros
                  cell[7] = cell[7] - micros
                  written = written .. struct.pack('>ddddddddd', unpack(cell, 1, 9))
                end
                redis.call('SET', key, written, 'PX', string.format('%.0f', left))
              end
            end
            return 1
            """;

    private static final String NUMBERS = """
            local texts = {}
            local stored = redis.call('GET', KEYS[1]) or ''
            for first = 1, #stored, 8 do
              texts[#texts + 1] = string.format('%.17g', (struct.unpack('>d', stored, first)))
            end
            return texts
            """;

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    private Redis(String uri) {
        this.client = RedisClient.create(RedisURI.create(uri));
        this.connection = client.connect();
    }

    static Redis of(TestRedis server) {
        return new Redis(server.uri());
    }

    RedisCommands<String, String> commands() {
        return connection.sync();
    }

    /** Lets time pass for the keys with a prefix, backwards if it is negative. */
    void pass(String prefix, Duration time) {
        commands().eval(PASS, ScriptOutputType.INTEGER, new String[0], prefix, Long.toString(time.toNanos() / 1_000));
    }

    /** The numbers that are kept for a key, nine a limit; none if it has expired. */
    List<String> numbers(String key) {
        return commands().eval(NUMBERS, ScriptOutputType.MULTI, key);
    }

    /** Gives a node all slots, and waits until it says that it is a cluster. */
    void makeItACluster() {
        commands().clusterAddSlots(IntStream.range(0, SlotHash.SLOT_COUNT).toArray());
        while (!commands().clusterInfo().contains("cluster_state:ok")) {
            Thread.onSpinWait();
        }
    }

    /** How often a command was called. */
    long calls(String command) {
        return commands()
                .info("commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_" + command + ":calls="))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
}
