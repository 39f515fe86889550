package oneapp.tests.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import oneapp.tests.agent.AgentSite;
import oneapp.tests.plan.Engines;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The same faults on the real vLLM, with two workers on the CPU. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealFaultsTest {
  private static final List<Fault> FAULTS =
      Stream.concat(RealFaults.killed().stream(), RealFaults.further().stream()).toList();
  private static final Scene.Engine REAL = new Scene.Engine(false, Duration.ofMinutes(8));

  private final FaultTable table = new FaultTable("real vLLM", FAULTS);

  private Path engines;
  private Path tiny;

  @BeforeAll
  void model(@TempDir Path folder) throws Exception {
    engines = Engines.folder();
    tiny = Engines.tinyModel(engines, folder.resolve("tiny"));
  }

  private static List<Fault> chosen(List<Fault> faults) {
    Pattern only = Pattern.compile(System.getProperty("faults.only", ""));
    return faults.stream().filter(fault -> only.matcher(fault.toString()).find()).toList();
  }

  static List<Fault> further() {
    return chosen(RealFaults.further());
  }

  @Tag("real")
  @Tag("night")
  @ParameterizedTest
  @EnumSource(names = {"LOADING", "SERVING"})
  void eachProcessIsKilled(Phase phase, @TempDir Path folder) throws Exception {
    play(
        chosen(RealFaults.killed()).stream().filter(fault -> fault.phase() == phase).toList(),
        folder);
  }

  @Tag("night")
  @ParameterizedTest(name = "{0}")
  @MethodSource
  void further(Fault fault, @TempDir Path folder) throws Exception {
    play(List.of(fault), folder);
  }

  private void play(List<Fault> faults, Path folder) throws Exception {
    AgentSite site = new AgentSite(folder);
    site.engines = engines;
    try (Stream<Path> files = Files.list(tiny)) {
      for (Path file : files.toList()) {
        Files.copy(
            file, site.model.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    try (Scene scene = new Scene(site, REAL)) {
      site.context.put("ONEAPP_VLLM_STARTUP_TIMEOUT", "900");
      List<Duration> until = Play.of(scene, faults);
      for (int i = 0; i < faults.size(); i++) {
        table.came(faults.get(i), until.get(i));
      }
    }
  }

  @AfterAll
  void theDocumentHasNoOtherFault() {
    table.assertNoOther();
  }
}
