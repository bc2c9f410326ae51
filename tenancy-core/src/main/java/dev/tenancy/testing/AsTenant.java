package dev.tenancy.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a test, or all of a class, as a tenant: the test method, and what is annotated with {@code @BeforeEach} and
 * {@code @AfterEach}. On a method it takes the place of that of its class.
 *
 * <pre>{@code
 * @Test
 * @AsTenant("acme")
 * void anInvoiceIsFoundAgain() {
 *     long id = invoices.add("of acme");
 *
 *     assertThat(invoices.find(id)).isPresent();
 * }
 * }</pre>
 *
 * @since 0.1
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@ExtendWith(TenantInvocations.class)
public @interface AsTenant {

    /** {@return the tenant's id} */
    String value();

    /** {@return the subject; none if it is empty} */
    String subject() default "";

    /** {@return further tenants that may be read} */
    String[] readable() default {};
}
