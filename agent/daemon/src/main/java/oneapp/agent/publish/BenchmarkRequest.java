package oneapp.agent.publish;

import oneapp.agent.data.Text;

/**
 * A benchmark that somebody outside asked for, accepted and on disk.
 *
 * @param value what was written into VLLM_BENCHMARK_REQUEST
 */
public record BenchmarkRequest(String value) {
  private static final String FORM = "[A-Za-z0-9._:-]{1,64}";

  public BenchmarkRequest {
    if (!isValid(value)) {
      throw new IllegalArgumentException(Text.format("\"%s\" is not %s", value, FORM));
    }
  }

  static boolean isValid(String value) {
    return value.matches(FORM);
  }
}
