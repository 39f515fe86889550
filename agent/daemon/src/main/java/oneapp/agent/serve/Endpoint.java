package oneapp.agent.serve;

import java.net.URI;
import java.util.Optional;
import oneapp.agent.context.Context;
import oneapp.agent.plan.LaunchPlan;

/**
 * Where a ready server answers.
 *
 * @param base address without path, such as http://127.0.0.1:8001
 * @param model the served name
 * @param apiKey what its clients must send; secret
 */
public record Endpoint(URI base, String model, Optional<String> apiKey) {
  /** Where vLLM that was started so answers: on loopback, behind whatever front. */
  public static Endpoint of(LaunchPlan plan, Context context) {
    return new Endpoint(
        URI.create("http://127.0.0.1:" + plan.command().port()),
        plan.servedName(),
        context.serving().api().key());
  }

  public URI resolve(String path) {
    return base.resolve(path);
  }

  /** Names no secret. */
  @Override
  public String toString() {
    return model + " at " + base;
  }
}
