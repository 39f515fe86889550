package oneapp.agent.stage;

/**
 * What can go wrong: the one list of failure categories, each with the exit code of the agent and
 * whether starting again could help. docs/exit-codes.md is checked against it.
 */
public enum Category {
  CONTEXT_INVALID(10, Recovery.PERMANENT),
  NO_GPU(11, Recovery.PERMANENT),
  DOES_NOT_FIT(12, Recovery.PERMANENT),

  OUT_OF_GPU_MEMORY(20, Recovery.PERMANENT),
  KV_CACHE_TOO_SMALL(21, Recovery.PERMANENT),
  CONTEXT_TOO_LONG(22, Recovery.PERMANENT),
  TENSOR_PARALLEL_INVALID(23, Recovery.PERMANENT),
  NOT_ENOUGH_GPUS(24, Recovery.PERMANENT),
  MODEL_ACCESS_DENIED(25, Recovery.PERMANENT),
  MODEL_NOT_FOUND(26, Recovery.PERMANENT),
  HUB_UNREACHABLE(27, Recovery.RETRY),
  DISK_FULL(28, Recovery.PERMANENT),
  PORT_IN_USE(29, Recovery.RETRY),
  UNSUPPORTED_MODEL(30, Recovery.PERMANENT),
  UNSUPPORTED_QUANTIZATION(31, Recovery.PERMANENT),
  UNSUPPORTED_DTYPE(32, Recovery.PERMANENT),
  NCCL_FAILURE(33, Recovery.RETRY),
  CORRUPT_WEIGHTS(34, Recovery.PERMANENT),
  DRIVER_PROBLEM(35, Recovery.PERMANENT),
  SHARED_MEMORY(36, Recovery.PERMANENT),
  ENGINE_DIED(37, Recovery.RETRY),
  UNKNOWN(38, Recovery.RETRY),

  START_TIMEOUT(40, Recovery.RETRY),
  SERVER_DIED(41, Recovery.RETRY),
  BENCHMARK_FAILED(42, Recovery.RETRY),

  OPENNEBULA_AUTH(50, Recovery.RETRY),
  OPENNEBULA_FORBIDDEN(51, Recovery.RETRY),
  OPENNEBULA_UNREACHABLE(52, Recovery.RETRY),

  INTERNAL(70, Recovery.RETRY);

  private enum Recovery {
    RETRY,
    PERMANENT
  }

  private final int exitCode;
  private final Recovery recovery;

  Category(int exitCode, Recovery recovery) {
    this.exitCode = exitCode;
    this.recovery = recovery;
  }

  /** The exit code of the agent when it ends for this reason. */
  public int exitCode() {
    return exitCode;
  }

  /** True when the same start would fail the same way: only a change by a person helps. */
  public boolean isPermanent() {
    return recovery == Recovery.PERMANENT;
  }
}
