package oneapp.agent.plan;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * How the memory of one GPU is used, in GiB. The figures beside the weights are those of start-up
 * logs of vLLM 0.8 to 0.26 on L40S, A100, H100 and H200.
 *
 * @param total as CUDA sees it
 * @param usable the share that vLLM may take
 * @param weights of the model
 * @param overhead what else vLLM takes, by the middle figures
 * @param kvLow left for the KV cache when everything else is at its most
 * @param kv left by the middle figures; below 0 when the weights do not fit
 * @param kvHigh left when everything else is at its least
 */
public record MemoryBudget(
    double total,
    double usable,
    double weights,
    @JsonUnwrapped Overhead overhead,
    double kvLow,
    double kv,
    double kvHigh) {

  /**
   * Memory beside weights and KV cache, in GiB.
   *
   * @param activation peak of a forward pass
   * @param nonTorch CUDA context and libraries
   * @param graphs CUDA graphs
   * @param communication buffers of NCCL
   */
  public record Overhead(double activation, double nonTorch, double graphs, double communication) {
    static final Overhead NONE = new Overhead(0, 0, 0, 0);

    public double sum() {
      return activation + nonTorch + graphs + communication;
    }
  }

  static final double GIB = 1024.0 * 1024 * 1024;

  /** CUDA sees 44.42 GiB of the 44.99 GiB that nvidia-smi shows of an L40S. */
  static final double SEEN_BY_CUDA = 0.987;

  private static final double NON_TORCH = 0.2;
  private static final double NCCL = 0.35;

  public MemoryBudget {
    if (weights < 0 || usable > total || kvLow > kv || kv > kvHigh) {
      throw new IllegalArgumentException(
          "the parts of a GPU's memory contradict each other: "
              + kvLow
              + ", "
              + kv
              + ", "
              + kvHigh);
    }
  }

  /**
   * The budget of a GPU.
   *
   * @param memoryMib as nvidia-smi shows it
   * @param utilization share that vLLM may use, 0 to 1
   * @param weightsGib on this GPU
   * @param eager no CUDA graphs are kept
   * @param tensorParallel several GPUs share a replica
   */
  static MemoryBudget of(
      int memoryMib, double utilization, double weightsGib, boolean eager, boolean tensorParallel) {
    double total = SEEN_BY_CUDA * memoryMib / 1024;
    double left = total * utilization - weightsGib;
    double nccl = tensorParallel ? NCCL : 0;
    Overhead least = new Overhead(0.3, NON_TORCH, eager ? 0 : 0.5, nccl);
    Overhead middle = new Overhead(1.5, NON_TORCH, eager ? 0 : 1.0, nccl);
    Overhead most = new Overhead(4.0, NON_TORCH, eager ? 0 : 3.5, nccl);
    return new MemoryBudget(
        total,
        total * utilization,
        weightsGib,
        middle,
        left - most.sum(),
        left - middle.sum(),
        left - least.sum());
  }

  /** Whole blocks of 16 tokens that {@code gib} holds; none when it is below 0. */
  static long tokens(double gib, double bytesPerToken) {
    return gib <= 0 ? 0 : (long) (gib * GIB / bytesPerToken) / 16 * 16;
  }
}
