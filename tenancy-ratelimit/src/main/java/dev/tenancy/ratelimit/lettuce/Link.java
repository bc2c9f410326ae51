package dev.tenancy.ratelimit.lettuce;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to the server or cluster: one, shared by all threads, made again when it breaks.
 *
 * <p>What was sent over a connection that broke, or was not answered in time, may have been done. It is never sent
 * again, and nothing waits for a connection that is not there.
 */
final class Link implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration RECONNECT_DELAY = Duration.ofMillis(100);
    private static final Duration TOPOLOGY_REFRESH = Duration.ofMinutes(1);
    private static final int THREADS = 2;

    private final ClientResources resources;
    private final AbstractRedisClient client;
    private final List<RedisURI> uris;
    private volatile @Nullable CompletableFuture<Connected> connecting;
    private volatile boolean closed;
    private final AtomicBoolean renewing = new AtomicBoolean();

    /** Connects, for some seconds at most; if that fails, later calls try again. */
    Link(List<RedisURI> uris, boolean cluster) {
        this.uris = uris;
        this.resources = DefaultClientResources.builder()
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .reconnectDelay(Delay.constant(RECONNECT_DELAY))
                .build();
        if (cluster) {
            RedisClusterClient ofCluster = RedisClusterClient.create(resources, uris);
            ofCluster.setOptions((ClusterClientOptions) options(ClusterClientOptions.builder()
                    .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                            .enablePeriodicRefresh(TOPOLOGY_REFRESH)
                            .build())));
            this.client = ofCluster;
        } else {
            RedisClient ofServer = RedisClient.create(resources, uris.get(0));
            ofServer.setOptions(options(ClientOptions.builder()));
            this.client = ofServer;
        }
        try {
            connect().get(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            LOG.warn("the server that counts limits cannot be reached: {}", failure.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static ClientOptions options(ClientOptions.Builder options) {
        return options.autoReconnect(true)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .replayFilter(command -> true)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .keepAlive(true)
                        .build())
                .build();
    }

    private record Connected(
            StatefulConnection<byte[], byte[]> connection, RedisScriptingAsyncCommands<byte[], byte[]> commands) {}

    /**
     * What calls the server.
     *
     * @throws RedisException if it is not connected, or not any more
     */
    RedisScriptingAsyncCommands<byte[], byte[]> commands() {
        if (closed) {
            throw new RedisException("the store is closed");
        }
        CompletableFuture<Connected> connected = connecting;
        if (connected == null || connected.isCompletedExceptionally()) {
            connected = connect();
        }
        if (!connected.isDone() || connected.isCompletedExceptionally()) {
            throw new RedisException("the server is not connected");
        }
        return connected.join().commands;
    }

    /** Makes another connection, which takes the place of the one that there is as soon as it is made. */
    @SuppressWarnings("FutureReturnValueIgnored") // if it is not made, the one that there is stays
    void renew() {
        CompletableFuture<Connected> before = connecting;
        if (before != null
                && before.isDone()
                && !before.isCompletedExceptionally()
                && renewing.compareAndSet(false, true)) {
            newConnection().whenComplete((now, failure) -> {
                if (failure == null) {
                    connecting = CompletableFuture.completedFuture(now);
                    before.join().connection.closeAsync();
                }
                renewing.set(false);
            });
        }
    }

    private synchronized CompletableFuture<Connected> connect() {
        CompletableFuture<Connected> before = connecting;
        if (before != null && !before.isCompletedExceptionally()) {
            return before;
        }
        CompletableFuture<Connected> now = newConnection();
        connecting = now;
        return now;
    }

    private CompletableFuture<Connected> newConnection() {
        return client instanceof RedisClusterClient ofCluster
                ? ofCluster
                        .refreshPartitionsAsync()
                        .thenCompose(known -> ofCluster.connectAsync(ByteArrayCodec.INSTANCE))
                        .thenCompose(Link::connectedToAll)
                        .toCompletableFuture()
                : ((RedisClient) client)
                        .connectAsync(ByteArrayCodec.INSTANCE, uris.get(0))
                        .thenApply(Link::connected)
                        .toCompletableFuture();
    }

    private static Connected connected(StatefulRedisConnection<byte[], byte[]> connection) {
        return new Connected(connection, connection.async());
    }

    /** Connects to each node now, for the first call to it would be refused otherwise. */
    private static CompletableFuture<Connected> connectedToAll(
            StatefulRedisClusterConnection<byte[], byte[]> connection) {
        CompletableFuture<?>[] nodes = connection.getPartitions().stream()
                .filter(node -> node.is(RedisClusterNode.NodeFlag.UPSTREAM)
                        && !node.getSlots().isEmpty())
                .map(node -> connection.getConnectionAsync(
                        node.getUri().getHost(), node.getUri().getPort()))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(nodes).handle((all, failure) -> new Connected(connection, connection.async()));
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the threads end, and nobody waits for that
    public void close() {
        closed = true;
        client.shutdown(Duration.ZERO, CONNECT_TIMEOUT);
        resources.shutdown(0, CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
