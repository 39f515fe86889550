package oneapp.agent.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.LongConsumer;
import oneapp.agent.benchmark.Request.Outcome;
import oneapp.agent.benchmark.watch.GpuWatch;
import oneapp.agent.benchmark.watch.Observation;
import oneapp.agent.benchmark.watch.Observer;
import oneapp.agent.benchmark.watch.ServerObserver;
import oneapp.agent.context.Context;
import oneapp.agent.data.Text;
import oneapp.agent.gpu.KernelLog;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.serve.Endpoint;
import oneapp.agent.serve.ServerMetrics;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Progress;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import org.jspecify.annotations.Nullable;

/**
 * The procedure: warm-up, one throughput run, then runs at fixed rates below it from the lowest up,
 * each with prompts of its own, extended once where a verdict is open.
 */
public final class Benchmark {
  private final LoadEngine engine;
  private final Observer observer;
  private final RunStore store;
  private final BenchmarkSettings settings;
  private final Context.Procedure asked;
  private final int concurrency;
  private final int samples;
  private final RunTrouble disturbance;
  private final Meter meter;
  private final List<Integer> looks;
  private final List<BenchmarkRun> runs = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private Optional<String> engineVersion = Optional.empty();

  /**
   * A benchmark with any engine and observer.
   *
   * @param concurrency most requests at once in the throughput run
   */
  public Benchmark(
      LoadEngine engine,
      Observer observer,
      BenchmarkSettings settings,
      Context.Benchmark wanted,
      int concurrency,
      Progress progress) {
    this.engine = engine;
    this.observer = observer;
    this.store = new RunStore(settings.workFolder(), settings.subject(wanted));
    this.settings = settings;
    this.asked = wanted.procedure();
    this.concurrency = concurrency;
    this.samples = RunPlan.samples(asked.samples(), asked.runs());
    if (samples < asked.samples()) {
      remarks.add(
          Text.format(
              "a run has at most %d requests in place of %d, so that all of %d runs can be kept",
              samples, asked.samples(), asked.runs()));
    }
    this.looks = RunPlan.looks(samples);
    this.disturbance = new RunTrouble(settings.secrets());
    this.meter =
        new Meter(
            progress, warmupRequests(), samples, RunPlan.shares(asked.runs()), looks.getFirst());
  }

  /**
   * Measures a ready server with GuideLLM. An interrupt ends it, with all its processes, at once;
   * runs that were finished are on disk then, and the next call goes on from there. A result is in
   * the work folder before it is returned; until the ordinal rises, the next call gives it again.
   *
   * @throws StageFailure BENCHMARK_FAILED when there is no result
   */
  public static BenchmarkResult run(
      Endpoint endpoint,
      LaunchPlan plan,
      Context.Benchmark asked,
      BenchmarkSettings settings,
      Progress progress)
      throws StageFailure, InterruptedException {
    try (GpuWatch gpus =
            GpuWatch.start(
                plan.layout().gpus(),
                settings.nvidiaSmi(),
                KernelLog.ofThisVm(),
                settings.serverProcesses());
        ServerObserver observer =
            ServerObserver.start(new ServerMetrics(endpoint), gpus, ServerObserver.INTERVAL)) {
      return new Benchmark(
              new GuideLlm(endpoint, settings),
              observer,
              settings,
              asked,
              plan.concurrency(asked.workload().totalTokens()),
              progress)
          .measure();
    }
  }

