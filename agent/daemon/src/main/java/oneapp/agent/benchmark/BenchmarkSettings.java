package oneapp.agent.benchmark;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import oneapp.agent.context.Context;
import oneapp.agent.data.Secrets;
import oneapp.agent.process.Account;

/**
 * What the benchmark needs of its surroundings.
 *
 * @param program the words that start GuideLLM: its path, with a wrapper before it if need be
 * @param nvidiaSmi the program, by name or path
 * @param account the user as whom those words run GuideLLM, when it is not the caller
 * @param tokenizer model directory or hub id whose tokenizer makes the prompts
 * @param workFolder where the results of finished runs are kept until the benchmark is over
 * @param secrets what no line that is kept or shown may hold
 * @param offline nothing is fetched from the hub
 * @param home HOME of the engine
 * @param cache XDG_CACHE_HOME of the engine; the hub's cache is in huggingface below it
 * @param fingerprint of the server, with all that distinguishes it
 * @param ordinal how many benchmarks this VM made before: other prompts each time
 * @param serverProcesses process ids of the vLLM that is measured; empty when nobody knows
 * @param judge decides about second looks and lower rates
 */
public record BenchmarkSettings(
    List<String> program,
    String nvidiaSmi,
    Optional<Account> account,
    String tokenizer,
    Path workFolder,
    Secrets secrets,
    boolean offline,
    Path home,
    Path cache,
    String fingerprint,
    int ordinal,
    Supplier<Set<Long>> serverProcesses,
    RunJudge judge) {
  public BenchmarkSettings {
    program = List.copyOf(program);
  }

  /** What is kept of a benchmark counts only where all of this is the same. */
  String subject(Context.Benchmark asked) {
    return List.of(fingerprint, ordinal, asked.measurement()).toString();
  }
}
