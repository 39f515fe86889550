package oneapp.tests.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import oneapp.tests.agent.AgentSite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each fault of the list happens to an agent of its own; several at once, since each mostly waits.
 */
@Execution(ExecutionMode.CONCURRENT)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StandInFaultsTest {
  private static final List<Fault> FAULTS = StandInFaults.all();

  /** More is for a machine with much else to do. */
  private static final Duration PATIENCE =
      Duration.ofSeconds(Integer.getInteger("faults.patience.seconds", 120));

  private static final Scene.Engine STAND_IN = new Scene.Engine(true, PATIENCE);

  private final FaultTable table = new FaultTable("stand-in", FAULTS);

  /** All of them, or those that {@code -Dfaults.only=REGEX} finds in their name. */
  static List<Fault> faults() {
    Pattern only = Pattern.compile(System.getProperty("faults.only", ""));
    return FAULTS.stream().filter(fault -> only.matcher(fault.toString()).find()).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void fault(Fault fault, @TempDir Path folder) throws Exception {
    try (Scene scene = new Scene(new AgentSite(folder), STAND_IN)) {
      table.came(fault, Play.of(scene, List.of(fault)).getFirst());
    }
  }

  @AfterAll
  void theDocumentHasNoOtherFault() {
    table.assertNoOther();
  }
}
