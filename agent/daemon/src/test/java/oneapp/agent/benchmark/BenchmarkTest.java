package oneapp.agent.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import oneapp.agent.benchmark.Request.Outcome;
import oneapp.agent.benchmark.RunJudge.Standing;
import oneapp.agent.benchmark.watch.Observer;
import oneapp.agent.context.Context;
import oneapp.agent.context.Contexts;
import oneapp.agent.data.Secrets;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Progress;
import oneapp.agent.stage.StageFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkTest {
  private static final double THROUGHPUT = 10;

  private static final RunJudge NOTHING_OPEN = (run, looks) -> new Standing(false, false);

  @TempDir private Path folder = Path.of("");
  private final List<Load> loads = new ArrayList<>();
  private int begun;
  private final List<Progress.Update> updates = new ArrayList<>();

  /** What all engines of this test have in common. */
  private abstract class Named implements LoadEngine {
    @Override
    public String name() {
      return "test";
    }

    @Override
    public void begin() {
      begun++;
    }
  }

  /** Answers every request in the same time, at once. */
  private final class Engine extends Named {
    private final int failures;
    private final int interruptAfter;
    private int calls;

    Engine(int failures, int interruptAfter) {
      this.failures = failures;
      this.interruptAfter = interruptAfter;
    }

    @Override
    public EngineReport run(Load load, int number, LongConsumer done)
        throws IOException, InterruptedException {
      if (calls++ < failures) {
        throw new IOException("it would not start");
      }
      if (calls > interruptAfter) {
        throw new InterruptedException();
      }
      loads.add(load);
      done.accept(load.requests() / 2);
      BenchmarkRun run =
          load.kind() == RunKind.THROUGHPUT
              ? Requests.throughput(THROUGHPUT, load.requests())
              : Requests.run(load.rate(), load.requests(), 0);
      return new EngineReport("1.0", "tiny", Optional.of(load.place()), List.of(run));
    }
  }

  private static final class Blind implements Observer {
    @Override
    public Watch watch(Consumer<String> live) {
      return () -> Requests.seen(0);
    }
  }

  private Benchmark benchmark(LoadEngine engine, RunJudge judge, int samples, int runs) {
    return benchmark(engine, judge, samples, runs, 0);
  }

  private Benchmark benchmark(
      LoadEngine engine, RunJudge judge, int samples, int runs, int ordinal) {
    Context.Benchmark asked =
        Contexts.context()
            .with("BENCHMARK_SAMPLES", samples)
            .with("BENCHMARK_RUNS", runs)
            .build()
            .benchmark();
    BenchmarkSettings settings =
        new BenchmarkSettings(
            List.of("guidellm"),
            "/no/nvidia-smi",
            Optional.empty(),
            "tiny",
            folder,
            new Secrets(),
            true,
            folder,
            folder,
            "this server",
            ordinal,
            Set::of,
            judge);
    return new Benchmark(
        engine,
        new Blind(),
        new RunStore(folder, settings.subject(asked)),
        settings,
        asked.procedure(),
        64,
        updates::add);
  }

  private static final int NEVER = Integer.MAX_VALUE;

  @Test
  void noBenchmarkIsLargerThanCanBeKept() throws Exception {
    BenchmarkResult result =
        benchmark(new Engine(0, NEVER), (_, _) -> new Standing(true, true), 1_000_000, 10)
            .measure();
    int requests = result.runs().stream().mapToInt(run -> run.requests().size()).sum();
    assertThat(requests).isBetween(20_000, BenchmarkResult.MOST_REQUESTS);
    assertThat(result.remarks())
        .contains(
            "a run has at most 13333 requests in place of 1000000, so that all of 10 runs can be kept");
  }

  @Test
  void goesFromTheLowestRateUpWithASeedForEachRun() throws Exception {
    BenchmarkResult result = benchmark(new Engine(0, NEVER), NOTHING_OPEN, 1000, 10).measure();
    assertThat(loads).hasSize(12);
    assertThat(loads.getFirst().requests()).isEqualTo(100);
    assertThat(loads.get(1).kind()).isEqualTo(RunKind.THROUGHPUT);
    assertThat(loads.get(1).concurrency()).isEqualTo(64);
    assertThat(loads.subList(2, 12))
        .extracting(Load::rate)
        .containsExactly(5.0, 5.5, 6.0, 6.5, 7.0, 7.5, 8.0, 8.5, 9.0, 9.5);
    assertThat(loads.subList(2, 12)).allMatch(load -> load.requests() == 528);
    assertThat(loads).extracting(Load::seed).doesNotHaveDuplicates().startsWith(42L, 43L, 44L);
    assertThat(result.plannedLooks()).isEqualTo(2);
    assertThat(result.runs()).hasSize(11);
    assertThat(result.remarks()).isEmpty();
  }

  @Test
  void tellsTheRunTheRateAndTheShare() throws Exception {
    benchmark(new Engine(0, NEVER), NOTHING_OPEN, 1000, 10).measure();
    assertThat(updates)
        .extracting(Progress.Update::text)
        .contains(
            "warm-up, 50 of 100 requests",
            "run 1/11, throughput, 500 of 1000 requests",
            "run 2/11 at 5.0 req/s, 264 of 528 requests");
    assertThat(updates)
        .extracting(update -> update.fraction().orElse(-1))
        .isSorted()
        .allMatch(fraction -> fraction >= 0 && fraction <= 1);
    assertThat(updates.getLast().left()).isPresent();
  }

  @Test
  void looksAgainWhereAVerdictIsOpen() throws Exception {
    RunJudge open = (run, looks) -> new Standing(run.looks().size() < looks, false);
    BenchmarkResult result = benchmark(new Engine(0, NEVER), open, 1000, 2).measure();
    assertThat(result.runs().get(1).looks()).containsExactly(528, 1000);
    assertThat(updates)
        .extracting(Progress.Update::text)
        .contains("run 2/3 at 5.0 req/s, 764 of 1000 requests");
  }

  @Test
  void fewSamplesHaveOneLook() throws Exception {
    RunJudge open = (run, looks) -> new Standing(true, false);
    BenchmarkResult result = benchmark(new Engine(0, NEVER), open, 30, 1).measure();
    assertThat(result.plannedLooks()).isEqualTo(1);
    assertThat(loads).extracting(Load::requests).containsExactly(3, 30, 30);
    assertThat(loads.get(1).concurrency()).isEqualTo(30);
    assertThat(loads.getLast().rate()).isEqualTo(5.0);
  }

  @Test
  void halvesTheLowestRateUntilItDoesNotFail() throws Exception {
    RunJudge fails = (run, looks) -> new Standing(false, run.rate().orElse(0) > 2);
    BenchmarkResult result = benchmark(new Engine(0, NEVER), fails, 528, 2).measure();
    assertThat(loads.subList(2, loads.size()))
        .extracting(Load::rate)
        .containsExactly(5.0, 2.5, 1.25, 9.5);
    assertThat(result.runs())
        .extracting(run -> run.rate().orElse(0))
        .containsExactly(0.0, 1.25, 2.5, 5.0, 9.5);
  }

  @Test
  void halvesFourTimesAtMost() throws Exception {
    RunJudge fails = (run, looks) -> new Standing(false, true);
    benchmark(new Engine(0, NEVER), fails, 20, 1).measure();
    assertThat(loads.getLast().rate()).isEqualTo(0.3125);
    assertThat(loads).hasSize(2 + 1 + 4);
  }

  @Test
  void goesOnWhereAnInterruptEndedIt() {
    assertThatThrownBy(() -> benchmark(new Engine(0, 4), NOTHING_OPEN, 1000, 10).measure())
        .isInstanceOf(InterruptedException.class);
    assertThat(loads).hasSize(4);
    loads.clear();
    assertThatThrownBy(() -> benchmark(new Engine(0, 2), NOTHING_OPEN, 1000, 10).measure())
        .isInstanceOf(InterruptedException.class);
    assertThat(loads).extracting(Load::seed).containsExactly(42L, 46L);
    assertThat(begun).as("what it left is kept").isEqualTo(1);
  }

  @Test
  void anotherBenchmarkBeginsAnewWhereAnInterruptEndedOne() throws Exception {
    assertThatThrownBy(() -> benchmark(new Engine(0, 4), NOTHING_OPEN, 1000, 10).measure())
        .isInstanceOf(InterruptedException.class);
    assertThat(Benchmark.keptRuns(folder)).isEqualTo(3);
    assertThatThrownBy(() -> benchmark(new Engine(0, 2), NOTHING_OPEN, 1000, 9).measure())
        .isInstanceOf(InterruptedException.class);
    assertThat(begun).isEqualTo(2);
    assertThat(Benchmark.keptRuns(folder)).as("its throughput run").isEqualTo(1);
  }

  @Test
  void aResultIsGivenAgainUntilItIsCounted() throws Exception {
    BenchmarkResult result = benchmark(new Engine(0, NEVER), NOTHING_OPEN, 30, 1).measure();
    loads.clear();
    assertThat(benchmark(new Engine(0, NEVER), NOTHING_OPEN, 30, 1).measure()).isEqualTo(result);
    assertThat(loads).isEmpty();
    benchmark(new Engine(0, NEVER), NOTHING_OPEN, 30, 1, 1).measure();
    assertThat(loads).hasSize(3);
  }

  @Test
  void aResultThatWasAskedForOtherwiseIsNotGivenAgain() throws Exception {
    benchmark(new Engine(0, NEVER), NOTHING_OPEN, 30, 1).measure();
    loads.clear();
    benchmark(new Engine(0, NEVER), NOTHING_OPEN, 31, 1).measure();
    assertThat(loads).hasSize(3);
  }

  /** Gives these runs, in this order, whatever is asked. */
  private final class Script extends Named {
    private final Deque<BenchmarkRun> left;

    Script(BenchmarkRun... runs) {
      this.left = new ArrayDeque<>(List.of(runs));
    }

    @Override
    public EngineReport run(Load load, int number, LongConsumer done) {
      loads.add(load);
      return new EngineReport("1.0", "tiny", Optional.of(load.place()), List.of(left.remove()));
    }
  }

  /** A run at 5/s of which so many of 30 requests fail. */
  private static BenchmarkRun failing(int failures) {
    return Requests.of(
        5,
        Stream.concat(
                Requests.run(5, 30 - failures, 0).requests().stream(),
                IntStream.range(0, failures).mapToObj(i -> Requests.failed(200.0 * (30 + i))))
            .toList());
  }

  private BenchmarkResult scripted(BenchmarkRun... runs) throws Exception {
    List<BenchmarkRun> all = new ArrayList<>(List.of(Requests.throughput(THROUGHPUT, 3)));
    all.addAll(List.of(runs));
    return benchmark(new Script(all.toArray(BenchmarkRun[]::new)), NOTHING_OPEN, 30, 1).measure();
  }

  @Test
  void aThroughputRunThatDoesNotFillTheServerIsRepeatedOnce() throws Exception {
    BenchmarkRun full = Requests.throughput(THROUGHPUT, 30);
    BenchmarkRun idle = Requests.run(RunKind.THROUGHPUT, OptionalDouble.empty(), alone(30));
    assertThat(scripted(idle, full, failing(0)).remarks())
        .containsExactly(
            "the throughput run was repeated: it kept 1.0 of 30 requests at work, so it did not"
                + " fill the server");
    assertThat(loads).extracting(Load::seed).containsExactly(42L, 43L, 443L, 44L);
  }

  @Test
  void andIsReportedWhenItIsNoBetter() throws Exception {
    BenchmarkRun idle = Requests.run(RunKind.THROUGHPUT, OptionalDouble.empty(), alone(30));
    assertThat(scripted(idle, idle, failing(0)).remarks())
        .hasSize(2)
        .last()
        .asString()
        .startsWith("the throughput run is no better when repeated: it kept 1.0 of 30");
  }

  /** One request after the other. */
  private static List<Request> alone(int requests) {
    return IntStream.range(0, requests)
        .mapToObj(i -> Requests.answered(2600.0 * i, 50, 10))
        .toList();
  }

  @Test
  void aRunUnderErrorsIsRepeatedOnceAndTheRepetitionCounts() throws Exception {
    BenchmarkResult result = scripted(Requests.throughput(THROUGHPUT, 30), failing(4), failing(0));
    assertThat(result.remarks())
        .containsExactly(
            "the run at 5.0 req/s was repeated: 4 of 30 requests failed, the first with: HTTP 500");
    assertThat(result.runs().getLast()).extracting(run -> run.count(Outcome.ERROR)).isEqualTo(0L);
    assertThat(loads).extracting(Load::seed).containsExactly(42L, 43L, 44L, 444L);
  }

  @Test
  void andIsReportedWhenItFailsAgain() throws Exception {
    BenchmarkResult result =
        scripted(Requests.throughput(THROUGHPUT, 30), failing(30), failing(20));
    assertThat(result.remarks())
        .hasSize(2)
        .last()
        .isEqualTo(
            "the run at 5.0 req/s is no better when repeated: 20 of 30 requests failed, the first"
                + " with: HTTP 500");
    assertThat(result.runs().getLast()).extracting(run -> run.count(Outcome.ERROR)).isEqualTo(20L);
  }

  @Test
  void fewErrorsAreTheServersAndStay() throws Exception {
    assertThat(scripted(Requests.throughput(THROUGHPUT, 30), failing(3)).remarks()).isEmpty();
  }

  @Test
  void aRunWithoutAnAnswerIsNotKept() throws Exception {
    LoadEngine unanswered =
        new Named() {
          @Override
          public EngineReport run(Load load, int number, LongConsumer done) {
            BenchmarkRun run =
                Requests.run(load.kind(), OptionalDouble.empty(), List.of(Requests.failed(0)));
            return new EngineReport("1.0", "tiny", Optional.of(load.place()), List.of(run));
          }
        };
    assertThatThrownBy(() -> benchmark(unanswered, NOTHING_OPEN, 30, 1).measure())
        .isInstanceOf(StageFailure.class)
        .hasMessageContaining("the throughput run found no rate");
    BenchmarkResult result = benchmark(new Engine(0, NEVER), NOTHING_OPEN, 30, 1).measure();
    assertThat(loads).hasSize(3);
    assertThat(result.remarks()).isEmpty();
  }

  @Test
  void aFailureOfAnInterruptedThreadIsAnInterrupt() {
    LoadEngine engine =
        new Named() {
          @Override
          public EngineReport run(Load load, int number, LongConsumer done) throws IOException {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting");
          }
        };
    assertThatThrownBy(() -> benchmark(engine, NOTHING_OPEN, 30, 1).measure())
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void triesTwiceAndThenFails() throws Exception {
    BenchmarkResult result = benchmark(new Engine(1, NEVER), NOTHING_OPEN, 30, 1).measure();
    assertThat(result.remarks()).singleElement().asString().contains("it would not start");
    assertThatThrownBy(() -> benchmark(new Engine(2, NEVER), NOTHING_OPEN, 31, 1).measure())
        .isInstanceOfSatisfying(
            StageFailure.class,
            failure -> assertThat(failure.category()).isEqualTo(Category.BENCHMARK_FAILED))
        .hasMessageContaining("it would not start");
  }
}
