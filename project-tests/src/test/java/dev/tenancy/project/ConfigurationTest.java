package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.ConfigKey;
import dev.tenancy.TenantResolverFactory;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every key is documented, and nothing else is. */
class ConfigurationTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(tenancy\\.[a-z.-]+)` \\|");

    @Test
    void theTableOfKeysIsComplete() {
        Set<String> declared = new TreeSet<>(Set.of("tenancy.resolvers"));
        for (TenantResolverFactory factory : ServiceLoader.load(TenantResolverFactory.class)) {
            factory.keys().stream().map(ConfigKey::name).forEach(declared::add);
        }
        Set<String> documented = ROW.matcher(Documents.text("docs/configuration.md"))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented).isEqualTo(declared);
    }
}
