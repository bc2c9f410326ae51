package dev.tenancy.example.benchmarks.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.tenancy.Resolution;
import dev.tenancy.TenantRequest;
import dev.tenancy.TenantResolver;
import java.text.ParseException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Verifies the same token over and over. */
@State(Scope.Benchmark)
public abstract class Resolve {
    private final String token;
    private final TenantRequest request;
    private final TenantResolver resolver;
    private final DefaultJWTProcessor<?> processor;

    Resolve(Issuer issuer, boolean remembering) {
        this.token = issuer.token();
        this.request = TenantRequest.builder()
                .header("Authorization", "Bearer " + token)
                .build();
        this.resolver = issuer.resolver(remembering);
        this.processor = issuer.processor();
    }

    /** {@return who the request is from} */
    @Benchmark
    public Resolution ours() {
        return resolver.resolve(request);
    }

    /** {@return what the token claims} */
    @Benchmark
    public JWTClaimsSet nimbus() throws ParseException, BadJOSEException, JOSEException {
        return processor.process(token, null);
    }
}