  /** How many runs of a benchmark that did not end are kept in that work folder. */
  public static int keptRuns(Path workFolder) {
    try {
      return RunStore.runs(workFolder).size();
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * Makes the runs that are not kept from an earlier call.
   *
   * @throws StageFailure BENCHMARK_FAILED when there is no result
   */
  public BenchmarkResult measure() throws StageFailure, InterruptedException {
    Optional<BenchmarkResult> finished = store.result();
    if (finished.isPresent()) {
      keep(store::forgetRuns); // A kill may have left them.
      return finished.get();
    }
    keep(
        () -> {
          if (!store.hasRuns()) {
            store.forgetRuns(); // of another one, which was cut off
            engine.begin();
          }
        });
    warmUp();
    double throughput = throughput();
    meter.throughput(throughput);
    List<Double> shares = RunPlan.shares(asked.runs());
    for (int i = 0; i < shares.size(); i++) {
      RunPlace place = RunPlace.fixed(i, looks.size());
      BenchmarkRun run = fixedRun(place, throughput, shares.get(i));
      if (i == 0 && settings.judge().judge(run, looks.size()).failed()) {
        halved(throughput, shares.getFirst());
      }
    }
    BenchmarkResult result =
        new BenchmarkResult(
            BenchmarkResult.SCHEMA,
            engine.name(),
            engineVersion.orElse(""),
            asked.workload().name(),
            looks.size(),
            runs.stream().sorted(Comparator.comparingDouble(run -> run.rate().orElse(0))).toList(),
            remarks);
    keep(() -> store.finish(result));
    return result;
  }

  /** A change of what is on disk. */
  private interface Change {
    void make() throws IOException;
  }

  private static void keep(Change change) throws StageFailure, InterruptedException {
    try {
      change.make();
    } catch (IOException e) {
      endIfInterrupted();
      throw failure("keeping the result: " + e.getMessage(), e);
    }
  }

  private int warmupRequests() {
    return Math.toIntExact(Math.round(asked.warmup() * samples));
  }

  private void warmUp() throws StageFailure, InterruptedException {
    int requests = warmupRequests();
    if (requests > 0) {
      meter.warmingUp(0, requests);
      Load load = load(RunPlace.warmUp(looks.size()), OptionalDouble.empty(), requests);
      make(load, done -> meter.warmingUp(done, requests));
      meter.finished(requests, 1);
    }
  }

  /** The rate that the server can do; its run comes first in the result. */
  private double throughput() throws StageFailure, InterruptedException {
    meter.nextRun();
    Load load = load(RunPlace.throughput(looks.size()), OptionalDouble.empty(), samples);
    BenchmarkRun run = throughputRun(load);
    Optional<String> trouble = disturbance.ofThroughput(run, concurrency);
    if (trouble.isPresent()) {
      meter.addWork(samples, 1);
      run = throughputRun(load(load.place().again(), OptionalDouble.empty(), samples));
      String first = trouble.get();
      trouble = disturbance.ofThroughput(run, concurrency);
      remarkOnRepetition(load.name(), first, trouble);
    }
    double throughput = run.achievedThroughput();
    if (throughput <= 0) {
      throw failure("the throughput run found no rate: " + trouble.orElse("no time passed"), null);
    }
    runs.add(run);
    return throughput;
  }

  private BenchmarkRun throughputRun(Load load) throws StageFailure, InterruptedException {
    meter.throughputRun(0, samples);
    BenchmarkRun run = make(load, done -> meter.throughputRun(done, samples));
    meter.finished(samples, 1);
    return run;
  }

  private void halved(double throughput, double lowest) throws StageFailure, InterruptedException {
    double share = lowest;
    boolean failed = true;
    for (int i = 0; i < RunPlan.HALVINGS && failed; i++) {
      share /= 2;
      meter.addRun();
      meter.addWork(looks.getFirst(), share);
      BenchmarkRun run = fixedRun(RunPlace.halved(i, looks.size()), throughput, share);
      failed = settings.judge().judge(run, looks.size()).failed();
    }
  }

  private BenchmarkRun fixedRun(RunPlace place, double throughput, double share)
      throws StageFailure, InterruptedException {
    meter.nextRun();
    double rate = RunPlan.rate(throughput, share);
    int first = RunPlan.fitting(looks.getFirst(), rate, asked.runLimit());
    BenchmarkRun run = part(place, rate, share, 0, first);
    int more =
        looks.size() < 2
            ? 0
            : RunPlan.fitting(looks.get(1) - looks.getFirst(), rate, asked.runLimit());
    if (more > 0 && settings.judge().judge(run, looks.size()).open()) {
      meter.addWork(more, share);
      run = run.extendedBy(part(place.secondLook(), rate, share, first, more));
    }
    runs.add(run);
    return run;
  }

  /** One look at a fixed rate; made again once where it may not show the server. */
  private BenchmarkRun part(RunPlace place, double rate, double share, int before, int requests)
      throws StageFailure, InterruptedException {
    LongConsumer done = count -> meter.fixedRun(rate, share, count, before, before + requests);
    Load load = load(place, OptionalDouble.of(rate), requests);
    BenchmarkRun run = fixedPart(load, share, done);
    Optional<String> trouble = disturbance.ofFixedRate(run);
    if (trouble.isEmpty()) {
      return run;
    }
    meter.addWork(requests, share);
    BenchmarkRun again = fixedPart(load(place.again(), load.rate(), requests), share, done);
    remarkOnRepetition(load.name(), trouble.get(), disturbance.ofFixedRate(again));
    return again;
  }

  private BenchmarkRun fixedPart(Load load, double share, LongConsumer done)
      throws StageFailure, InterruptedException {
    done.accept(0);
    BenchmarkRun run = make(load, done);
    meter.finished(load.requests(), share);
    return run;
  }

  private void remarkOnRepetition(String run, String first, Optional<String> second) {
    remarks.add(Text.format("%s was repeated: %s", run, first));
    second.ifPresent(
        trouble -> remarks.add(Text.format("%s is no better when repeated: %s", run, trouble)));
  }

  private Load load(RunPlace place, OptionalDouble rate, int requests) {
    long before = (long) RunPlace.PER_BENCHMARK * settings.identity().ordinal();
    return new Load(
        rate,
        rate.isPresent()
            ? OptionalInt.empty()
            : OptionalInt.of(Math.clamp(concurrency, 1, requests)),
        requests,
        asked.seed() + before + place.number(),
        asked.runLimit(),
        new BenchmarkRun.Asked(asked.workload().promptTokens(), asked.workload().outputTokens()),
        place);
  }

  /** Makes a run, or takes it from an earlier benchmark that was cut off. */
  private BenchmarkRun make(Load load, LongConsumer done)
      throws StageFailure, InterruptedException {
    Optional<EngineReport> stored = store.find(load);
    if (stored.isPresent()) {
      engineVersion = stored.get().engineVersion();
      remarks.add(load.name() + " was made before the agent was restarted");
      return stored.get().runs().getFirst();
    }
    try {
      return measured(load, done);
    } catch (IOException first) {
      endIfInterrupted();
      remarks.add(Text.format("%s was tried twice: %s", load.name(), first.getMessage()));
      try {
        return measured(load, done);
      } catch (IOException second) {
        endIfInterrupted();
        throw failure(Text.format("%s, tried twice: %s", load.name(), second.getMessage()), second);
      }
    }
  }

  /** Files and processes report an interrupt as a failure of their own. */
  private static void endIfInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("the benchmark was interrupted");
    }
  }

  private BenchmarkRun measured(Load load, LongConsumer done)
      throws IOException, InterruptedException {
    Observer.Watch watch = observer.watch(meter::live);
    EngineReport report;
    try {
      report = engine.run(load, done);
    } finally {
      meter.live("");
    }
    Observation seen = watch.end();
    if (report.runs().size() != 1) {
      throw new IOException(
          Text.format("the engine reports %d runs in place of one", report.runs().size()));
    }
    BenchmarkRun run = report.runs().getFirst().observed(load, seen);
    engineVersion = report.engineVersion();
    // A warm-up is always made; a run without an answer would make the next benchmark fail, too.
    if (!load.place().isWarmUp() && run.count(Outcome.OK) > 0) {
      store.put(load, engineVersion, run);
    }
    return run;
  }

  private static StageFailure failure(String what, @Nullable Throwable cause) {
    return new StageFailure(
        Stage.BENCHMARKING, Category.BENCHMARK_FAILED, "benchmarking: " + what, cause);
  }
}
