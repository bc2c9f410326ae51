package dev.tenancy.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenancy.Resolution;
import dev.tenancy.TenancyConfigException;
import dev.tenancy.TenantId;
import dev.tenancy.TenantIdentity;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import dev.tenancy.testing.TenantResolverContract;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientCertificateTenantResolverTest {
    private static final TenantId ACME = TenantId.of("acme");

    private static final byte OCTET_STRING = 0x04;
    private static final byte UTF8_STRING = 0x0c;
    private static final byte PRINTABLE_STRING = 0x13;
    private static final byte T61_STRING = 0x14;
    private static final byte IA5_STRING = 0x16;
    private static final byte BMP_STRING = 0x1e;

    /** keytool -genkeypair -keyalg EC -groupname secp256r1 -dname 'CN=agent\, 7,OU=a+STREET=b,O=acme' */
    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBhzCCAS2gAwIBAgIIICqraIXfPwswCgYIKoZIzj0EAwIwODENMAsGA1UEChME
            YWNtZTEUMAgGA1UECRMBYjAIBgNVBAsTAWExETAPBgNVBAMTCGFnZW50LCA3MB4X
            DTI2MTEyMzE4MjU0NVoXDTI3MDIyMTE4MjU0NVowODENMAsGA1UEChMEYWNtZTEU
            MAgGA1UECRMBYjAIBgNVBAsTAWExETAPBgNVBAMTCGFnZW50LCA3MFkwEwYHKoZI
            zj0CAQYIKoZIzj0DAQcDQgAE0ZYId59XJrqw2zByu6dZtkatztpUEy3QZDPyCsGX
            VtYoqNM+/huWG+Nu2CvmmcEM6q+8PMppVDhRJMtJOX+HQqMhMB8wHQYDVR0OBBYE
            FFJrBopipHEYiMQ0rZH+dgjrn2rJMAoGCCqGSM49BAMCA0gAMEUCIQCo8AIgLFkt
            gZKFMFzXhPNsp5Gh+0m8pUY3NIxSX/qy+gIgQC73dqjt8iLJzCkQZvypD0pO5Myp
            aFDXbveC7V7+7HY=
            -----END CERTIFICATE-----
            """;

    private final TenantResolver byOrganisation =
            ClientCertificateTenantResolver.builder().attribute("o").build();
    private final TenantResolver bySubject = ClientCertificateTenantResolver.builder()
            .tenant("cn=Agent 7, O=\"Acme, Inc.\"", ACME)
            .tenant("CN=agent,O=Globex", TenantId.of("globex"))
            .build();

    @Test
    void theAttributeIsTheTenantAndTheWholeNameTheSubject() {
        TenantIdentity identity = ((Resolution.Resolved) byOrganisation.resolve(of("CN=agent, O=acme"))).identity();

        assertThat(identity.tenantId()).isEqualTo(ACME);
        assertThat(identity.subject()).contains("CN=agent,O=acme");
        assertThat(identity.resolver()).isEqualTo("client-certificate");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "CN; CN=acme,O=globex",
                "cn; CN=acme,O=globex",
                "O; CN=globex,O=acme",
                "OU; CN=globex,OU=acme,O=globex",
                "L; CN=globex,L=acme",
                "ST; CN=globex,ST=acme",
                "C; CN=globex,C=acme",
                "STREET; CN=globex,STREET=acme",
                "DC; CN=globex,DC=acme",
                "UID; CN=globex,UID=acme"
            })
    void everyAttributeOfRfc4514MayNameTheTenant(String type, String subject) {
        TenantResolver resolver =
                ClientCertificateTenantResolver.builder().attribute(type).build();

        assertThat(Answers.of(resolver, of(subject))).isEqualTo("acme");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "CN=x,O=a\\+b; a+b",
                "CN=x,O=a\\=b; a=b",
                "CN=O\\=globex\\,O\\=globex,O=acme; acme",
                "CN=x,O=Acme; Acme"
            })
    void escapesAreUndoneAndAValueCannotPassForAnAttribute(String subject, String tenant) {
        assertThat(Answers.of(byOrganisation, of(subject))).isEqualTo(tenant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CN=acme", "CN=acme,OU=acme", "CN=acme,2.5.4.97=acme"})
    void aCertificateWithoutTheAttributeIsNotRecognised(String subject) {
        assertThat(Answers.of(byOrganisation, of(subject))).isEqualTo(Answers.UNRECOGNIZED);
    }

    @Test
    void aSubjectThatIsNoNameIsRejected() {
        Resolution answer = SubjectAttribute.of("O", new ArrayList<>())
                .orElseThrow()
                .read("O=acme,garbage", value -> Resolution.unrecognized());

        assertThat(answer).isEqualTo(Resolution.rejected("the certificate's subject is malformed"));
    }

    @Test
    void noCertificateIsAbsent() {
        TenantRequest header = TenantRequest.builder()
                .header("X-Client-Cert", "CN=agent,O=acme")
                .build();

        assertThat(Answers.of(byOrganisation, header)).isEqualTo(Answers.ABSENT);
        assertThat(Answers.of(bySubject, header)).isEqualTo(Answers.ABSENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"O=acme,O=globex", "O=acme,O=acme", "O=acme,CN=x,O=globex"})
    void severalValuesAreRejected(String subject) {
        assertThat(Answers.reason(byOrganisation, of(subject)))
                .isEqualTo("O of the certificate's subject is not one text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"O=acme+OU=x", "CN=x+O=acme", "O=acme+O=globex", "CN=x,OU=y+O=acme", "O=acme,OU=y+O=acme"})
    void anAttributeInAPartOfSeveralValuesIsRejected(String subject) {
        assertThat(Answers.reason(byOrganisation, of(subject)))
                .isEqualTo("O stands in a part of the subject that has several values");
    }

    @Test
    void otherAttributesMayStandInPartsOfSeveralValues() {
        assertThat(Answers.of(byOrganisation, of("CN=x+OU=y,O=acme"))).isEqualTo("acme");
    }

    @Test
    void aValueThatIsNoTextIsRejected() {
        TenantRequest octets = organisation(OCTET_STRING, "acme".getBytes(StandardCharsets.UTF_8));

        assertThat(Answers.reason(byOrganisation, octets)).isEqualTo("O of the certificate's subject is not one text");
    }

    @ParameterizedTest
    @ValueSource(bytes = {UTF8_STRING, PRINTABLE_STRING, T61_STRING, IA5_STRING})
    void everyKindOfTextIsRead(byte tag) {
        assertThat(Answers.of(byOrganisation, organisation(tag, "acme".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("acme");
    }

    @Test
    void aTextThatOlderJdksDoNotDecodeIsNoOtherTenant() {
        assertThat(Answers.of(byOrganisation, organisation(BMP_STRING, "acme".getBytes(StandardCharsets.UTF_16BE))))
                .isIn("acme", Answers.REJECTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {" acme", "acme ", " "})
    void whoeverIsCertifiedWithASpaceBesideIsNotTheTenant(String value) {
        assertThat(Answers.reason(byOrganisation, organisation(UTF8_STRING, value.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("the certificate's subject names no tenant: there is white space around it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"O=\\#acme", "O=(acme)", "O=acm\u00e9", "O=acme\\00"})
    void aValueThatIsNoTenantIdIsRejected(String subject) {
        assertThat(Answers.reason(byOrganisation, of(subject)))
                .startsWith("the certificate's subject names no tenant: ")
                .doesNotContain("acm");
    }

    @Test
    void anEmptyOrOverlongSubjectOrOneWithControlCharactersIsRejected() {
        for (TenantResolver resolver : List.of(byOrganisation, bySubject)) {
            for (String subject :
                    List.of("", "O=acme,CN=" + "x".repeat(1_015), "O=acme,CN=a\nb", "O=acme,CN=a\u2028b")) {
                assertThat(Answers.reason(resolver, of(subject)))
                        .isEqualTo("the certificate's subject is empty, longer than 1024 characters or has a control"
                                + " character");
            }
        }
        assertThat(Answers.of(byOrganisation, of("O=acme,CN=" + "x".repeat(1_014))))
                .isEqualTo("acme");
    }

    @Test
    void aWholeSubjectMayBeRegistered() {
        TenantIdentity identity = ((Resolution.Resolved) bySubject.resolve(of("CN=Agent 7,O=Acme\\, Inc."))).identity();

        assertThat(identity.tenantId()).isEqualTo(ACME);
        assertThat(identity.subject()).contains("CN=Agent 7,O=Acme\\, Inc.");
        assertThat(Answers.of(bySubject, of("CN=agent, O=Globex"))).isEqualTo("globex");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CN=agent,O=globex",
                "CN=Agent,O=Globex",
                "O=Globex,CN=agent",
                "CN=agent,O=Globex,C=DE",
                "CN=agent",
                "CN=agent+O=Globex",
                "CN=agent\\,O=Globex",
                "CN=agent,O=Globe\uFF58",
                "CN=acme"
            })
    void anotherSubjectIsNotRecognisedHoweverAlike(String subject) {
        assertThat(Answers.of(bySubject, of(subject))).isEqualTo(Answers.UNRECOGNIZED);
    }

    @Test
    void aRealCertificateIsRead() throws Exception {
        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(CERTIFICATE.getBytes(StandardCharsets.US_ASCII)));
        TenantRequest request = TenantRequest.builder()
                .attribute(X509Certificate.class, certificate)
                .build();

        TenantIdentity identity = ((Resolution.Resolved) byOrganisation.resolve(request)).identity();

        assertThat(identity.tenantId()).isEqualTo(ACME);
        assertThat(identity.subject()).contains("CN=agent\\, 7,STREET=b+OU=a,O=acme");
    }

    @Test
    void twoInOneChainHaveNamesOfTheirOwn() {
        TenantResolver other = ClientCertificateTenantResolver.builder()
                .tenant("CN=agent", ACME)
                .name("mesh")
                .build();

        assertThat(byOrganisation.name()).isEqualTo("client-certificate");
        assertThat(other.name()).isEqualTo("mesh");
        assertThat(other.resolve(of("CN=agent")).toString()).contains("resolver=mesh");
    }

    @Test
    void faultsAreNamedAtOnceWithoutWhatWasGiven() {
        assertThatThrownBy(() -> ClientCertificateTenantResolver.builder()
                        .attribute("SAN-secret")
                        .tenant("secret", ACME)
                        .tenant("", ACME)
                        .tenant("CN=agent", ACME)
                        .tenant("cn=agent", ACME)
                        .name("X")
                        .build())
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        faults -> assertThat(faults.faults())
                                .containsExactly(
                                        "a subject is bad; allowed: a distinguished name, such as CN=agent,O=Acme",
                                        "a subject is empty",
                                        "a subject is given twice",
                                        "the name of a resolver is bad; allowed: lower-case letters and digits, first a letter,"
                                                + " with single hyphens between them",
                                        "the attribute of the subject is bad; allowed: CN, L, ST, O, OU, C, STREET, DC, UID",
                                        "there are both an attribute and subjects; allowed: one of them"));
        assertThatThrownBy(() -> ClientCertificateTenantResolver.builder().build())
                .isInstanceOfSatisfying(
                        TenancyConfigException.class,
                        faults -> assertThat(faults.faults())
                                .containsExactly("there is neither an attribute that names the tenant nor a subject"));
    }

    private static TenantRequest of(String subject) {
        return of(new X500Principal(subject));
    }

    /** A subject of one organisation, in DER: SEQUENCE of SET of SEQUENCE of 2.5.4.10 and a value under this tag. */
    private static TenantRequest organisation(byte tag, byte[] value) {
        byte[] type = {0x06, 0x03, 0x55, 0x04, 0x0a};
        byte[] pair = der((byte) 0x30, type, der(tag, value));
        return of(new X500Principal(der((byte) 0x30, der((byte) 0x31, pair))));
    }

    private static byte[] der(byte tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream der = new ByteArrayOutputStream();
        der.write(tag);
        der.write(content.size());
        der.writeBytes(content.toByteArray());
        return der.toByteArray();
    }

    private static TenantRequest of(X500Principal subject) {
        return TenantRequest.builder()
                .attribute(X509Certificate.class, new StubCertificate(subject))
                .build();
    }

    @Nested
    class Contract extends TenantResolverContract {
        @Override
        protected TenantResolver resolver() {
            return byOrganisation;
        }

        @Override
        protected TenantId tenant() {
            return ACME;
        }

        @Override
        protected List<TenantRequest> provingRequests() {
            return List.of(of("CN=agent,O=acme"), of("o=acme, cn=agent"));
        }

        @Override
        protected List<TenantRequest> refusedRequests() {
            return List.of(
                    of(""),
                    of("CN=garbage"),
                    of("O=(garbage)"),
                    of("O=acme,O=garbage"),
                    of("O=acme+CN=garbage"),
                    of("O=acme,CN=garbage\n"));
        }

        @Override
        protected Set<String> secrets() {
            return Set.of("garbage");
        }
    }

    @Nested
    class ContractWithSubjects extends TenantResolverContract {
        @Override
        protected TenantResolver resolver() {
            return bySubject;
        }

        @Override
        protected TenantId tenant() {
            return TenantId.of("globex");
        }

        @Override
        protected List<TenantRequest> provingRequests() {
            return List.of(of("CN=agent,O=Globex"));
        }

        @Override
        protected List<TenantRequest> refusedRequests() {
            return List.of(of(""), of("CN=garbage"), of("CN=agent,O=globex"));
        }

        @Override
        protected Set<String> secrets() {
            return Set.of("garbage");
        }
    }
}
