package oneapp.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import oneapp.agent.context.Context;
import oneapp.agent.gpu.Gpu;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.model.ModelFacts;

/** What holds for every plan, whatever the machine and the model. */
class PlanPropertiesTest {
  private static final List<String> NAMES =
      List.of("NVIDIA L40S", "NVIDIA H100 NVL", "NVIDIA A10", "NVIDIA L4", "NVIDIA H200");

  private final Planner planner = new Planner();

  @Property(tries = 1000)
  void aPlanBreaksNoRuleOfVllm(
      @ForAll("models") ModelFacts model,
      @ForAll("machines") Map<String, Integer> machine,
      @ForAll("contexts") Context context) {
    GpuInventory inventory = Machines.of(machine);
    try {
      check(planner.plan(context, inventory, model), inventory, model);
    } catch (PlanFailure e) {
      assertThat(e.missing()).isNotBlank();
      assertThat(e.reasons()).isNotEmpty().last().isEqualTo(e.problem());
    }
  }

  private static void check(LaunchPlan plan, GpuInventory inventory, ModelFacts model) {
    int size = plan.layout().tensorParallelSize();
    int replicas = plan.layout().dataParallelSize();
    List<Integer> gpus = plan.layout().gpus();
    assertThat(model.attention().heads() % size).isZero();
    assertThat(model.attention().kvHeads() % size == 0 || size % model.attention().kvHeads() == 0)
        .isTrue();
    assertThat(model.mlp().width() % size).isZero();
    assertThat(Math.ceilDiv(model.vocabSize(), 64) * 64 % size).isZero();
    model
        .mlp()
        .experts()
        .ifPresent(experts -> assertThat(experts.width() % (size * replicas)).isZero());
    assertThat(gpus).hasSize(size * replicas);
    assertThat(new HashSet<>(gpus)).hasSameSizeAs(gpus);
    assertThat(
            inventory.gpus().stream()
                .filter(gpu -> gpus.contains(gpu.index()))
                .map(Gpu::name)
                .distinct())
        .hasSize(1);
    assertThat(plan.command().maxModelLen()).isLessThanOrEqualTo(model.maxLength());
    assertThat(plan.command().argv()).startsWith("vllm", "serve").doesNotContainNull();
  }

  /** The plan; none when nothing fits. */
  private Optional<LaunchPlan> plan(Context context, GpuInventory inventory, ModelFacts model) {
    try {
      return Optional.of(planner.plan(context, inventory, model));
    } catch (PlanFailure e) {
      return Optional.empty();
    }
  }

  @Property(tries = 1000)
  void aPlanExceedsNoPredictedMemory(
      @ForAll("models") ModelFacts model,
      @ForAll("machines") Map<String, Integer> machine,
      @ForAll("contexts") Context context) {
    plan(context, Machines.of(machine), model).ifPresent(PlanPropertiesTest::checkMemory);
  }

  private static void checkMemory(LaunchPlan plan) {
    MemoryBudget memory = plan.prediction().memory();
    assertThat(memory.weights() + memory.overhead().sum() + memory.kv())
        .isLessThanOrEqualTo(memory.usable() + 1e-9);
    assertThat(memory.usable()).isLessThanOrEqualTo(memory.total());
    assertThat(plan.predictedKvTokens()).isGreaterThanOrEqualTo(plan.command().maxModelLen());
    assertThat(plan.prediction().kvTokensLow()).isLessThanOrEqualTo(plan.predictedKvTokens());
    assertThat(plan.prediction().kvTokensHigh()).isGreaterThanOrEqualTo(plan.predictedKvTokens());
  }

  /** Worse by the objective: the least latency may cost room for requests. */
  @Property(tries = 1000)
  void moreLikeGpusNeverMakeThePlanWorse(
      @ForAll("models") ModelFacts model,
      @ForAll @IntRange(max = 4) int name,
      @ForAll @IntRange(min = 1, max = 15) int count,
      @ForAll("contexts") Context context) {
    Optional<LaunchPlan> fewer = plan(context, Machines.of(Map.of(NAMES.get(name), count)), model);
    if (fewer.isPresent()) {
      LaunchPlan before = fewer.get();
      LaunchPlan after =
          plan(context, Machines.of(Map.of(NAMES.get(name), count + 1)), model).orElseThrow();
      if (context.serving().objective() == Context.Objective.THROUGHPUT) {
        assertThat(after.layout().gpus())
            .hasSizeGreaterThanOrEqualTo(before.layout().gpus().size());
        assertThat(after.maxConcurrency()).isGreaterThanOrEqualTo(before.maxConcurrency());
        assertThat(after.command().maxModelLen())
            .isGreaterThanOrEqualTo(before.command().maxModelLen());
      }
      assertThat(after.prediction().itlFloorMs().orElse(0))
          .isLessThanOrEqualTo(before.prediction().itlFloorMs().orElse(0));
    }
  }

  @Property(tries = 500)
  void moreMemoryNeverMakesThePlanWorse(
      @ForAll("models") ModelFacts model,
      @ForAll @IntRange(min = 4000, max = 200_000) int memoryMib,
      @ForAll("contexts") Context context) {
    String form = "name, memory.total [MiB]\nTest GPU, %d MiB\n";
    Optional<LaunchPlan> less = plan(context, Machines.csv(form.formatted(memoryMib)), model);
    if (less.isPresent()) {
      assertThat(plan(context, Machines.csv(form.formatted(memoryMib + 1000)), model))
          .hasValueSatisfying(
              more ->
                  assertThat(more.predictedKvTokens())
                      .isGreaterThanOrEqualTo(less.get().predictedKvTokens()));
    }
  }

  @Provide
  Arbitrary<Map<String, Integer>> machines() {
    return Arbitraries.maps(Arbitraries.of(NAMES), Arbitraries.integers().between(1, 8))
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  @Provide
  Arbitrary<Context> contexts() {
    return Combinators.combine(
            Arbitraries.of("THROUGHPUT", "LATENCY"),
            Arbitraries.of("AUTO", "AUTO", "AUTO", "2048", "32768"),
            Arbitraries.of("0.5", "0.9", "0.95"),
            Arbitraries.of("YES", "NO"))
        .as(
            (objective, length, utilization, eager) ->
                Machines.context(
                    "PLAN_OBJECTIVE", objective,
                    "MODEL_MAX_LENGTH", length,
                    "GPU_MEMORY_UTILIZATION", utilization,
                    "ENFORCE_EAGER", eager));
  }

  @Provide
  Arbitrary<ModelFacts> models() {
    return Combinators.combine(
            Arbitraries.of(1, 2, 4, 5, 7, 8, 10, 16),
            Arbitraries.of(1, 2, 3, 4, 5, 7, 8),
            Arbitraries.of(64, 128),
            Arbitraries.of(16, 32, 48, 80),
            Arbitraries.of(1000, 1024, 11_008, 13_824, 18_944, 29_568),
            Arbitraries.of(32_000, 151_936, 50_257),
            Arbitraries.longs().between(500_000_000L, 150_000_000_000L),
            Arbitraries.of(true, false))
        .as(
            (kvHeads, group, headDim, layers, intermediate, vocab, parameters, sparse) ->
                Models.model(
                    "test/model",
                    kvHeads * group * headDim,
                    layers,
                    kvHeads * group,
                    kvHeads,
                    headDim,
                    intermediate,
                    vocab,
                    parameters,
                    sparse ? Optional.of(new ModelFacts.Experts(64, 4, 768)) : Optional.empty(),
                    sparse ? parameters / 10 * 9 : 0,
                    Optional.empty()));
  }
}
