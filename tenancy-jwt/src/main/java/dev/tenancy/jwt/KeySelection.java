package dev.tenancy.jwt;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.security.PublicKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which keys of a key set may be used to verify tokens, and which are left out. */
final class KeySelection {

    /** RFC 7518 section 3.3; FIPS 186-5 section 5.1 for the exponent. */
    private static final int MIN_RSA_BITS = 2048;

    private static final BigInteger MIN_RSA_EXPONENT = BigInteger.valueOf(65_537);

    private static final Pattern PRINTABLE_ID = Pattern.compile("[A-Za-z0-9._:~+/=-]{1,128}");

    private final Jca jca;
    private final Set<SignatureAlgorithm> allowed;
    private final boolean isPublished;
    private final List<String> leftOut = new ArrayList<>();

    private KeySelection(Jca jca, Set<SignatureAlgorithm> allowed, boolean isPublished) {
        this.jca = jca;
        this.allowed = allowed;
        this.isPublished = isPublished;
    }

    /** Selects from keys in hand, whose private parts nobody else has. */
    static KeySet inHand(List<JWK> keys, Jca jca, Set<SignatureAlgorithm> allowed) {
        return new KeySelection(jca, allowed, false).select(keys);
    }

    /**
     * Selects from a document (RFC 7517 section 5): keys that nobody here understands are left out, not a fault.
     *
     * @throws ParseException if it is no key set
     */
    static KeySet published(Map<String, @Nullable Object> document, Jca jca, Set<SignatureAlgorithm> allowed)
            throws ParseException {
        if (!(document.get("keys") instanceof List<?> keys)) {
            throw new ParseException("it has no array \"keys\"", 0);
        }
        KeySelection selection = new KeySelection(jca, allowed, true);
        List<JWK> parsed = new ArrayList<>();
        for (int number = 1; number <= keys.size(); number++) {
            selection.parse(number, keys.get(number - 1)).ifPresent(parsed::add);
        }
        return selection.select(parsed);
    }

    @SuppressWarnings("unchecked") // the names of members are strings
    private Optional<JWK> parse(int number, @Nullable Object key) {
        if (key instanceof Map<?, ?> members) {
            try {
                return Optional.of(JWK.parse((Map<String, Object>) members));
            } catch (ParseException | RuntimeException malformed) {
                // Its message may repeat the document.
            }
        }
        leftOut.add("key number " + number + " is malformed, or of an unknown kind");
        return Optional.empty();
    }

    private KeySet select(List<JWK> keys) {
        Map<VerificationKey, JWK> usable = new LinkedHashMap<>();
        for (JWK key : keys) {
            reasonNotToVerifyWith(key)
                    .ifPresentOrElse(
                            reason -> leaveOut(key, reason),
                            () -> usable(key).ifPresent(known -> usable.putIfAbsent(known, key)));
        }
        Map<Name, Long> timesUsed = usable.values().stream()
                .filter(key -> key.getKeyID() != null)
                .collect(Collectors.groupingBy(Name::of, Collectors.counting()));
        List<VerificationKey> selected = new ArrayList<>();
        usable.forEach((known, key) -> {
            if (timesUsed.getOrDefault(Name.of(key), 1L) > 1) {
                leaveOut(key, "another one of its kind has the same kid");
            } else {
                selected.add(known);
            }
        });
        return new KeySet(selected, leftOut);
    }

    /** What tells usable keys apart: those of different kinds may share an id (RFC 7517 section 4.5). */
    private record Name(@Nullable String id, KeyType kind) {
        static Name of(JWK key) {
            return new Name(key.getKeyID(), key.getKeyType());
        }
    }

    private Optional<String> reasonNotToVerifyWith(JWK key) {
        String reason = null;
        if (!(key instanceof RSAKey) && !(key instanceof ECKey)) {
            reason = "it is symmetric, or of a kind that no allowed algorithm uses";
        } else if (key.getKeyUse() != null && !key.getKeyUse().equals(KeyUse.SIGNATURE)) {
            reason = "its use is not sig";
        } else if (key.getKeyOperations() != null && !key.getKeyOperations().contains(KeyOperation.VERIFY)) {
            reason = "its key_ops are without verify";
        } else if (isPublished && key.isPrivate()) {
            reason = "its private part is published: whoever can read it can sign";
        }
        return Optional.ofNullable(reason);
    }

    private Optional<VerificationKey> usable(JWK key) {
        try {
            return key instanceof RSAKey rsa ? usable(rsa) : usable((ECKey) key);
        } catch (GeneralSecurityException | ProviderException | IllegalArgumentException refused) {
            leaveOut(key, "the cryptographic provider refuses it");
            return Optional.empty();
        }
    }

    private Optional<VerificationKey> usable(RSAKey key) throws GeneralSecurityException {
        BigInteger modulus = key.getModulus().decodeToBigInteger();
        BigInteger exponent = key.getPublicExponent().decodeToBigInteger();
        if (modulus.bitLength() < MIN_RSA_BITS) {
            leaveOut(key, "it has less than " + MIN_RSA_BITS + " bits");
            return Optional.empty();
        }
        if (exponent.compareTo(MIN_RSA_EXPONENT) < 0 || !exponent.testBit(0) || !modulus.testBit(0)) {
            leaveOut(key, "its exponent is even or less than " + MIN_RSA_EXPONENT + ", or its modulus is even");
            return Optional.empty();
        }
        return of(key, null, jca.publicKey(key), SignatureForm.rsa(modulus));
    }

    private Optional<VerificationKey> usable(ECKey key) throws GeneralSecurityException {
        Curve curve = key.getCurve();
        if (allowed.stream().noneMatch(algorithm -> curve.equals(algorithm.curve()))) {
            leaveOut(key, "no allowed algorithm uses its curve");
            return Optional.empty();
        }
        SignatureForm form = SignatureForm.ec(jca.parameters(curve).getOrder());
        return of(key, curve, jca.publicKey(key), form);
    }

    private Optional<VerificationKey> of(JWK key, @Nullable Curve curve, PublicKey publicKey, SignatureForm form)
            throws GeneralSecurityException {
        Set<SignatureAlgorithm> fitting = EnumSet.copyOf(allowed);
        fitting.removeIf(algorithm -> !Objects.equals(curve, algorithm.curve())
                || (key.getAlgorithm() != null
                        && !algorithm.name().equals(key.getAlgorithm().getName())));
        if (fitting.isEmpty()) {
            leaveOut(key, "it is for an algorithm that is not allowed");
            return Optional.empty();
        }
        for (SignatureAlgorithm algorithm : fitting) {
            jca.signature(algorithm).initVerify(publicKey); // a key that the provider refuses must not fail a request
        }
        return Optional.of(new VerificationKey(jca, key.getKeyID(), publicKey, fitting, form));
    }

    private void leaveOut(JWK key, String reason) {
        String id = key.getKeyID();
        leftOut.add("key " + (id != null && PRINTABLE_ID.matcher(id).matches() ? id : "with an unusual kid, or none")
                + ": " + reason);
    }
}
