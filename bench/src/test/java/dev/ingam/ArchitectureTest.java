package dev.ingam;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may use whom. It lives in `bench` because only there all modules are on one class path.
class ArchitectureTest {
  /// Not ArchUnit's own option, which knows the folder of tests by its place right below `target`;
  /// with `-Dingam.quick` it is elsewhere.
  private static final ImportOption MAIN_CODE = location -> !location.contains("/test-classes/");

  private static final JavaClasses CODE =
      new ClassFileImporter().withImportOption(MAIN_CODE).importPackages("dev.ingam");

  /// The modules and the modules of ours that each may use.
  private static final Map<String, Set<String>> MAY_USE =
      Map.of(
          "wire", Set.of(),
          "verifier", Set.of("wire"),
          "testkit", Set.of("wire"),
          "keys", Set.of("wire"),
          "issuance", Set.of("keys", "wire"),
          "server", Set.of("issuance", "keys", "wire", "verifier"),
          "cli", Set.of("verifier", "wire"),
          "drill", Set.of("verifier", "wire"),
          "bench",
              Set.of("wire", "verifier", "testkit", "keys", "issuance", "server", "cli", "drill"));

  /// Those that know Spring; all but `server` know its database part alone. `starter` is not on
  /// this class path and has an `ArchitectureTest` of its own.
  private static final Set<String> SPRING = Set.of("server", "keys", "issuance", "testkit");

  static Stream<String> modules() {
    return MAY_USE.keySet().stream().sorted();
  }

  @Test
  void code_isSeenInEveryModule() {
    assertThat(modules().filter(module -> CODE.stream().noneMatch(in(module)::test))).isEmpty();
  }

  @Test
  void code_holdsNoTests() {
    assertThat(CODE.contain(ArchitectureTest.class)).isFalse();
    assertThat(CODE.stream().filter(type -> type.getSimpleName().endsWith("Test"))).isEmpty();
  }

  @Test
  void everyPackage_belongsToAModule() {
    check(classes().should().resideInAnyPackage(packages(MAY_USE.keySet())));
  }

  @Test
  void packages_haveNoCycles() {
    check(slices().matching("dev.ingam.(**)").should().beFreeOfCycles());
  }

  @ParameterizedTest
  @MethodSource("modules")
  void module_usesOnlyWhatTheDesignAllows(String module) {
    var refused =
        resideInAPackage("dev.ingam..")
            .and(DescribedPredicate.not(in(module)))
            .and(DescribedPredicate.not(resideInAnyPackage(packages(MAY_USE.get(module)))));
    check(noClasses().that(in(module)).should().dependOnClassesThat(refused));
  }

  @Test
  void wireAndVerifier_useJacksonCoreAndSlf4jAlone() {
    check(
        classes()
            .that()
            .resideInAnyPackage(packages(Set.of("wire", "verifier")))
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "java..",
                "javax.crypto..",
                "dev.ingam..",
                "tools.jackson.core..",
                "org.slf4j..",
                "org.jspecify.."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"io.micrometer", "io.prometheus", "io.opentelemetry"})
  void watch_aloneKnowsWhatWatches(String library) {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.ingam.server.watch")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(library + ".."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"io.micrometer", "io.opentelemetry"})
  void watch_knowsWhatWatches(String library) {
    assertThat(
            CODE.stream()
                .filter(resideInAPackage("dev.ingam.server.watch"))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .anyMatch(each -> each.getTargetClass().getName().startsWith(library + ".")))
        .isTrue();
  }

  @Test
  void spring_isUnknownElsewhere() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(packages(SPRING))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.springframework.."));
  }

  @Test
  void domain_usesOnlyTheDatabasePartOfSpring() {
    var refused =
        resideInAPackage("org.springframework..")
            .and(
                DescribedPredicate.not(
                    resideInAnyPackage(
                        "org.springframework.jdbc..",
                        "org.springframework.dao..",
                        "org.springframework.transaction",
                        "org.springframework.transaction.support..")));
    check(
        noClasses()
            .that()
            .resideInAnyPackage(packages(Set.of("keys", "issuance")))
            .should()
            .dependOnClassesThat(refused));
  }

  @Test
  void domain_carriesNoSpringAnnotation() {
    var domain = resideInAnyPackage(packages(Set.of("wire", "verifier", "keys", "issuance")));
    assertThat(CODE.stream().filter(domain).filter(ArchitectureTest::carriesSpringAnnotation))
        .isEmpty();
  }

  /// By name, so that it holds nothing while there is no `Keyring` and bites when there is one.
  /// Covers method references as well as calls.
  @Test
  void keyringSign_isCalledOnlyByIssuerAndStatements() {
    var sign =
        describe(
            "Keyring.sign",
            (JavaAccess<?> access) ->
                access.getTarget().getName().equals("sign")
                    && access.getTargetOwner().isAssignableTo("dev.ingam.keys.Keyring"));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.ingam.issuance..")
            .and()
            .areNotAssignableTo("dev.ingam.keys.Keyring")
            .and()
            .areNotAssignableTo("dev.ingam.keys.BirthCertificates")
            .should()
            .accessTargetWhere(sign));
  }

  @Test
  void nobody_usesJavaUtilLogging() {
    check(NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING);
  }

  @Test
  void onlyCliDrillAndBench_writeToTheConsole() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(packages(Set.of("cli", "drill", "bench")))
            .should(ACCESS_STANDARD_STREAMS));
  }

  private static boolean carriesSpringAnnotation(JavaClass type) {
    return Stream.concat(Stream.of(type), type.getMembers().stream())
        .flatMap(element -> element.getAnnotations().stream())
        .anyMatch(each -> each.getRawType().getName().startsWith("org.springframework."));
  }

  private static DescribedPredicate<JavaClass> in(String module) {
    return resideInAPackage("dev.ingam." + module + "..");
  }

  private static String[] packages(Set<String> modules) {
    var names = modules.stream().map(module -> "dev.ingam." + module + "..").toArray(String[]::new);
    Arrays.sort(names);
    return names;
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(CODE);
  }
}
