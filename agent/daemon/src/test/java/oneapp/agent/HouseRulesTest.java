package oneapp.agent;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules of the house: the line runs from left to right, and effects stay in their rooms. */
class HouseRulesTest {
  private static final List<String> LINE =
      List.of("context", "gpu", "model", "plan", "serve", "benchmark", "certify", "publish");
  private static final List<String> FOUNDATIONS = List.of("stage", "process", "durable", "data");
  private static final JavaClasses AGENT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("oneapp.agent");

  private static String room(String name) {
    return "oneapp.agent." + name + "..";
  }

  @TestFactory
  Stream<DynamicTest> aRoomUsesOnlyRoomsToItsLeft() {
    return IntStream.range(0, LINE.size())
        .mapToObj(
            i -> {
              String[] forbidden =
                  Stream.concat(
                          LINE.stream().skip(i + 1L).map(HouseRulesTest::room),
                          Stream.of("oneapp.agent"))
                      .toArray(String[]::new);
              return DynamicTest.dynamicTest(
                  LINE.get(i),
                  () ->
                      noClasses()
                          .that(resideInAPackage(room(LINE.get(i))))
                          .should()
                          .dependOnClassesThat()
                          .resideInAnyPackage(forbidden)
                          .allowEmptyShould(true)
                          .check(AGENT));
            });
  }

  @Test
  void foundationsUseNoRoom() {
    noClasses()
        .that()
        .resideInAnyPackage(FOUNDATIONS.stream().map(HouseRulesTest::room).toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            Stream.concat(LINE.stream().map(HouseRulesTest::room), Stream.of("oneapp.agent"))
                .toArray(String[]::new))
        .check(AGENT);
  }

  @Test
  void planAndCertifyArePure() {
    noClasses()
        .that()
        .resideInAnyPackage(room("plan"), room("certify"))
        .should()
        .dependOnClassesThat(
            resideInAPackage("java.nio.file..")
                .or(resideInAPackage("java.net.http.."))
                .or(resideInAPackage("java.net"))
                .or(resideInAPackage("oneapp.agent.process.."))
                .or(resideInAPackage("oneapp.agent.durable.."))
                .or(named("java.io.File"))
                .or(named("java.time.Clock"))
                .or(named("java.lang.Process"))
                .or(named("java.lang.ProcessHandle"))
                .or(named("java.lang.Thread")))
        .allowEmptyShould(true)
        .check(AGENT);
    noClasses()
        .that()
        .resideInAnyPackage(room("plan"), room("certify"))
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "getProperty", String.class)
        .allowEmptyShould(true)
        .check(AGENT);
  }

  private static DescribedPredicate<com.tngtech.archunit.core.domain.JavaClass> named(String name) {
    return com.tngtech.archunit.core.domain.JavaClass.Predicates.type(load(name));
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(name, e);
    }
  }

  @Test
  void processesAreStartedOnlyInProcess() {
    noClasses()
        .that()
        .resideOutsideOfPackage(room("process"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.commons.exec..")
        .check(AGENT);
    noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(ProcessBuilder.class)
        .orShould()
        .callMethod(Runtime.class, "exec", String[].class)
        .check(AGENT);
  }

  @Test
  void theEnvironmentIsReadOnlyInContext() {
    noClasses()
        .that()
        .resideOutsideOfPackage(room("context"))
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .check(AGENT);
  }

  @Test
  void onlyMainExits() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("oneapp.agent.Main")
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(AGENT);
  }

  @Test
  void nothingStaticChanges() {
    fields().that().areStatic().should().beFinal().check(AGENT);
  }

  @Test
  void everyPackageIsNullMarked() {
    assertMarked("oneapp.agent");
    Stream.concat(LINE.stream(), FOUNDATIONS.stream())
        .map("oneapp.agent."::concat)
        .filter(AGENT::containPackage)
        .forEach(HouseRulesTest::assertMarked);
  }

  private static void assertMarked(String name) {
    classes()
        .that()
        .haveFullyQualifiedName(name + ".package-info")
        .should()
        .beAnnotatedWith(NullMarked.class)
        .check(AGENT);
  }
}
