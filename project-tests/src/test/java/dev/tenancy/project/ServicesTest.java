package dev.tenancy.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenancy.TenantResolverFactory;
import dev.tenancy.jwt.JwtTenantResolver;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider is found the same way on the class path and on the module path. */
class ServicesTest {
    private static final String SERVICE = TenantResolverFactory.class.getName();

    @ParameterizedTest
    @ValueSource(classes = {TenantResolverFactory.class, JwtTenantResolver.class})
    void whatAModuleProvidesIsInItsServicesFileToo(Class<?> ofModule) throws Exception {
        assertThat(fromServicesFile(ofModule))
                .isEqualTo(fromDescriptor(ofModule))
                .isNotEmpty();
    }

    private static Set<String> fromDescriptor(Class<?> ofModule) throws URISyntaxException {
        ModuleDescriptor descriptor =
                ModuleFinder.of(location(ofModule)).findAll().iterator().next().descriptor();
        return descriptor.provides().stream()
                .filter(provides -> provides.service().equals(SERVICE))
                .flatMap(provides -> provides.providers().stream())
                .collect(Collectors.toSet());
    }

    private static Set<String> fromServicesFile(Class<?> ofModule) throws IOException, URISyntaxException {
        Path location = location(ofModule);
        String file = "META-INF/services/" + SERVICE;
        String prefix = location.toString().endsWith(".jar")
                ? "jar:" + location.toUri() + "!/"
                : location.toUri().toString();
        try (InputStream in = URI.create(prefix + file).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().collect(Collectors.toSet());
        }
    }

    private static Path location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
