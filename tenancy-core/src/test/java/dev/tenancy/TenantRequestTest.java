package dev.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request that a host builds from what its server has. */
class TenantRequestTest {

    @ParameterizedTest
    @CsvSource({"/a%2Fb?x=%20y,/a%2Fb,x=%20y", "/a,/a,", "http://example.com/a?x,/a,x", "http://example.com,/,", "*,*,"
    })
    void pathAndQueryAreThoseOfAUriNotDecoded(URI uri, String path, String query) {
        TenantRequest request = TenantRequest.builder().target(uri).build();

        assertThat(request.rawPath()).isEqualTo(path);
        assertThat(request.rawQuery().orElse(null)).isEqualTo(query);
    }

    @Test
    void fieldsAreTakenAsAServerHasThem() {
        TenantRequest request = TenantRequest.builder()
                .headers(Map.of("X-Tenant", List.of("a", "b"), "Host", List.of("acme.example.com:8080")))
                .build();

        assertThat(request.headers("x-tenant")).containsExactly("a", "b");
        assertThat(request.authority()).contains("acme.example.com:8080");
    }

    @Test
    void severalHostsOrABlankOneAreNone() {
        for (List<String> hosts :
                List.of(List.of("acme.example.com", "globex.example.com"), List.of(" "), List.<String>of())) {
            assertThat(TenantRequest.builder()
                            .headers(Map.of("host", hosts))
                            .build()
                            .authority())
                    .as(hosts.toString())
                    .isEmpty();
        }
    }
}
