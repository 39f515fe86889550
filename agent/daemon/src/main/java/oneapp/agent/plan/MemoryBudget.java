package oneapp.agent.plan;

/**
 * How the memory of one GPU is used, in GiB. The figures beside the weights are those of start-up
 * logs of vLLM 0.8 to 0.26 on L40S, A100, H100 and H200.
 *
 * @param total as CUDA sees it
 * @param usable the share that vLLM may take
 * @param weights of the model
 * @param activation peak of a forward pass
 * @param nonTorch CUDA context and libraries
 * @param graphs CUDA graphs
 * @param communication buffers of NCCL
 * @param kvLow left for the KV cache when everything else is at its most
 * @param kv left by the middle figures; below 0 when the weights do not fit
 * @param kvHigh left when everything else is at its least
 */
public record MemoryBudget(
    double total,
    double usable,
    double weights,
    double activation,
    double nonTorch,
    double graphs,
    double communication,
    double kvLow,
    double kv,
    double kvHigh) {
  static final double GIB = 1024.0 * 1024 * 1024;

  /** CUDA sees 44.42 GiB of the 44.99 GiB that nvidia-smi shows of an L40S. */
  static final double SEEN_BY_CUDA = 0.987;

  private static final double ACTIVATION = 1.5;
  private static final double ACTIVATION_LOW = 0.3;
  private static final double ACTIVATION_HIGH = 4.0;
  private static final double NON_TORCH = 0.2;
  private static final double GRAPHS = 1.0;
  private static final double GRAPHS_LOW = 0.5;
  private static final double GRAPHS_HIGH = 3.5;
  private static final double NCCL = 0.35;

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
    double usable = total * utilization;
    double nccl = tensorParallel ? NCCL : 0;
    double rest = usable - weightsGib - NON_TORCH - nccl;
    double graphs = eager ? 0 : GRAPHS;
    return new MemoryBudget(
        total,
        usable,
        weightsGib,
        ACTIVATION,
        NON_TORCH,
        graphs,
        nccl,
        rest - ACTIVATION_HIGH - (eager ? 0 : GRAPHS_HIGH),
        rest - ACTIVATION - graphs,
        rest - ACTIVATION_LOW - (eager ? 0 : GRAPHS_LOW));
  }

  /** Whole blocks of 16 tokens that {@code gib} holds; none when it is below 0. */
  static long tokens(double gib, double bytesPerToken) {
    return gib <= 0 ? 0 : (long) (gib * GIB / bytesPerToken) / 16 * 16;
  }

  /** The same to two decimals. */
  MemoryBudget rounded() {
    return new MemoryBudget(
        round(total),
        round(usable),
        round(weights),
        round(activation),
        round(nonTorch),
        round(graphs),
        round(communication),
        round(kvLow),
        round(kv),
        round(kvHigh));
  }

  static double round(double gib) {
    return Math.round(gib * 100) / 100.0;
  }
}
