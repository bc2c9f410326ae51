package dev.tenancy.jwt;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyFactorySpi;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.SignatureSpi;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;

/** A provider of SHA256withRSA that makes keys, and then refuses them, or breaks down over signatures. */
final class FailingSignatures extends Provider {
    private static final long serialVersionUID = 1L;

    FailingSignatures(boolean refusesKeys) {
        super("FailingSignatures", "1", "a provider that fails");
        offer("KeyFactory", "RSA", new Keys());
        offer("Signature", "SHA256withRSA", new Signatures(refusesKeys));
    }

    private void offer(String kind, String algorithm, Object implementation) {
        putService(new Service(this, kind, algorithm, implementation.getClass().getName(), null, null) {
            @Override
            public Object newInstance(Object parameter) {
                return implementation;
            }
        });
    }

    private static final class Keys extends KeyFactorySpi {
        @Override
        protected PublicKey engineGeneratePublic(KeySpec spec) throws InvalidKeySpecException {
            try {
                return KeyFactory.getInstance("RSA").generatePublic(spec);
            } catch (GeneralSecurityException bad) {
                throw new InvalidKeySpecException(bad);
            }
        }

        @Override
        protected PrivateKey engineGeneratePrivate(KeySpec spec) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected <T extends KeySpec> T engineGetKeySpec(Key key, Class<T> spec) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected Key engineTranslateKey(Key key) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class Signatures extends SignatureSpi {
        private final boolean refusesKeys;

        private Signatures(boolean refusesKeys) {
            this.refusesKeys = refusesKeys;
        }

        @Override
        protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
            if (refusesKeys) {
                throw new InvalidKeyException("not this one");
            }
        }

        @Override
        protected void engineInitSign(PrivateKey key) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void engineUpdate(byte one) {}

        @Override
        protected void engineUpdate(byte[] bytes, int from, int length) {}

        @Override
        protected byte[] engineSign() {
            throw new UnsupportedOperationException();
        }

        @Override
        protected boolean engineVerify(byte[] signature) {
            throw new ProviderException("the secret device at slot 7 is gone");
        }

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException();
        }
    }
}
