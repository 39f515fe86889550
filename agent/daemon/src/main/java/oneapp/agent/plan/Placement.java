package oneapp.agent.plan;

/** A tensor-parallel size and replicas on a group of GPUs, and what memory that leaves. */
record Placement(DeviceGroup group, ServingMode mode, int tensorParallel, int replicas) {
  MemoryBudget budget() {
    return MemoryBudget.of(
        mode.memoryMib(),
        mode.utilization(),
        mode.footprint().weightsGib(tensorParallel, replicas),
        mode.eager(),
        tensorParallel > 1);
  }

  double kvGib() {
    return budget().kv();
  }

  double kvBytesPerToken() {
    return mode.footprint().kvBytesPerToken(tensorParallel);
  }

  long kvTokens() {
    return MemoryBudget.tokens(kvGib(), kvBytesPerToken());
  }

  /** True when the KV cache holds one longest request. */
  boolean fits(PlanRequest request) {
    long tokens = kvTokens();
    return tokens >= request.length().fitting(tokens);
  }

  /** Memory that each GPU lacks for one request of the least length. */
  double missingGib(PlanRequest request) {
    return request.length().least() * kvBytesPerToken() / MemoryBudget.GIB - kvGib();
  }
}
