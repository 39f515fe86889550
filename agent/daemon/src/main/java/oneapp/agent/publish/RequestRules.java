package oneapp.agent.publish;

import java.time.Duration;

/**
 * Which requests from outside are accepted.
 *
 * @param allowed false with ONEAPP_VLLM_BENCHMARK=NEVER
 * @param minInterval least time between two accepted ones
 */
public record RequestRules(boolean allowed, Duration minInterval) {
  public RequestRules {
    if (minInterval.isNegative()) {
      throw new IllegalArgumentException("negative interval: " + minInterval);
    }
  }
}
