package oneapp.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import oneapp.agent.context.Context;
import oneapp.agent.data.Text;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.gpu.Machine;
import oneapp.agent.gpu.Topology;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private final Planner planner = new Planner();

  @Test
  void theValidSizesOfTheCertifiedModelsAreThoseOfVllm() {
    assertThat(valid(Models.qwen3b())).containsExactly(1, 2, 4, 8, 16);
    assertThat(valid(Models.qwen14b())).containsExactly(1, 2, 4, 8);
    assertThat(valid(Models.llama8b())).containsExactly(1, 2, 4, 8, 16, 32);
  }

  private static List<Integer> valid(ModelFacts model) {
    return new TensorParallelRules(model, false).valid(64);
  }

  @Test
  void blocksOfFp8LimitTheSize() {
    ModelFacts.Quantisation blocks = new ModelFacts.Quantisation("fp8", 8, 128, 128, 0, 75);
    ModelFacts model =
        Models.model(
            "moe",
            2048,
            48,
            32,
            4,
            128,
            6144,
            151_936,
            30_000_000_000L,
            Optional.of(new ModelFacts.Experts(128, 8, 768)),
            28_000_000_000L,
            Optional.of(blocks));
    TensorParallelRules rules = new TensorParallelRules(model, false);
    assertThat(rules.valid(8)).containsExactly(1, 2);
    assertThat(rules.objection(1, 6)).isEmpty();
    assertThat(rules.objection(1, 8)).isPresent();
    assertThat(new TensorParallelRules(model, true).objection(1, 8)).isEmpty();
  }

  @Test
  void weightsAndTokensAreThoseOfTheTable() {
    Footprint footprint = new Footprint(Models.qwen14b(), "bfloat16", 0, 2);
    assertThat(footprint.weightsGib(1, 1)).isBetween(27.4, 27.6);
    assertThat(footprint.kvBytesPerToken(1)).isEqualTo(192 * 1024);
    assertThat(footprint.kvBytesPerToken(16)).isEqualTo(24 * 1024);
    assertThat(new Footprint(Models.qwen3b(), "bfloat16", 0, 2).kvBytesPerToken(1))
        .isEqualTo(36 * 1024);
  }

  @Test
  void latentAttentionIsNotDivided() {
    ModelFacts dense = Models.qwen14b();
    ModelFacts latent =
        new ModelFacts(
            "mla",
            new ModelFacts.Attention(128, 128, 56, 61, Optional.of(new ModelFacts.Latent(512, 64))),
            new ModelFacts.Mlp(18_432, Optional.empty()),
            129_280,
            163_840,
            new ModelFacts.NumberFormat("bfloat16", true),
            Optional.empty(),
            dense.weights(),
            List.of());
    Footprint footprint = new Footprint(latent, "bfloat16", 0, 2);
    assertThat(footprint.kvBytesPerToken(8)).isEqualTo(footprint.kvBytesPerToken(1));
    assertThat(footprint.kvBytesPerToken(1)).isEqualTo((512 + 64) * 61 * 2.0);
  }

  @Test
  void replicasAreGroupedByTheirLinks() throws StageFailure {
    Topology topology =
        Topology.parse(
            """
            \tGPU0\tGPU1\tGPU2\tGPU3\tCPU Affinity
            GPU0\t X \tSYS\tNV12\tSYS\t0-23
            GPU1\tSYS\t X \tSYS\tNV12\t0-23
            """);
    GpuInventory inventory = Machines.linked(Machines.l40s(4), topology);
    LaunchPlan plan =
        planner.plan(Machines.context("TENSOR_PARALLEL_SIZE", "2"), inventory, Models.qwen14b());
    assertThat(plan.layout().gpus()).containsExactly(0, 2, 1, 3);
    assertThat(plan.command().environment())
        .containsEntry("CUDA_VISIBLE_DEVICES", "0,2,1,3")
        .containsEntry("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
  }

  @Test
  void whatTheMachineLacksIsNamed() {
    assertLacks(new Machine(32, 32_768, 16_000, 10_000), "disk for the weights");
    assertLacks(new Machine(32, 2048, 16_000, 200_000), "memory of the VM");
    assertLacks(new Machine(32, 32_768, 64, 200_000), "/dev/shm");
  }

  private void assertLacks(Machine machine, String what) {
    GpuInventory inventory = Machines.twoL40s().on(Optional.of(machine), List.of());
    Context context = Machines.context("TENSOR_PARALLEL_SIZE", "2");
    assertThatThrownBy(() -> planner.plan(context, inventory, Models.qwen14b()))
        .isInstanceOfSatisfying(
            PlanFailure.class,
            failure -> {
              assertThat(failure.category()).isEqualTo(Category.DOES_NOT_FIT);
              assertThat(failure.missing()).contains("GiB", what);
              assertThat(failure.nearest()).isNotEmpty();
              assertThat(failure).hasMessageContaining("; try: " + failure.nearest().getFirst());
            });
  }

  @Test
  void theCpuCacheFollowsTheMemoryOfTheMachine() throws StageFailure {
    GpuInventory inventory = GpuInventory.none(Category.NO_GPU, "no GPU here");
    LaunchPlan small =
        cpu(inventory.on(Optional.of(new Machine(4, 16_000, 1000, 1000)), List.of()));
    LaunchPlan large =
        cpu(inventory.on(Optional.of(new Machine(4, 64_000, 1000, 1000)), List.of()));
    assertThat(small.predictedKvTokens()).isLessThan(large.predictedKvTokens());
    assertThat(large.command().environment()).containsEntry("VLLM_CPU_OMP_THREADS_BIND", "0-1|2-3");
    assertThatThrownBy(
            () -> cpu(inventory.on(Optional.of(new Machine(4, 8000, 1000, 1000)), List.of())))
        .isInstanceOfSatisfying(
            StageFailure.class,
            failure -> assertThat(failure.category()).isEqualTo(Category.DOES_NOT_FIT));
  }

  private LaunchPlan cpu(GpuInventory inventory) throws StageFailure {
    return planner.plan(
        Machines.context("CPU_FALLBACK", "YES", "TENSOR_PARALLEL_SIZE", "2"),
        inventory,
        Models.qwen3b());
  }

  @Test
  void withoutGpuAndFallbackTheStageIsGpu() {
    GpuInventory inventory = GpuInventory.none(Category.NO_GPU, "no GPU here");
    assertThatThrownBy(() -> planner.plan(Machines.context(), inventory, Models.qwen3b()))
        .isInstanceOfSatisfying(
            StageFailure.class,
            failure -> {
              assertThat(failure.stage()).isEqualTo(Stage.GPU);
              assertThat(failure.category()).isEqualTo(Category.NO_GPU);
            })
        .hasMessageContaining("ONEAPP_VLLM_CPU_FALLBACK=YES");
  }

  @Test
  void theGroupWithTheMostBandwidthOnWhichTheModelFitsIsTaken() throws StageFailure {
    Map<String, Integer> machine = Map.of("NVIDIA L40S", 4, "NVIDIA H100 NVL", 1);
    LaunchPlan small = planner.plan(Machines.context(), Machines.of(machine), Models.qwen3b());
    assertThat(small.layout().gpuName()).isEqualTo("NVIDIA H100 NVL");
    assertThat(small.reasons())
        .anySatisfy(reason -> assertThat(reason).contains("4 x NVIDIA L40S"));
  }

  @Test
  void thePredictionIsComparedWithTheLog() throws StageFailure {
    LaunchPlan plan = planner.plan(Machines.context(), Machines.l40s(1), Models.qwen3b());
    PredictionCheck near =
        PredictionCheck.of(
            plan, OptionalLong.of(plan.predictedKvTokens()), OptionalDouble.of(5.75));
    assertThat(near.withinRange()).isTrue();
    assertThat(near.predictedKvTokens()).isEqualTo(plan.predictedKvTokens());
    assertThat(near.remark()).isEmpty();

    PredictionCheck far = PredictionCheck.of(plan, OptionalLong.of(1000), OptionalDouble.of(12));
    assertThat(far.withinRange()).isFalse();
    assertThat(far.remark())
        .hasValue(
            Text.format(
                "KV cache: %d tokens predicted, 1000 logged by vLLM; weights per GPU: 5.75 GiB"
                    + " predicted, 12.00 logged by vLLM",
                plan.predictedKvTokens()));

    PredictionCheck unknown =
        PredictionCheck.of(plan, OptionalLong.empty(), OptionalDouble.empty());
    assertThat(unknown.withinRange()).isFalse();
    assertThat(unknown.remark()).isEmpty();
  }

  @Test
  void aPlanKnowsThatItIsSpeculative() throws Exception {
    String extra = "[\"--speculative-config\", \"{\\\"num_speculative_tokens\\\": 3}\"]";
    String base64 = Base64.getEncoder().encodeToString(extra.getBytes(StandardCharsets.UTF_8));
    LaunchPlan speculative =
        planner.plan(
            Machines.context("EXTRA_ARGS_BASE64", base64), Machines.l40s(1), Models.qwen3b());
    assertThat(speculative.isSpeculative()).isTrue();
    assertThat(speculative.prediction().itlFloorMs()).isEmpty();
    LaunchPlan plain = planner.plan(Machines.context(), Machines.l40s(1), Models.qwen3b());
    assertThat(plain.isSpeculative()).isFalse();
  }
}
