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

  private final PlanRequest request;

  CpuPlanner(PlanRequest request) {
    this.request = request;
  }

  LaunchPlan plan(Optional<Machine> machine) throws PlanFailure {
    if (request.context().model().quantizationBits() != 0) {
      throw PlanFailure.of(
          Category.UNSUPPORTED_QUANTIZATION,
          "ONEAPP_VLLM_MODEL_QUANTIZATION is 4, but bitsandbytes needs a GPU",
          "1 usable GPU",
          "ONEAPP_VLLM_MODEL_QUANTIZATION=0");
    }
    int workers = workers(machine);
    String dtype = request.model().format().dtype();
    Footprint footprint = new Footprint(request.model(), dtype, 0, request.kvElementBytes(dtype));
    double perToken = footprint.kvBytesPerToken(workers);
    int cacheGib = cacheGib(machine, workers, footprint, perToken);
    long tokens = MemoryBudget.tokens(cacheGib, perToken) / BLOCK * BLOCK;
    int length = request.length().fitting(tokens);
    if (tokens < length) {
      throw doesNotFit(length * perToken / MemoryBudget.GIB - cacheGib, "KV cache for one request");
    }
    request.explainLength(length);
    LaunchPlan.Command command = command(machine, workers, dtype, length, cacheGib);
    return request.plan(
        new LaunchPlan.Layout(LaunchPlan.Device.CPU, "CPU", List.of(), workers, 1),
        command,
        prediction(footprint.weightBytes() / MemoryBudget.GIB, workers, cacheGib, tokens));
  }

  /** The cache is given in whole GiB, so nothing is open; no time is predicted for a CPU. */
  private static Prediction prediction(double weightsGib, int workers, int cacheGib, long tokens) {
    double share = weightsGib / workers;
    return new Prediction(
        new MemoryBudget(
            cacheGib + share,
            cacheGib + share,
            share,
            MemoryBudget.Overhead.NONE,
            cacheGib,
            cacheGib,
            cacheGib),
        tokens,
        tokens,
        tokens,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        weightsGib,
        weightsGib + SERVER_GIB + workers * (WORKER_GIB + cacheGib),
        0);
  }

  private int workers(Optional<Machine> machine) throws PlanFailure {
    int workers = request.serving().tensorParallelSize().orElse(1);
    Optional<String> objection =
        new TensorParallelRules(request.model(), false).objection(workers, 1);
    if (objection.isPresent()) {
      throw PlanFailure.of(
          Category.TENSOR_PARALLEL_INVALID,
          Text.format("ONEAPP_VLLM_TENSOR_PARALLEL_SIZE is %d: %s", workers, objection.get()),
          "a valid tensor-parallel size",
          "ONEAPP_VLLM_TENSOR_PARALLEL_SIZE=1");
    }
    int cpus = machine.map(Machine::cpus).orElse(workers);
    if (workers > cpus) {
      throw PlanFailure.of(
          Category.NOT_ENOUGH_GPUS,
          Text.format(
              "ONEAPP_VLLM_TENSOR_PARALLEL_SIZE is %d, but there are only %d processors",
              workers, cpus),
          Text.format("%d more processors", workers - cpus),
          "ONEAPP_VLLM_TENSOR_PARALLEL_SIZE=1");
    }
    return workers;
  }

  private int cacheGib(Optional<Machine> machine, int workers, Footprint footprint, double perToken)
      throws PlanFailure {
    int most = UNKNOWN_CACHE_GIB;
    if (machine.isPresent()) {
      double weights = footprint.weightBytes() / MemoryBudget.GIB;
      double left =
          machine.get().memoryMib() / 1024.0 * 0.9 - weights - SERVER_GIB - workers * WORKER_GIB;
      most = Math.min(LARGEST_CACHE_GIB, (int) Math.floor(left / workers));
      most = Math.min(most, Math.max(1, (int) (machine.get().memoryMib() / 1024 / 2 / workers)));
      if (most < 1) {
        throw doesNotFit(workers - left, "memory of the VM");
      }
    }
    long requests =
        USUAL_CONCURRENCY * (long) request.context().benchmark().workload().totalTokens();
    long wanted = Math.max(requests, (long) ContextLength.REQUESTS * request.model().maxLength());
    return Math.clamp((long) Math.ceil(wanted * perToken / MemoryBudget.GIB), 1, most);
  }

  private LaunchPlan.Command command(
      Optional<Machine> machine, int workers, String dtype, int length, int cacheGib) {
    CommandBuilder command = new CommandBuilder(request.context(), dtype, length);
    command.set("VLLM_CPU_KVCACHE_SPACE", Integer.toString(cacheGib));
    request.because("each CPU worker has a KV cache of %d GiB", cacheGib);
    if (workers > 1) {
      command.add("--tensor-parallel-size", Integer.toString(workers));
      command.add("--distributed-executor-backend", "mp");
      command.set("VLLM_CPU_OMP_THREADS_BIND", binding(machine, workers));
      request.because(
          "%d CPU workers share the model, set by ONEAPP_VLLM_TENSOR_PARALLEL_SIZE", workers);
    }
    if (request.serving().sleepMode()) {
      request.because("sleep mode needs a GPU and is ignored");
    }
    command.add("--enforce-eager");
    return command.finish(request.extra());
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

  private static PlanFailure doesNotFit(double gib, String what) {
    String missing = Text.format("%.1f GiB of %s", Math.max(gib, 0.1), what);
    return PlanFailure.of(
        Category.DOES_NOT_FIT,
        "the model does not fit on this machine's CPU; missing: " + missing,
        missing,
        "a smaller model, or a VM with more memory");
  }
}
