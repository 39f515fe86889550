package oneapp.agent.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Builds plans that no planner made: a small model on a CPU, unless a test says otherwise. */
public final class Plans {
  private String model = "m";
  private LaunchPlan.Layout layout =
      new LaunchPlan.Layout(LaunchPlan.Device.CPU, "CPU", List.of(), 1, 1);
  private LaunchPlan.Command command =
      new LaunchPlan.Command(2048, 8001, List.of("serve", "m"), Map.of());
  private int maxConcurrency = 1;
  private final List<String> reasons = new ArrayList<>();
  private Prediction prediction = prediction(0);

  private Plans() {}

  public static Plans plan() {
    return new Plans();
  }

  public Plans model(String name) {
    model = name;
    return this;
  }

  /** On GPUs 0 to tensorParallel x dataParallel - 1. */
  public Plans gpus(String name, int tensorParallel, int dataParallel) {
    List<Integer> indexes = new ArrayList<>();
    for (int i = 0; i < tensorParallel * dataParallel; i++) {
      indexes.add(i);
    }
    layout =
        new LaunchPlan.Layout(LaunchPlan.Device.GPU, name, indexes, tensorParallel, dataParallel);
    return this;
  }

  public Plans command(
      int maxModelLen, int port, List<String> arguments, Map<String, String> environment) {
    command = new LaunchPlan.Command(maxModelLen, port, arguments, environment);
    return this;
  }

  public Plans maxConcurrency(int requests) {
    maxConcurrency = requests;
    return this;
  }

  public Plans reason(String sentence) {
    reasons.add(sentence);
    return this;
  }

  public Plans kvTokens(long tokens) {
    return prediction(prediction(tokens));
  }

  public Plans prediction(Prediction expected) {
    prediction = expected;
    return this;
  }

  public LaunchPlan build() {
    return new LaunchPlan(model, model, layout, command, maxConcurrency, reasons, prediction);
  }

  /** Of so many tokens in the KV cache, and nothing else. */
  private static Prediction prediction(long tokens) {
    return new Prediction(
        new MemoryBudget(0, 0, 0, MemoryBudget.Overhead.NONE, 0, 0, 0),
        tokens,
        tokens,
        tokens,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        0,
        0,
        0);
  }
}
