package oneapp.agent.certify.figures;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.stream.Stream;

/** How a time is computed of one request. Times of the same name differ between tools. */
public enum Definition {
  /** With what the request waited for a late client. */
  LATENCY("latency", "end - intended start"),
  TTFT("ttft", "first token - intended start"),
  ITL("itl", "(last token - first token) / (N - 1)"),

  /** As GuideLLM had it until 0.3, and the appliance's rows have it. */
  TPOT("tpot", "(last token - first token) / N"),
  LATENCY_FROM_SENDING("latency", "end - real start"),

  /** As load generators print it: a wait before sending does not show. */
  TTFT_FROM_SENDING("ttft", "first token - real start"),

  /** As GuideLLM has it since 0.4. */
  TPOT_FROM_SENDING("tpot", "(last token - real start) / N"),

  /** As vLLM's own benchmark has it. */
  TPOT_WITHOUT_TTFT("tpot", "(latency - ttft) / (N - 1)");

  private final String metric;
  private final String formula;

  Definition(String metric, String formula) {
    this.metric = metric;
    this.formula = formula;
  }

  /** The TPOT of a reference row, if it is one of these. */
  public static Optional<Definition> tpot(String formula) {
    return Stream.of(values())
        .filter(one -> one.metric.equals(TPOT.metric) && one.formula.equals(formula))
        .findFirst();
  }

  public String metric() {
    return metric;
  }

  public String formula() {
    return formula;
  }

  /** {@code itl: (last token - first token) / (N - 1)}. */
  @JsonValue
  public String text() {
    return metric + ": " + formula;
  }
}
