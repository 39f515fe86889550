package oneapp.tests.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import oneapp.agent.data.Json;
import oneapp.tests.proof.TwoCertificates.Row;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class TwoCertificatesTest {
  /** The times of this server: 10 ms, and 1 ms more for each request a second. */
  private static TwoCertificates certificates(double[] first, double[] second) {
    return new TwoCertificates(certificate(first), certificate(second));
  }

  private static ObjectNode certificate(double[] rates) {
    ObjectNode certificate = Json.MAPPER.createObjectNode();
    ObjectNode useCases = certificate.put("state", "INCONCLUSIVE").putObject("use_cases");
    useCases.putObject("RAG").put("verdict", "PASS").put("highest_passing_rate", rates[0]);
    useCases.putObject("CHAT").put("verdict", "FAIL").putNull("highest_passing_rate");
    ArrayNode runs = certificate.putArray("runs");
    runs.addObject()
        .put("kind", "THROUGHPUT")
        .put("request_rate", 40)
        .put("output_tokens_per_second", 640);
    for (double rate : rates) {
      ObjectNode run = runs.addObject().put("kind", "CONSTANT").put("rate", rate);
      for (String figure : new String[] {"ttft", "itl", "latency"}) {
        run.putObject(figure).put("p50", 10 + rate);
      }
    }
    return certificate;
  }

  @Test
  void timesAreComparedAtTheLowestRateWithinBoth() {
    TwoCertificates both = certificates(new double[] {20, 30, 40}, new double[] {26, 33, 50});
    assertThat(both.rows())
        .filteredOn(row -> row.figure().contains("p50"))
        .hasSize(3)
        .allSatisfy(
            row -> {
              assertThat(row.figure()).endsWith(" p50 at 26.0/s, ms");
              assertThat(row.first()).isEqualTo(36, within(1e-9));
              assertThat(row.second()).isEqualTo(36, within(1e-9));
            })
        .allMatch(Row::agrees);
    assertThat(both.table())
        .contains(
            "| TTFT p50 at 26.0/s, ms | 36.0 | 36.0 | +0 % | ± 30 % |",
            "| RAG | PASS up to 20.0/s | PASS up to 26.0/s | | no PASS beside FAIL |",
            "| CHAT | FAIL | FAIL | | no PASS beside FAIL |");
    assertThat(both.contradictions()).isEmpty();
  }

  @Test
  void ofOneRateThatBothMeasuredNothingIsEstimated() {
    TwoCertificates both = certificates(new double[] {20}, new double[] {20});
    assertThat(both.rows()).extracting(Row::first).contains(30.0);
    assertThat(both.rows()).extracting(Row::second).contains(30.0);
  }

  @Test
  void nothingIsEstimatedBeyondWhatWasMeasured() {
    TwoCertificates both = certificates(new double[] {5, 9}, new double[] {10, 19});
    assertThatThrownBy(both::rows)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no rate is within those of both: [5.0, 9.0] and [10.0, 19.0]");
  }
}
