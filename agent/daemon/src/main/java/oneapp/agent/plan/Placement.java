package oneapp.agent.plan;

/** A tensor-parallel size and replicas on a group of GPUs, and what memory that leaves. */
record Placement(DeviceGroup group, ServingMode setting, int tensorParallel, int replicas) {
  MemoryBudget budget() {
    return MemoryBudget.of(
        setting.memoryMib(),
        setting.utilization(),
        setting.weighing().weightsGib(tensorParallel, replicas),
        setting.eager(),
        tensorParallel > 1);
  }

  double kvGib() {
    return budget().kv();
  }

  double kvBytesPerToken() {
    return setting.weighing().kvBytesPerToken(tensorParallel);
  }

  long kvTokens() {
    return MemoryBudget.tokens(kvGib(), kvBytesPerToken());
  }

  /** True when the KV cache holds one longest request. */
  boolean fits(PlanRequest job) {
    long tokens = kvTokens();
    return tokens >= job.length().fitting(tokens);
  }

  /** Memory that each GPU lacks for one request of the least length. */
  double missingGib(PlanRequest job) {
    return job.length().least() * kvBytesPerToken() / MemoryBudget.GIB - kvGib();
  }
}
