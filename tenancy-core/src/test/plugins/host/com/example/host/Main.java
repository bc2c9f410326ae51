package com.example.host;

import dev.tenancy.Tenancy;
import dev.tenancy.TenancyConfig;
import dev.tenancy.TenantCatalog;
import dev.tenancy.TenantRequest;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A server that is asked once for a partner's tenant, and says which classes of the library it cannot load. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println("core is in module " + Tenancy.class.getModule().getName());
        for (String resolvers : arguments) {
            System.out.println(resolvers + ": " + answer(resolvers));
        }
        System.out.println("cannot load " + unloadable());
    }

    private static String answer(String resolvers) {
        Tenancy tenancy = Tenancy.load(
                        TenancyConfig.of(Map.of("tenancy.resolvers", resolvers, "tenancy.header.name", "X-Tenant")))
                .catalog(TenantCatalog.acceptingAny())
                .build();
        TenantRequest request =
                TenantRequest.builder().header("X-Partner", "p-1").build();
        return tenancy.handle(
                request,
                admitted -> admitted.identity().tenantId().value(),
                problem -> Integer.toString(problem.status()));
    }

    private static List<String> unloadable() throws IOException, URISyntaxException {
        Path core = Path.of(
                Tenancy.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(core)) {
            return unloadable(core);
        }
        try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + core.toUri()), Map.of())) {
            return unloadable(jar.getPath("/"));
        }
    }

    private static List<String> unloadable(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("module-info.class"))
                    .map(file -> file.substring(0, file.length() - ".class".length()).replaceAll("[/\\\\]", "."))
                    .filter(name -> !loads(name))
                    .map(name -> name.substring(0, name.lastIndexOf('.')))
                    .distinct()
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    private static boolean loads(String name) {
        try {
            Class.forName(name).getDeclaredMethods();
            return true;
        } catch (ClassNotFoundException | LinkageError missing) {
            return false;
        }
    }
}
