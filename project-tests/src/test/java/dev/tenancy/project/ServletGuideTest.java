package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.Tenancy;
import dev.tenancy.ratelimit.Reservation;
import dev.tenancy.servlet.TenancyFilter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code in docs/servlet.md is compiled here; core's tests run the filter in a container. */
class ServletGuideTest {

    @Test
    void whatTheGuideSaysIsWhatIsCompiledHere() {
        for (String name : List.of("register", "attachment")) {
            assertThat(Documents.text("docs/servlet.md")).contains(Documents.region(ServletGuideTest.class, name));
        }
    }

    static void register(Tenancy tenancy, ServletContext servletContext) {
        // region register
        TenancyFilter.of(tenancy).register(servletContext, "/api/*");
        // endregion
    }

    static Reservation reservation(ServletRequest request) {
        // region attachment
        Reservation reservation = TenancyFilter.admitted(request)
                .flatMap(admitted -> admitted.attachment(Reservation.class))
                .orElseThrow();
        // endregion
        return reservation;
    }
}
