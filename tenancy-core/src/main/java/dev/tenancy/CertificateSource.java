package dev.tenancy;

import java.security.cert.X509Certificate;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/** The subject of the client certificate, as RFC 2253 writes it. */
record CertificateSource() implements CredentialSource {
    static final CertificateSource INSTANCE = new CertificateSource();

    private static final Pattern SUBJECT = Pattern.compile("[^\\p{Cc}\\u2028\\u2029]{1,1024}");

    @Override
    public boolean presentIn(TenantRequest request) {
        return request.attribute(X509Certificate.class).isPresent();
    }

    @Override
    public Resolution resolve(TenantRequest request, Function<String, Resolution> verifier) {
        return request.attribute(X509Certificate.class)
                .map(certificate -> certificate.getSubjectX500Principal().getName(X500Principal.RFC2253))
                .map(subject -> SUBJECT.matcher(subject).matches()
                        ? verifier.apply(subject)
                        : Resolution.rejected("the certificate's subject is empty, longer than 1024 characters or has a"
                                + " control character"))
                .orElseGet(Resolution::absent);
    }
}
