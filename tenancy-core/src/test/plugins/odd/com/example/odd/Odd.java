package com.example.odd;

import dev.tenancy.ConfigKey;
import dev.tenancy.CredentialSource;
import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import dev.tenancy.TenantResolverFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Providers, most of which are broken in one way each. */
public final class Odd {
    public static final List<String> EVENTS = new ArrayList<>();

    private static final ConfigKey<String> SHARED = ConfigKey.text("tenancy.odd.shared", "anything");

    private Odd() {}

    /** A resolver that is sound. */
    public static class Sound implements TenantResolver {
        @Override
        public String name() {
            return "sound";
        }

        @Override
        public Set<CredentialSource> sources() {
            return Set.of();
        }

        @Override
        public Resolution resolve(TenantRequest request) {
            return Resolution.absent();
        }
    }

    public static class Closeable extends Sound implements AutoCloseable {
        private final String name;

        public Closeable() {
            this("closeable");
        }

        Closeable(String name) {
            this.name = name;
            EVENTS.add(name + " made");
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void close() throws Exception {
            EVENTS.add(name + " closed");
        }
    }

    public static class SecondCloseable extends Closeable {
        public SecondCloseable() {
            super("second");
        }
    }

    public static class CannotClose extends Closeable {
        public CannotClose() {
            super("cannot-close");
        }

        @Override
        public void close() throws Exception {
            super.close();
            throw new IOException("secret");
        }
    }

    public static class Throws extends Sound {
        public Throws() {
            throw new IllegalStateException("secret");
        }
    }

    public static class ThrowsStatically extends Sound {
        private static final int NUMBER = Integer.parseInt("secret");

        @Override
        public String name() {
            return "static-" + NUMBER;
        }
    }

    private static class Hidden extends Sound {}

    public static class NotAResolver {}

    public static class NameThrows extends Sound {
        @Override
        public String name() {
            throw new IllegalStateException("secret");
        }
    }

    public static class NameLacksAClass extends Sound {
        @Override
        public String name() {
            throw new NoClassDefFoundError("secret");
        }
    }

    public static class NameThrowsUndeclared extends Sound {
        @Override
        public String name() {
            throw Odd.<RuntimeException>undeclared();
        }
    }

    public static class NullName extends Sound {
        @Override
        public String name() {
            return null;
        }
    }

    public static class BlankName extends Sound {
        @Override
        public String name() {
            return " ";
        }
    }

    public static class UpperCaseName extends Sound {
        @Override
        public String name() {
            return "Sound";
        }
    }

    public static class ForgingName extends Sound {
        @Override
        public String name() {
            return "sound\nINFO all is well";
        }
    }

    public static class SameName extends Sound {}

    public static class NameOfABuiltIn extends Sound {
        @Override
        public String name() {
            return "header";
        }
    }

    /** Has another name each time. */
    public static class ChangesItsName extends Sound {
        private int asked;

        @Override
        public String name() {
            asked++;
            return asked == 1 ? "harmless" : "sound";
        }
    }

    /** A factory that is sound. */
    public static class Factory implements TenantResolverFactory {
        @Override
        public String name() {
            return "made";
        }

        @Override
        public Set<ConfigKey<?>> keys() {
            return Set.of(SHARED);
        }

        @Override
        public TenantResolver create(TenancyConfig config) {
            return new Closeable("made");
        }
    }

    /** Shares a key with {@link Factory}. */
    public static class SharesAKey extends Factory {
        @Override
        public String name() {
            return "sharing";
        }

        @Override
        public TenantResolver create(TenancyConfig config) {
            return new Closeable("sharing");
        }
    }

    public static class TakesAKey extends Factory {
        @Override
        public String name() {
            return "thief";
        }

        @Override
        public Set<ConfigKey<?>> keys() {
            return Set.of(ConfigKey.text("tenancy.api-key.digests", "anything"));
        }
    }

    public static class TakesAVariable extends TakesAKey {
        @Override
        public Set<ConfigKey<?>> keys() {
            return Set.of(ConfigKey.text("tenancy.api.key-digests", "anything"));
        }
    }

    public static class TakesTheList extends TakesAKey {
        @Override
        public Set<ConfigKey<?>> keys() {
            return Set.of(ConfigKey.text("tenancy.resolvers", "anything"));
        }
    }

    public static class SaysAKeyTwice extends TakesAKey {
        @Override
        public Set<ConfigKey<?>> keys() {
            return Set.of(ConfigKey.text("tenancy.odd.x", "this"), ConfigKey.text("tenancy.odd.x", "that"));
        }
    }

    public static class KeysThrow extends Factory {
        @Override
        public Set<ConfigKey<?>> keys() {
            throw new IllegalStateException("secret");
        }
    }

    public static class NullKeys extends Factory {
        @Override
        public Set<ConfigKey<?>> keys() {
            return null;
        }
    }

    public static class ANullKey extends Factory {
        @Override
        public Set<ConfigKey<?>> keys() {
            return new HashSet<>(Arrays.asList(SHARED, null));
        }
    }

    public static class ABadKey extends Factory {
        @Override
        public Set<ConfigKey<?>> keys() {
            return Set.of(ConfigKey.text("java.home", "anything"));
        }
    }

    public static class CreateThrows extends Factory {
        @Override
        public TenantResolver create(TenancyConfig config) {
            throw new IllegalStateException("secret");
        }
    }

    public static class CreateThrowsUndeclared extends Factory {
        @Override
        public TenantResolver create(TenancyConfig config) {
            throw Odd.<RuntimeException>undeclared();
        }
    }

    public static class CreateLacksAClass extends Factory {
        @Override
        public TenantResolver create(TenancyConfig config) {
            throw new NoClassDefFoundError("secret");
        }
    }

    public static class CreateDies extends Factory {
        @Override
        public TenantResolver create(TenancyConfig config) {
            throw new StackOverflowError("expected");
        }
    }

    public static class CreateIsUnfit extends Factory {
        @Override
        public TenantResolver create(TenancyConfig config) {
            throw new TenancyConfigException(List.of("this does not fit", "nor does that"));
        }
    }

    public static class CreatesNothing extends Factory {
        @Override
        public TenantResolver create(TenancyConfig config) {
            return null;
        }
    }

    public static class CreatesAnother extends Factory {
        @Override
        public TenantResolver create(TenancyConfig config) {
            return new Closeable("another");
        }
    }

    public static class CreatesOneThatLosesItsName extends Factory {
        @Override
        public TenantResolver create(TenancyConfig config) {
            return new Closeable("nameless") {
                @Override
                public String name() {
                    throw new IllegalStateException("secret");
                }
            };
        }
    }

    @SuppressWarnings("unchecked") // as languages without checked exceptions do
    private static <X extends Exception> RuntimeException undeclared() throws X {
        throw (X) new IOException("secret");
    }
}
