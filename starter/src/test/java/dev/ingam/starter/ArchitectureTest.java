package dev.ingam.starter;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// Whom the starter may use. The rules between all other modules are in `bench`, whose class path
/// this one is not on: nothing of a distribution needs it.
class ArchitectureTest {
  private static final ImportOption MAIN_CODE = location -> !location.contains("/test-classes/");

  @Test
  void starter_usesVerifierWireAndSpringAlone() {
    var code =
        new ClassFileImporter().withImportOption(MAIN_CODE).importPackages("dev.ingam.starter");
    classes()
        .that()
        .resideInAPackage("dev.ingam.starter")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "dev.ingam.starter",
            "dev.ingam.verifier",
            "dev.ingam.wire",
            "org.springframework..",
            "jakarta.servlet..",
            "org.slf4j..",
            "org.jspecify..")
        .check(code);
  }
}
