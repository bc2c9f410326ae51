package dev.tenancy.project;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What may depend on what, across all modules. */
@AnalyzeClasses(packages = "dev.tenancy", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] JDBC = {"dev.tenancy.jdbc.."};
    private static final String[] JWT = {"dev.tenancy.jwt.."};
    private static final String[] RATE_LIMIT = {"dev.tenancy.ratelimit.."};
    private static final String[] CORE_API = {
        "dev.tenancy",
        "dev.tenancy.catalog..",
        "dev.tenancy.event..",
        "dev.tenancy.resolver..",
        "dev.tenancy.resource..",
        "dev.tenancy.ticket.."
    };
    private static final String[] CORE = {
        "dev.tenancy",
        "dev.tenancy.catalog..",
        "dev.tenancy.event..",
        "dev.tenancy.internal..",
        "dev.tenancy.micrometer..",
        "dev.tenancy.resolver..",
        "dev.tenancy.resource..",
        "dev.tenancy.servlet..",
        "dev.tenancy.testing..",
        "dev.tenancy.ticket.."
    };

    /** Packages that need a library which the host may not have, and which nothing else may need. */
    private static final Map<String, String> OPTIONAL = Map.of(
            "dev.tenancy.jdbc.jdbi..", "org.jdbi..",
            "dev.tenancy.ratelimit.lettuce..", "io.lettuce..",
            "dev.tenancy.servlet..", "jakarta.servlet..");

    /** The same, where packages of several modules need it, each by itself. */
    private static final Map<String, List<String>> OPTIONAL_TO_SEVERAL = Map.of(
            "io.micrometer..",
                    List.of(
                            "dev.tenancy.micrometer..",
                            "dev.tenancy.jdbc.micrometer..",
                            "dev.tenancy.ratelimit.micrometer.."),
            "org.junit..",
                    List.of("dev.tenancy.testing..", "dev.tenancy.jdbc.testing..", "dev.tenancy.ratelimit.testing.."));

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.tenancy.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theRootPackageOfCoreNeedsNoOther = noClasses()
            .that()
            .resideInAPackage("dev.tenancy")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage(CORE).and(not(resideInAnyPackage("dev.tenancy", "dev.tenancy.internal"))));

    @ArchTest
    static final ArchRule whatCoreSharesNeedsNothingOfIt = noClasses()
            .that()
            .resideInAPackage("dev.tenancy.internal")
            .should()
            .dependOnClassesThat(resideInAnyPackage(CORE).and(not(resideInAPackage("dev.tenancy.internal"))));

    @ArchTest
    static final ArchRule coreNeedsFewLibraries = classes()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(CORE)
                    .or(resideInAnyPackage("java..", "javax..", "org.slf4j..", "org.jspecify.annotations.."))
                    .or(resideInAnyPackage("com.github.benmanes.caffeine.."))
                    .or(resideInAnyPackage(OPTIONAL.values().toArray(String[]::new)))
                    .or(resideInAnyPackage(OPTIONAL_TO_SEVERAL.keySet().toArray(String[]::new))));

    @ArchTest
    static void optionalLibrariesAreNeededByTheirOwnPackagesOnly(JavaClasses all) {
        OPTIONAL.forEach((ours, library) -> isNeededOnlyBy(List.of(ours), library, all));
        OPTIONAL_TO_SEVERAL.forEach((library, ours) -> isNeededOnlyBy(ours, library, all));
    }

    @ArchTest
    static void nothingNeedsAnOptionalPackage(JavaClasses all) {
        Stream.concat(
                        OPTIONAL.keySet().stream(),
                        OPTIONAL_TO_SEVERAL.values().stream().flatMap(List::stream))
                .forEach(ours -> classes()
                        .that()
                        .resideInAPackage(ours)
                        .should()
                        .onlyHaveDependentClassesThat()
                        .resideInAPackage(ours)
                        .check(all));
    }

    private static void isNeededOnlyBy(List<String> ours, String library, JavaClasses all) {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        Stream.concat(ours.stream(), Stream.of(library)).toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(all);
    }

    @ArchTest
    static final ArchRule jdbcNeedsCoreOnly = needsOfOursOnlyItselfAndCore(JDBC);

    @ArchTest
    static final ArchRule jwtNeedsCoreOnly = needsOfOursOnlyItselfAndCore(JWT);

    @ArchTest
    static final ArchRule rateLimitNeedsCoreOnly = needsOfOursOnlyItselfAndCore(RATE_LIMIT);

    @ArchTest
    static final ArchRule internalsOfCoreAreItsOwn = internalsAreUsedOnlyBy("dev.tenancy.internal..", CORE);

    @ArchTest
    static final ArchRule internalsOfJdbcAreItsOwn = internalsAreUsedOnlyBy("dev.tenancy.jdbc.internal..", JDBC);

    @ArchTest
    static final ArchRule internalsOfJwtAreItsOwn = internalsAreUsedOnlyBy("dev.tenancy.jwt.internal..", JWT);

    @ArchTest
    static final ArchRule publicClassesAreClosed = classes()
            .that()
            .arePublic()
            .and()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .resideOutsideOfPackage("dev.tenancy..testing")
            .should(beFinalOrSealedOr("dev.tenancy.TenancyException"));

    @ArchTest
    static final ArchRule libraryCodeDoesNotPrint = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.tenancy.jdbc.audit.AuditCommand")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace");

    private static ArchRule needsOfOursOnlyItselfAndCore(String[] module) {
        return noClasses()
                .that()
                .resideInAnyPackage(module)
                .should()
                .dependOnClassesThat(resideInAPackage("dev.tenancy..")
                        .and(not(resideInAnyPackage(module)))
                        .and(not(resideInAnyPackage(CORE_API))));
    }

    private static ArchRule internalsAreUsedOnlyBy(String internals, String[] module) {
        return classes()
                .that()
                .resideInAPackage(internals)
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAnyPackage(module);
    }

    private static ArchCondition<JavaClass> beFinalOrSealedOr(String open) {
        return new ArchCondition<>("be final or sealed") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean closed = type.getModifiers().contains(JavaModifier.FINAL)
                        || type.reflect().isSealed();
                if (!closed && !type.getName().equals(open)) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " can be extended by anybody"));
                }
            }
        };
    }
}
