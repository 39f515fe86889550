package oneapp.agent.serve;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import oneapp.agent.data.Text;
import oneapp.agent.stage.Progress;

/** Reads the phases, the progress and the facts of a start out of vLLM's log. */
final class StartupLog {
  private static final Pattern VERSION =
      Pattern.compile(
          "(?:API server version|server version|\\bversion|LLM engine \\(v)\\s*v?(\\d+\\.\\d+[\\w.+-]*)");
  private static final Pattern MODEL_MEMORY =
      Pattern.compile("[Mm]odel (?:loading|weights) took ([\\d.]+) ?Gi?B");
  private static final Pattern LOAD_SECONDS =
      Pattern.compile("(?:Loading weights took|Gi?B memory and|Gi?B and) ([\\d.]+) s");
  private static final Pattern KV_TOKENS = Pattern.compile("KV cache size: ([\\d,]+) tokens");
  private static final Pattern KV_GIB =
      Pattern.compile("Available KV cache memory: ([\\d.]+) Gi?B");
  private static final Pattern SHARDS =
      Pattern.compile("checkpoint shards: +\\d+% Completed \\| (\\d+)/(\\d+)");
  private static final Pattern GRAPHS = Pattern.compile("Capturing .*\\| (\\d+)/(\\d+) \\[");
  private static final Pattern FETCHING =
      Pattern.compile("Fetching \\d+ files: .*\\| (\\d+)/(\\d+) \\[");
  private static final Pattern BYTES =
      Pattern.compile(
          "(?:\\.(?:safetensors|bin|json|pt|gguf)|[Dd]ownload\\w*)\\b[^|]*: +(\\d+)%\\|[^|]*\\| ([\\d.]+\\w?)/([\\d.]+\\w?) \\[");

  /** What vLLM is busy with. */
  enum Phase {
    STARTING("starting vLLM"),
    DOWNLOADING("downloading the model"),
    CONNECTING("connecting the GPUs"),
    LOADING("loading weights"),
    COMPILING("compiling"),
    MEASURING("sizing the KV cache"),
    CAPTURING("capturing graphs"),
    SERVING("first requests");

    private final String text;

    Phase(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  private record Mark(String text, Phase phase) {}

  private static final List<Mark> MARKS =
      List.of(
          new Mark("vLLM is using nccl==", Phase.CONNECTING),
          new Mark("Starting to load model", Phase.LOADING),
          new Mark("Loading weights took", Phase.LOADING),
          new Mark("bytecode transform", Phase.COMPILING),
          new Mark("Compiling a graph", Phase.COMPILING),
          new Mark("torch.compile takes", Phase.MEASURING),
          new Mark("Available KV cache memory", Phase.MEASURING),
          new Mark("Application startup complete", Phase.SERVING));

  /** Written again and again by a process that waits for one that hangs: no sign of life. */
  private static final String WAITING = "No available shared memory broadcast block";

  /** A line that tells something has one of these. */
  private static final TextSearch SEARCH =
      new TextSearch(
          Stream.concat(
                  MARKS.stream().map(Mark::text),
                  Stream.of("version", " took ", "KV cache", "LLM engine", "%|", "% Completed |"))
              .toList());

  private final Progress progress;
  private long signs;
  private Phase phase = Phase.STARTING;
  private String said = "";
  private Optional<String> version = Optional.empty();
  private OptionalLong kvCacheTokens = OptionalLong.empty();
  private OptionalDouble modelMemoryGib = OptionalDouble.empty();
  private OptionalDouble kvCacheGib = OptionalDouble.empty();
  private OptionalDouble loadSeconds = OptionalDouble.empty();

  StartupLog(Progress progress) {
    this.progress = progress;
  }

  synchronized Phase phase() {
    return phase;
  }

  /** How many lines were a sign of life. */
  synchronized long signs() {
    return signs;
  }

  synchronized StartupFacts facts() {
    return new StartupFacts(version, kvCacheTokens, modelMemoryGib, kvCacheGib, loadSeconds);
  }

  /** Takes the next line; after the start there is nothing more to learn. */
  synchronized void accept(String raw) {
    if (phase == Phase.SERVING) {
      return;
    }
    if (!raw.contains(WAITING)) {
      signs++;
    }
    BitSet found = new BitSet();
    SEARCH.scan(raw, 0, TextSearch.START, found);
    if (found.isEmpty()) {
      return;
    }
    String line = LogLine.parse(raw).text();
    learn(line);
    for (Mark mark : MARKS) {
      if (line.contains(mark.text())) {
        enter(mark.phase());
      }
    }
    steps(SHARDS, line, Phase.LOADING, "loading weights ");
    steps(GRAPHS, line, Phase.CAPTURING, "capturing graphs ");
    steps(FETCHING, line, Phase.DOWNLOADING, "downloading the model, file ");
    Matcher bytes = BYTES.matcher(line);
    if (bytes.find()) {
      phase = Phase.DOWNLOADING;
      say(
          Text.format("downloading the model, %s of %s bytes", bytes.group(2), bytes.group(3)),
          OptionalDouble.of(Double.parseDouble(bytes.group(1)) / 100));
    }
  }

  private void learn(String line) {
    Matcher seen = VERSION.matcher(line);
    if (version.isEmpty() && seen.find()) {
      version = Optional.of(seen.group(1));
    }
    modelMemoryGib = number(MODEL_MEMORY, line, modelMemoryGib);
    loadSeconds = number(LOAD_SECONDS, line, loadSeconds);
    kvCacheGib = number(KV_GIB, line, kvCacheGib);
    Matcher tokens = KV_TOKENS.matcher(line);
    if (tokens.find()) {
      long count = Long.parseLong(tokens.group(1).replace(",", ""));
      kvCacheTokens = OptionalLong.of(Math.min(count, kvCacheTokens.orElse(Long.MAX_VALUE)));
      phase = Phase.MEASURING;
      say(Text.format("KV cache holds %s tokens", tokens.group(1)), OptionalDouble.empty());
    }
  }

  private static OptionalDouble number(Pattern pattern, String line, OptionalDouble known) {
    Matcher found = pattern.matcher(line);
    return found.find() ? OptionalDouble.of(Double.parseDouble(found.group(1))) : known;
  }

  private void enter(Phase next) {
    if (phase != next) {
      phase = next;
      say(next.text(), OptionalDouble.empty());
    }
  }

  private void steps(Pattern pattern, String line, Phase inPhase, String what) {
    Matcher found = pattern.matcher(line);
    if (found.find()) {
      phase = inPhase;
      double share = Double.parseDouble(found.group(1)) / Double.parseDouble(found.group(2));
      say(what + found.group(1) + "/" + found.group(2), OptionalDouble.of(share));
    }
  }

  private void say(String text, OptionalDouble fraction) {
    if (!text.equals(said)) {
      said = text;
      progress.report(new Progress.Update(text, fraction, Optional.empty()));
    }
  }
}
