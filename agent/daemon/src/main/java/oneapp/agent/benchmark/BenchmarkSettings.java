package oneapp.agent.benchmark;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import oneapp.agent.context.Context;
import oneapp.agent.data.Secrets;
import oneapp.agent.data.Text;
import oneapp.agent.process.Account;

/**
 * The surroundings of a benchmark.
 *
 * @param workFolder where the results of finished runs are kept until the benchmark is over
 * @param secrets values that no kept or shown line may hold
 * @param nvidiaSmi the program, by name or path
 * @param serverProcesses process ids of the vLLM that is measured; empty when they are not known
 * @param judge decides about second looks and lower rates
 */
public record BenchmarkSettings(
    Engine engine,
    Identity identity,
    Path workFolder,
    Secrets secrets,
    String nvidiaSmi,
    Supplier<Set<Long>> serverProcesses,
    RunJudge judge) {

  /**
   * How GuideLLM is started.
   *
   * @param program the words that start it: its path, with a wrapper before it if need be
   * @param account the user as whom those words run it, when it is not the caller
   * @param home its HOME
   * @param cache its XDG_CACHE_HOME; the hub's cache is in huggingface below it
   * @param tokenizer model directory or hub id whose tokenizer makes the prompts
   * @param offline nothing is fetched from the hub
   */
  public record Engine(
      List<String> program,
      Optional<Account> account,
      Path home,
      Path cache,
      String tokenizer,
      boolean offline) {
    public Engine {
      program = List.copyOf(program);
      if (program.isEmpty() || tokenizer.isBlank()) {
        throw new IllegalArgumentException(
            Text.format("GuideLLM needs a program and a tokenizer: %s, %s", program, tokenizer));
      }
    }
  }

  /**
   * Which benchmark of this VM it is.
   *
   * @param fingerprint of the server, with all that distinguishes it
   * @param ordinal how many benchmarks this VM made before: other prompts each time
   */
  public record Identity(String fingerprint, int ordinal) {
    public Identity {
      if (ordinal < 0) {
        throw new IllegalArgumentException("the ordinal of a benchmark is " + ordinal);
      }
    }
  }

  /** Stored runs count only where all of this is the same. */
  String subject(Context.Benchmark asked) {
    return List.of(identity.fingerprint, identity.ordinal, asked.measurement()).toString();
  }
}
