package oneapp.agent.benchmark;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import oneapp.agent.context.Context;
import oneapp.agent.context.Contexts;
import oneapp.agent.data.Secrets;

/** What a benchmark is asked for and where it runs; a test names only what matters to it. */
final class BenchmarkSetup {
  private final Path folder;
  private final Secrets secrets = new Secrets();
  private List<String> program = List.of("guidellm");
  private RunJudge judge = (run, looks) -> new RunJudge.Standing(false, false);
  private int samples = 30;
  private int runs = 1;
  private int ordinal;

  BenchmarkSetup(Path folder) {
    this.folder = folder;
  }

  BenchmarkSetup program(String... words) {
    program = List.of(words);
    return this;
  }

  BenchmarkSetup secret(String value) {
    secrets.add(value);
    return this;
  }

  BenchmarkSetup judge(RunJudge newJudge) {
    judge = newJudge;
    return this;
  }

  BenchmarkSetup samples(int number) {
    samples = number;
    return this;
  }

  BenchmarkSetup runs(int number) {
    runs = number;
    return this;
  }

  BenchmarkSetup ordinal(int number) {
    ordinal = number;
    return this;
  }

  Context.Benchmark asked() {
    return Contexts.context()
        .with("BENCHMARK_SAMPLES", samples)
        .with("BENCHMARK_RUNS", runs)
        .build()
        .benchmark();
  }

  BenchmarkSettings settings() {
    return new BenchmarkSettings(
        new BenchmarkSettings.Engine(
            program, Optional.empty(), folder, folder.resolve("cache"), "/models/tiny", true),
        new BenchmarkSettings.Identity("this server", ordinal),
        folder,
        secrets,
        "/no/nvidia-smi",
        Set::of,
        judge);
  }
}
