package oneapp.agent.certify.check;

import static oneapp.agent.certify.check.Found.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.certify.figures.AnalysedRun;
import oneapp.agent.certify.figures.Measured;
import org.junit.jupiter.api.Test;

/** What belongs to no group of checks; each group has a test class, as it is a class. */
class IntegrityTest {
  @Test
  void whatHappenedOnTheWayIsSaidFirst() {
    BenchmarkResult result =
        new BenchmarkResult(
            BenchmarkResult.SCHEMA,
            "test",
            "1",
            "CERTIFICATION",
            1,
            List.of(RUN),
            List.of("a run was repeated"));
    List<Finding> findings =
        Integrity.check(
            result.remarks(),
            result.runs().stream().map(AnalysedRun::of).toList(),
            withFloor(1).evidence());
    assertThat(Found.texts(findings)).containsExactly("INFO REMARK", "WARNING SLOW");
    assertThat(findings.getFirst().message()).isEqualTo("a run was repeated");
  }

  private static Measured withFloor(double floorMs) {
    return Measured.on("m", "NVIDIA L40S").itlFloorMs(floorMs).kvReadNsPerToken(0);
  }

  @Test
  void tooSlowCountsTheReadsOfTheCache() {
    // 10.4 requests of 512 + 128 tokens: 6656 tokens of 100 ns are 0.67 ms.
    assertThat(Found.in(RUN, withFloor(1).evidence())).containsExactly("WARNING SLOW");
    assertThat(Found.in(RUN, withFloor(1).kvReadNsPerToken(100).evidence())).isEmpty();
    assertThat(Found.in(RUN, withFloor(11).evidence())).containsExactly("VOID ROOFLINE");
    assertThat(Found.in(RUN, withFloor(11).speculative().evidence())).isEmpty();
  }
}
