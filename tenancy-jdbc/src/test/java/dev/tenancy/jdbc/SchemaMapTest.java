package dev.tenancy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which key has which schema, or a start that fails and tells no key. */
class SchemaMapTest {
    @Test
    void bothSidesAreTrimmedAndSchemasAreInLowerCase() {
        SchemaMap map = SchemaMap.parse(" key:with:colons : Acme ;k2:globex_2");

        assertThat(map.schemaOf("key:with:colons")).contains("acme");
        assertThat(map.schemaOf("k2")).contains("globex_2");
        assertThat(map.schemaOf("k3")).isEmpty();
        assertThat(map.schemas()).containsExactlyInAnyOrder("acme", "globex_2");
        assertThat(map).hasToString("SchemaMap[2 keys]");
        assertThat(SchemaMap.parse("  ").schemas()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "secret1:a;;secret2:b | part 2 is empty",
                "secret1:a; | part 2 is empty",
                "secret1 | part 1 has no colon",
                ":a | part 1 has no key",
                " : a | part 1 has no key",
                "secret1:a;secret1:b | part 2 has the key of a part before",
                "secret1:a;secret2:A | part 2 has the schema of a part before",
                "secret1:public | part 1 has a schema that is a schema that cannot be a tenant's",
                "secret1:PUBLIC | part 1 has a schema that is a schema that cannot be a tenant's",
                "secret1:pg_temp | part 1 has a schema that is a schema that cannot be a tenant's",
                "secret1:Pg_catalog | part 1 has a schema that is a schema that cannot be a tenant's",
                "secret1:information_schema | part 1 has a schema that is a schema that cannot be a tenant's",
                "secret1:tenancy | part 1 has a schema that is a schema that cannot be a tenant's",
                "secret1: | part 1 has a schema that is not the name of a schema",
                "secret1:1a | part 1 has a schema that is not the name of a schema",
                "secret1:a-b | part 1 has a schema that is not the name of a schema",
                "secret1:a b | part 1 has a schema that is not the name of a schema",
                "secret1:a\"b | part 1 has a schema that is not the name of a schema",
                "secret1:ä | part 1 has a schema that is not the name of a schema",
                "secret1:\u0131d | part 1 has a schema that is not the name of a schema",
                "secret1:a234567890123456789012345678901234567890123456789012345678901234"
                        + " | part 1 has a schema that is not the name of a schema"
            })
    void aFaultIsToldByItsPartAndNothingOfTheKey(String text, String fault) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SchemaMap.parse(text))
                .withMessageContaining(fault)
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("secret"));
    }

    @Test
    void allFaultsAreToldAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SchemaMap.parse("a;b:public;c:ok;d:ok"))
                .withMessageContainingAll("part 1 has no colon", "part 2 has a schema", "part 4 has the schema of");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "_", "a_1", "a23456789012345678901234567890123456789012345678901234567890123"})
    void whatPostgresTakesWithoutQuotesIsAName(String name) {
        assertThat(SchemaName.of(name).name()).isEqualTo(name);
    }
}
