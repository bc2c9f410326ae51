package dev.tenancy.jwt;

import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the keys of an issuer come from, before anything is read. */
sealed interface IssuerKeysSource {

    /** What is wrong with it, if anything. */
    Optional<String> faultOf(@Nullable String issuer);

    /**
     * Begins to use it.
     *
     * @throws IllegalArgumentException if what it has in hand, or in a file, cannot be used; says what is wrong
     */
    IssuerKeys open(JwtIssuer issuer, Jca jca, Clock clock);

    private static IssuerKeys refreshed(KeyDocument document, JwtIssuer issuer, Jca jca, Clock clock) {
        String name = String.valueOf(issuer.issuer());
        return new RefreshedKeys(name, document, jca, issuer.rules().algorithms(), issuer.keyTimes(), clock);
    }

    /** A key set on the web. */
    record Web(URI uri) implements IssuerKeysSource {
        @Override
        public Optional<String> faultOf(@Nullable String issuer) {
            return TrustedUri.isTrusted(uri)
                    ? Optional.empty()
                    : Optional.of("jwksUri is bad; allowed: " + TrustedUri.ALLOWED);
        }

        @Override
        public IssuerKeys open(JwtIssuer issuer, Jca jca, Clock clock) {
            return refreshed(KeyDocuments.at(uri, issuer.keyTimes().timeout()), issuer, jca, clock);
        }

        /** An address may have a secret. */
        @Override
        public String toString() {
            return "Web";
        }
    }

    /** The key set that the issuer's metadata point to. */
    record Discovery() implements IssuerKeysSource {
        @Override
        public Optional<String> faultOf(@Nullable String issuer) {
            try {
                if (issuer != null
                        && TrustedUri.isTrusted(KeyDocuments.metadataOf(issuer))
                        && URI.create(issuer).getQuery() == null) {
                    return Optional.empty();
                }
            } catch (IllegalArgumentException notAnAddress) {
                // Said below.
            }
            return Optional.of(
                    "discovery needs an issuer that is an address without a query; allowed: " + TrustedUri.ALLOWED);
        }

        @Override
        public IssuerKeys open(JwtIssuer issuer, Jca jca, Clock clock) {
            KeyDocument document = KeyDocuments.discoveredAt(
                    String.valueOf(issuer.issuer()), issuer.keyTimes().timeout());
            return refreshed(document, issuer, jca, clock);
        }
    }

    /** A key set in a file. */
    record InFile(Path file) implements IssuerKeysSource {
        @Override
        public Optional<String> faultOf(@Nullable String issuer) {
            return Optional.empty();
        }

        /** A file that is wrong from the start is a fault and no outage. */
        @Override
        public IssuerKeys open(JwtIssuer issuer, Jca jca, Clock clock) {
            KeyDocument document = KeyDocuments.in(file);
            try {
                if (KeySelection.published(document.read(), jca, issuer.rules().algorithms())
                        .isEmpty()) {
                    throw new IllegalArgumentException(
                            "jwksFile has no key for " + issuer.rules().algorithms());
                }
            } catch (IOException | ParseException bad) {
                throw new IllegalArgumentException("jwksFile cannot be read, or is no key set: "
                        + (bad instanceof ParseException
                                ? bad.getMessage()
                                : bad.getClass().getSimpleName()));
            }
            return refreshed(document, issuer, jca, clock);
        }
    }

    /** A key set in hand. */
    record InHand(JWKSet set) implements IssuerKeysSource {
        private static final Logger LOG = LoggerFactory.getLogger(InHand.class);

        @Override
        public Optional<String> faultOf(@Nullable String issuer) {
            return Optional.empty();
        }

        @Override
        public IssuerKeys open(JwtIssuer issuer, Jca jca, Clock clock) {
            KeySet keys = KeySelection.inHand(set.getKeys(), jca, issuer.rules().algorithms());
            if (keys.isEmpty()) {
                throw new IllegalArgumentException("keySet has no key for "
                        + issuer.rules().algorithms() + ", which need 2048 bits or more, or their own curve; "
                        + String.join(", ", keys.leftOut()));
            }
            keys.leftOut().forEach(reason -> LOG.warn("left out of the key set in hand: {}", reason));
            return IssuerKeys.fixed(keys);
        }

        /** The keys may have private parts. */
        @Override
        public String toString() {
            return "InHand";
        }
    }
}
