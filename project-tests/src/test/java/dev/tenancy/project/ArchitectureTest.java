package dev.tenancy.project;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** What may depend on what, across all modules. */
@AnalyzeClasses(packages = "dev.tenancy", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] JDBC = {"dev.tenancy.jdbc.."};
    private static final String[] JWT = {"dev.tenancy.jwt.."};
    private static final String[] RATE_LIMIT = {"dev.tenancy.ratelimit.."};
    private static final String[] CORE = {"dev.tenancy", "dev.tenancy.resolver..", "dev.tenancy.internal.."};

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.tenancy.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theRootPackageOfCoreNeedsNoOther = noClasses()
            .that()
            .resideInAPackage("dev.tenancy")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.tenancy.resolver..", "dev.tenancy.internal..");

    @ArchTest
    static final ArchRule coreNeedsFewLibraries = classes()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(CORE)
                    .or(resideInAnyPackage(
                            "java..",
                            "javax.naming..",
                            "javax.security.auth..",
                            "org.slf4j..",
                            "org.jspecify.annotations..")));

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
    static final ArchRule contractsAreForTestsOnly = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tenancy..testing..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.tenancy..testing..", "org.junit..");

    @ArchTest
    static final ArchRule onlyItsOwnPackageNeedsJdbi = noClasses()
            .that()
            .resideOutsideOfPackage("dev.tenancy.jdbc.jdbi..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.jdbi..");

    @ArchTest
    static final ArchRule publicClassesAreClosed = classes()
            .that()
            .arePublic()
            .and()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .haveSimpleNameNotEndingWith("Contract")
            .should(beFinalOrSealedOr("dev.tenancy.TenancyException"));

    @ArchTest
    static final ArchRule libraryCodeDoesNotPrint = noClasses()
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
                        .and(not(resideInAnyPackage("dev.tenancy", "dev.tenancy.resolver.."))));
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
