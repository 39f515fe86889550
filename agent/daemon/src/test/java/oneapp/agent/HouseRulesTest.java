package oneapp.agent;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rules of the house: the line runs from left to right, and effects stay in their rooms. */
class HouseRulesTest {
  private static final String ROOF = "oneapp.agent";

  /** The line, with the rooms beside it: each uses only what stands to its left. */
  private static final List<String> ROOMS =
      List.of(
          "context",
          "gpu",
          "model",
          "plan",
          "serve",
          "benchmark",
          "certify",
          "reference",
          "publish",
          "verify");

  private static final List<String> FOUNDATIONS = List.of("data", "durable", "stage", "process");

  private static final JavaClasses AGENT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("oneapp.agent");

  private static String room(String name) {
    return "oneapp.agent." + name + "..";
  }

  private static String[] rooms(Stream<String> names) {
    return names.map(HouseRulesTest::room).toArray(String[]::new);
  }

  @TestFactory
  Stream<DynamicTest> aRoomUsesOnlyRoomsToItsLeft() {
    return IntStream.range(0, ROOMS.size())
        .mapToObj(
            i ->
                DynamicTest.dynamicTest(
                    ROOMS.get(i),
                    () ->
                        noClasses()
                            .that(resideInAPackage(room(ROOMS.get(i))))
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(rooms(ROOMS.stream().skip(i + 1L)))
                            .allowEmptyShould(i == ROOMS.size() - 1)
                            .check(AGENT)));
  }

  @Test
  void foundationsUseNoRoom() {
    noClasses()
        .that()
        .resideInAnyPackage(rooms(FOUNDATIONS.stream()))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(rooms(ROOMS.stream()))
        .check(AGENT);
  }

  /** The roof is known to the commands only, and the commands to {@code Main} only. */
  @Test
  void nothingBelowKnowsTheRoofOrTheCommands() {
    noClasses()
        .that()
        .resideInAnyPackage(rooms(Stream.concat(ROOMS.stream(), FOUNDATIONS.stream())))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOF, room("cli"))
        .check(AGENT);
    noClasses()
        .that()
        .resideInAPackage(ROOF)
        .and()
        .doNotHaveFullyQualifiedName(ROOF + ".Main")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(room("cli"))
        .check(AGENT);
  }

  /** A room that is made of several uses each of them in one direction only. */
  @Test
  void roomsWithinRoomsHaveNoCycles() {
    slices().matching("oneapp.agent.(**)").should().beFreeOfCycles().check(AGENT);
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

  private static DescribedPredicate<JavaClass> named(String name) {
    return JavaClass.Predicates.type(load(name));
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
  void theEnvironmentIsReadInOneClass() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("oneapp.agent.context.Environment")
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .check(AGENT);
  }

  /** More components than these are told apart only by counting. */
  @Test
  void aRecordHasAtMostNineComponents() {
    assertThat(
            AGENT.stream()
                .filter(JavaClass::isRecord)
                .filter(
                    record ->
                        record.getFields().stream()
                                .filter(
                                    field -> !field.getModifiers().contains(JavaModifier.STATIC))
                                .count()
                            > 9)
                .map(JavaClass::getName))
        .isEmpty();
  }

  /** The roof is what a newcomer reads first: what belongs to a room or a command stands there. */
  @Test
  void theRoofIsSmall() {
    assertThat(
            AGENT.stream()
                .filter(type -> type.getPackageName().equals(ROOF) && type.isTopLevelClass())
                .map(JavaClass::getSimpleName)
                .filter(name -> !name.equals("package-info")))
        .containsExactlyInAnyOrder(
            "Agent",
            "ContextWatch",
            "Deployment",
            "Event",
            "Main",
            "Measurement",
            "Position",
            "Rooms",
            "RunningDeployment",
            "StageThread",
            "Steps",
            "Subject",
            "Supervisor",
            "ThisVm",
            "Worker");
  }

  @Test
  void onlyMainExits() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("oneapp.agent.process.Signals")
        .should()
        .callMethod(Runtime.class, "halt", int.class)
        .check(AGENT);
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("oneapp.agent.Main")
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(AGENT);
  }

  @Test
  void nothingDependsOnTheLocale() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("oneapp.agent.data.Text")
        .should()
        .callMethod(String.class, "formatted", Object[].class)
        .orShould()
        .callMethod(String.class, "format", String.class, Object[].class)
        .orShould()
        .callMethod(String.class, "format", Locale.class, String.class, Object[].class)
        .orShould()
        .callMethod(String.class, "toLowerCase")
        .orShould()
        .callMethod(String.class, "toUpperCase")
        .check(AGENT);
  }

  @Test
  void nothingStaticChanges() {
    fields().that().areStatic().should().beFinal().check(AGENT);
    // The API of the official OpenNebula client takes a CA in no other way.
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("oneapp.agent.publish.OpenNebula")
        .should()
        .callMethod(System.class, "setProperty", String.class, String.class)
        .orShould()
        .callMethod(Locale.class, "setDefault", Locale.class)
        .orShould()
        .callMethod(Locale.class, "setDefault", Locale.Category.class, Locale.class)
        .check(AGENT);
  }

  @Test
  void everyPackageIsNullMarked() {
    AGENT.stream().map(JavaClass::getPackageName).distinct().forEach(HouseRulesTest::assertMarked);
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
