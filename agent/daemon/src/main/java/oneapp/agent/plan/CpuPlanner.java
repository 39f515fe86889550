package oneapp.agent.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import oneapp.agent.data.Text;
import oneapp.agent.gpu.Machine;
import oneapp.agent.stage.Category;

/** Plans the fallback: vLLM's CPU backend, for development and for small models. */
final class CpuPlanner {
  /** Memory of API server and engine core, and of each worker beside its weights (measured). */
  private static final double SERVER_GIB = 2;

  private static final double WORKER_GIB = 2;
  private static final int UNKNOWN_CACHE_GIB = 4;
  private static final int LARGEST_CACHE_GIB = 64;
  private static final int USUAL_CONCURRENCY = 64;

  /** vLLM's own size of a block of the KV cache on CPUs, in tokens. */
  private static final int BLOCK = 128;

  private final PlanRequest job;

  CpuPlanner(PlanRequest job) {
    this.job = job;
  }

  LaunchPlan plan(Optional<Machine> machine) throws RefusedException {
    if (job.context().model().quantizationBits() != 0) {
      throw RefusedException.of(
          Category.UNSUPPORTED_QUANTIZATION,
          "ONEAPP_VLLM_MODEL_QUANTIZATION is 4, and bitsandbytes needs a GPU",
          "1 usable GPU",
          "ONEAPP_VLLM_MODEL_QUANTIZATION=0");
    }
    int workers = workers(machine);
    String dtype = job.model().format().dtype();
    Footprint weighing = new Footprint(job.model(), dtype, 0, job.kvElementBytes(dtype));
    double perToken = weighing.kvBytesPerToken(workers);
    int cacheGib = cacheGib(machine, workers, weighing, perToken);
    long tokens = MemoryBudget.tokens(cacheGib, perToken) / BLOCK * BLOCK;
    int length = job.length().fitting(tokens);
    if (tokens < length) {
      throw doesNotFit(
          length * perToken / MemoryBudget.GIB - cacheGib, "the KV cache of one longest request");
    }
    job.because(job.length().reason(length));
    job.warnOfWorkload(length);
    LaunchCommand command = command(machine, workers, dtype, length, cacheGib);
    return new LaunchPlan(
        job.context().model().id(),
        LaunchCommand.servedName(job.context().model()),
        LaunchPlan.Device.CPU,
        "CPU",
        List.of(),
        workers,
        1,
        length,
        tokens,
        job.concurrency(tokens, 1),
        job.serving().api().enginePort(),
        command.argv(),
        command.environment(),
        job.reasons(),
        prediction(weighing.weightBytes() / MemoryBudget.GIB, workers, cacheGib, tokens));
  }

  /** The cache is given in whole GiB, so nothing is open; no time is predicted for a CPU. */
  private static Prediction prediction(double weightsGib, int workers, int cacheGib, long tokens) {
    double share = weightsGib / workers;
    return new Prediction(
        new MemoryBudget(
            cacheGib + share, cacheGib + share, share, 0, 0, 0, 0, cacheGib, cacheGib, cacheGib),
        tokens,
        tokens,
        tokens,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        weightsGib,
        weightsGib + SERVER_GIB + workers * (WORKER_GIB + cacheGib),
        0);
  }

  private int workers(Optional<Machine> machine) throws RefusedException {
    int workers = job.serving().tensorParallelSize().orElse(1);
    Optional<String> objection = new TensorParallelRules(job.model(), false).objection(workers, 1);
    if (objection.isPresent()) {
      throw RefusedException.of(
          Category.TENSOR_PARALLEL_INVALID,
          Text.format("ONEAPP_VLLM_TENSOR_PARALLEL_SIZE is %d: %s", workers, objection.get()),
          "a valid tensor-parallel size",
          "ONEAPP_VLLM_TENSOR_PARALLEL_SIZE=1");
    }
    int cpus = machine.map(Machine::cpus).orElse(workers);
    if (workers > cpus) {
      throw RefusedException.of(
          Category.NOT_ENOUGH_GPUS,
          Text.format(
                  "ONEAPP_VLLM_TENSOR_PARALLEL_SIZE is %d, and there are %d processors for as many",
                  workers, cpus)
              + " workers",
          Text.format("%d processors", workers - cpus),
          "ONEAPP_VLLM_TENSOR_PARALLEL_SIZE=1");
    }
    return workers;
  }

  private int cacheGib(Optional<Machine> machine, int workers, Footprint weighing, double perToken)
      throws RefusedException {
    int most = UNKNOWN_CACHE_GIB;
    if (machine.isPresent()) {
      double weights = weighing.weightBytes() / MemoryBudget.GIB;
      double left =
          machine.get().memoryMib() / 1024.0 * 0.9 - weights - SERVER_GIB - workers * WORKER_GIB;
      most = Math.min(LARGEST_CACHE_GIB, (int) Math.floor(left / workers));
      most = Math.min(most, Math.max(1, (int) (machine.get().memoryMib() / 1024 / 2 / workers)));
      if (most < 1) {
        throw doesNotFit(workers - left, "memory of the VM");
      }
    }
    long requests = USUAL_CONCURRENCY * (long) job.context().benchmark().workload().totalTokens();
    long wanted = Math.max(requests, (long) ContextLength.REQUESTS * job.model().maxLength());
    return Math.clamp((long) Math.ceil(wanted * perToken / MemoryBudget.GIB), 1, most);
  }

  private LaunchCommand command(
      Optional<Machine> machine, int workers, String dtype, int length, int cacheGib) {
    LaunchCommand command = new LaunchCommand(job.context(), dtype, length);
    command.set("VLLM_CPU_KVCACHE_SPACE", Integer.toString(cacheGib));
    job.because(Text.format("each CPU worker keeps a KV cache of %d GiB", cacheGib));
    if (workers > 1) {
      command.add("--tensor-parallel-size", Integer.toString(workers));
      command.add("--distributed-executor-backend", "mp");
      command.set("VLLM_CPU_OMP_THREADS_BIND", binding(machine, workers));
      job.because(Text.format("%d CPU workers share the model, as asked", workers));
    }
    if (job.serving().sleepMode()) {
      job.because("sleep mode is for GPUs and is left out");
    }
    command.add("--enforce-eager");
    return command.finish(job.extra());
  }

  /** An equal share of the processors for each worker, such as 0-3|4-7. */
  private static String binding(Optional<Machine> machine, int workers) {
    int share = Math.max(1, machine.map(Machine::cpus).orElse(workers) / workers);
    List<String> ranges = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      int first = worker * share;
      int last = first + share - 1;
      ranges.add(first == last ? Integer.toString(first) : first + "-" + last);
    }
    return String.join("|", ranges);
  }

  private static RefusedException doesNotFit(double gib, String what) {
    String missing = Text.format("%.1f GiB of %s", Math.max(gib, 0.1), what);
    return RefusedException.of(
        Category.DOES_NOT_FIT,
        "the model does not fit on this machine's CPU: " + missing + " are missing",
        missing,
        "a smaller model, or a VM with more memory");
  }
}
