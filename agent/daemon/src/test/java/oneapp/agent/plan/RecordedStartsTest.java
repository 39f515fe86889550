package oneapp.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import oneapp.agent.context.Context;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.gpu.InventoryText;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.model.ModelReader;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The prediction beside what starts of vLLM logged, where GPU and model are known; the shapes come
 * from recordings that lie beside the project. The table is printed.
 */
class RecordedStartsTest {
  private static final Path CONFIGS =
      Path.of(System.getProperty("house", ".")).resolve("../shared/fixtures/model-config");

  /** A start: what was run on what, and the tokens and GiB that vLLM logged for one GPU. */
  private record Start(
      String log,
      String gpu,
      int memoryMib,
      int gpus,
      String config,
      String utilization,
      long kvTokens,
      double weightsGib) {}

  private static final List<Start> STARTS =
      List.of(
          new Start(
              "0.8.5 R1-distill 14B",
              "A100 40 GB",
              40_960,
              1,
              "qwen2.5-14b-instruct.json",
              "0.9",
              32_832,
              27.59),
          new Start(
              "0.11.0 Llama 3.1 8B",
              "A100 40 GB",
              40_960,
              1,
              "llama-3.1-8b.json",
              "0.9",
              157_584,
              14.99),
          new Start(
              "0.11.2 Llama 3 8B",
              "H200 141 GB",
              143_771,
              1,
              "llama-3.1-8b.json",
              "0.9",
              868_080,
              14.96),
          new Start(
              "0.13.0 Llama 3 8B TP 4",
              "A100 80 GB",
              81_920,
              4,
              "llama-3.1-8b.json",
              "0.9",
              2_048_704,
              3.74),
          new Start(
              "0.22.0 Qwen2.5-VL 7B",
              "H100 NVL 94 GB",
              95_830,
              1,
              "qwen2.5-7b-instruct.json",
              "0.95",
              1_237_216,
              15.67),
          new Start(
              "0.26 Qwen3 30B-A3B",
              "H100 80 GB",
              81_559,
              1,
              "qwen3-30b-a3b.json",
              "0.9",
              151_216,
              56.93));

  @Test
  void thePredictionIsNearWhatStartsLogged() throws Exception {
    Assumptions.assumeTrue(Files.isDirectory(CONFIGS));
    for (Start start : STARTS) {
      PredictionCheck check = check(start);
      double tokensError = error((double) check.predictedKvTokens(), (double) start.kvTokens);
      System.out.printf(
          Locale.ROOT,
          "%-24s %-15s predicted %,9d actual %,9d error %+6.1f %% in range %s, weights %+5.1f %%%n",
          start.log,
          start.gpu,
          check.predictedKvTokens(),
          start.kvTokens,
          100 * tokensError,
          check.withinRange(),
          100 * error(check.predictedWeightsGib(), start.weightsGib));
      assertThat(Math.abs(tokensError)).as(start.log).isLessThan(0.25);
    }
  }

  private static double error(double predicted, double actual) {
    return (predicted - actual) / actual;
  }

  private static PredictionCheck check(Start start) throws Exception {
    GpuInventory inventory =
        InventoryText.read(
            "name, memory.total [MiB], compute_cap\n"
                + "Test GPU, %d MiB, 8.0\n".formatted(start.memoryMib).repeat(start.gpus));
    Context context =
        Machines.context(
            "GPU_MEMORY_UTILIZATION",
            start.utilization,
            "TENSOR_PARALLEL_SIZE",
            Integer.toString(start.gpus));
    ModelFacts model = ModelReader.read(start.log, CONFIGS.resolve(start.config));
    LaunchPlan plan = new Planner().plan(context, inventory, model);
    return PredictionCheck.of(
        plan, OptionalLong.of(start.kvTokens), OptionalDouble.of(start.weightsGib));
  }
}
