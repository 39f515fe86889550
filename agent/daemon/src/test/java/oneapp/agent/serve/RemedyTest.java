package oneapp.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import oneapp.agent.context.Context;
import oneapp.agent.context.ContextReader;
import oneapp.agent.context.RawContext;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.plan.Plans;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.StageFailure;
import org.junit.jupiter.api.Test;

class RemedyTest {
  private static Context context(Map<String, String> values) throws StageFailure {
    return ContextReader.read(new RawContext(values, List.of()));
  }

  private static LaunchPlan plan(LaunchPlan.Device device, int gpus) {
    List<String> arguments =
        List.of("serve", "m", "--max-model-len", "131072", "--gpu-memory-utilization", "0.90");
    Plans plan =
        Plans.plan().command(131072, 8001, arguments, Map.of("A", "b")).reason("first reason");
    return (device == LaunchPlan.Device.GPU ? plan.gpus("L40S", gpus, 1) : plan).build();
  }

  private static Diagnosis diagnosis(Category category, String evidence) {
    return Diagnosis.of(category, evidence, "");
  }

  private static Optional<Remedy> remedy(
      Category category, String evidence, Map<String, String> values) throws StageFailure {
    return Remedy.of(
        diagnosis(category, evidence), plan(LaunchPlan.Device.GPU, 2), context(values));
  }

  @Test
  void aSmallCacheShortensTheContextSoThatEightRequestsFit() throws Exception {
    Remedy remedy =
        remedy(
                Category.KV_CACHE_TOO_SMALL,
                "... the estimated maximum model length is 65536. Try ...",
                Map.of())
            .orElseThrow();
    assertThat(remedy.plan().command().maxModelLen()).isEqualTo(8192);
    assertThat(remedy.plan().command().arguments()).containsSequence("--max-model-len", "8192");
    assertThat(remedy.plan().reasons()).hasSize(2).last().asString().contains(remedy.sentence());
  }

  @Test
  void theContextIsNeverShorterThanTheWorkloadNeeds() throws Exception {
    String tight = "that can be stored in KV cache (1040). Try";
    assertThat(
            remedy(Category.KV_CACHE_TOO_SMALL, tight, Map.of())
                .orElseThrow()
                .plan()
                .command()
                .maxModelLen())
        .isEqualTo(512 + 256 + 256);
    String tooTight = "that can be stored in KV cache (900). Try";
    assertThat(remedy(Category.KV_CACHE_TOO_SMALL, tooTight, Map.of())).isEmpty();
  }

  @Test
  void whatTheUserFixedIsNotChanged() throws Exception {
    Map<String, String> fixed =
        Map.of(
            "ONEAPP_VLLM_MODEL_MAX_LENGTH", "131072", "ONEAPP_VLLM_GPU_MEMORY_UTILIZATION", "0.9");
    String estimate = "estimated maximum model length is 65536.";
    assertThat(remedy(Category.KV_CACHE_TOO_SMALL, estimate, fixed)).isEmpty();
    assertThat(remedy(Category.OUT_OF_GPU_MEMORY, "CUDA out of memory.", fixed)).isEmpty();
    assertThat(remedy(Category.CONTEXT_TOO_LONG, "max_position_embeddings=32768", fixed)).isEmpty();
  }

  @Test
  void noCacheAtAllRaisesTheMemoryShareWithinItsLimit() throws Exception {
    Remedy remedy =
        remedy(Category.KV_CACHE_TOO_SMALL, "No available memory for the cache blocks.", Map.of())
            .orElseThrow();
    assertThat(remedy.plan().command().arguments())
        .containsSequence("--gpu-memory-utilization", "0.95");
  }

  @Test
  void memoryOfOthersLowersTheShareToWhatIsFree() throws Exception {
    String evidence =
        "ValueError: Free memory on device cuda:0 (60.00/80.00 GiB) on startup is less than desired";
    Remedy remedy = remedy(Category.OUT_OF_GPU_MEMORY, evidence, Map.of()).orElseThrow();
    assertThat(remedy.plan().command().arguments())
        .containsSequence("--gpu-memory-utilization", "0.73");
    String hopeless = evidence.replace("60.00/", "20.00/");
    assertThat(remedy(Category.OUT_OF_GPU_MEMORY, hopeless, Map.of())).isEmpty();
  }

  @Test
  void aLongContextBecomesTheModelsOwn() throws Exception {
    String evidence = "(max_position_embeddings=32768.0 or model_max_length=None in model's";
    assertThat(
            remedy(Category.CONTEXT_TOO_LONG, evidence, Map.of())
                .orElseThrow()
                .plan()
                .command()
                .maxModelLen())
        .isEqualTo(32768);
  }

  @Test
  void ncclIsTriedOnceWithoutPeerToPeer() throws Exception {
    Remedy remedy = remedy(Category.NCCL_FAILURE, "hang", Map.of()).orElseThrow();
    assertThat(remedy.plan().command().environment()).containsEntry("NCCL_P2P_DISABLE", "1");
    assertThat(remedy.plan().command().arguments()).endsWith("--disable-custom-all-reduce");
    assertThat(
            Remedy.of(diagnosis(Category.NCCL_FAILURE, "hang"), remedy.plan(), context(Map.of())))
        .isEmpty();
  }

  @Test
  void aCpuHasNoGpuMemoryToShare() throws Exception {
    assertThat(
            Remedy.of(
                diagnosis(Category.OUT_OF_GPU_MEMORY, "out of memory"),
                plan(LaunchPlan.Device.CPU, 1),
                context(Map.of())))
        .isEmpty();
  }

  @Test
  void otherFailuresHaveNone() throws Exception {
    for (Category category : Category.values()) {
      if (!List.of(Category.NCCL_FAILURE, Category.OUT_OF_GPU_MEMORY, Category.KV_CACHE_TOO_SMALL)
          .contains(category)) {
        assertThat(remedy(category, "", Map.of())).as(category.name()).isEmpty();
      }
    }
    assertThat(Remedy.of(Diagnosis.none(), plan(LaunchPlan.Device.GPU, 2), context(Map.of())))
        .isEmpty();
  }
}
