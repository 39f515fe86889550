package oneapp.agent.serve;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** All the texts that a diagnosis looks for: those of its rules, and signs of what goes on. */
final class DiagnosisTexts {
  /** What a text tells besides the rules. */
  enum Sign {
    /** A server starts. */
    START,
    /** It is ready. */
    READY,
    /** Only a server that is ready says so, and a log may begin after it was. */
    SERVES,
    /** It was asked to end. */
    STOP,
    /** Logged as an error, and only tried again. */
    RETRY,
    /** An error whose cause stands elsewhere. */
    WRAPPER,
    /** Each line that names an exception has one of these, or ends with its name. */
    EXCEPTION
  }

  private final List<DiagnosisRule> rules = DiagnosisRule.all();
  private final List<Integer> ruleOfText = new ArrayList<>();

  /** The numbers of the texts of each sign. */
  private final Map<Sign, BitSet> signs = new EnumMap<>(Sign.class);

  private final TextSearch search;

  DiagnosisTexts() {
    List<String> texts = new ArrayList<>();
    for (int rule = 0; rule < rules.size(); rule++) {
      for (String text : rules.get(rule).any()) {
        texts.add(text);
        ruleOfText.add(rule);
      }
    }
    for (Sign sign : Sign.values()) {
      BitSet numbers = new BitSet();
      numbers.set(texts.size(), texts.size() + texts(sign).size());
      signs.put(sign, numbers);
      texts.addAll(texts(sign));
    }
    search = new TextSearch(texts);
  }

  /** As {@link TextSearch#scan}. */
  int scan(String line, int from, int state, BitSet found) {
    return search.scan(line, from, state, found);
  }

  boolean has(BitSet found, Sign sign) {
    return found.intersects(numbers(sign));
  }

  void forget(BitSet found, Sign sign) {
    found.andNot(numbers(sign));
  }

  private BitSet numbers(Sign sign) {
    return Objects.requireNonNull(signs.get(sign));
  }

  /** The rules that have one of the texts found, in their order. */
  List<DiagnosisRule> rules(BitSet found) {
    BitSet numbers = new BitSet();
    found.stream()
        .takeWhile(text -> text < ruleOfText.size())
        .forEach(text -> numbers.set(ruleOfText.get(text)));
    return numbers.stream().mapToObj(rules::get).toList();
  }

  private static List<String> texts(Sign sign) {
    return switch (sign) {
      case START -> List.of("vllm api server version", "vllm server version", "non-default args:");
      case READY -> List.of("application startup complete", "uvicorn running on");
      case SERVES ->
          List.of(
              "avg generation throughput:",
              "processed prompts: 100%",
              "/completions http/1.1\" 200");
      case STOP ->
          List.of("signal=sigterm", "signal=sigint", "received signal 15", "shutting down");
      case RETRY ->
          List.of(
              "error retrieving safetensors",
              "error retrieving file list",
              ", retrying",
              "retrying in ");
      case WRAPPER ->
          List.of(
              "engine core initialization failed",
              "engine process failed to start",
              "failed core proc",
              "frontend process failed",
              "executor failed",
              "please check the stack trace",
              "workerproc initialization failed",
              "see root cause above",
              "see stack trace",
              "got fatal signal from worker processes",
              "hit an exception",
              "for further information visit",
              "keyboardinterrupt",
              "systemexit",
              "cancellederror",
              "brokenpipeerror",
              "connection closed by peer",
              "validation error for");
      case EXCEPTION ->
          List.of(
              "error:",
              "exception:",
              "failure:",
              "exit:",
              "interrupt",
              "value error,",
              "killed",
              "segmentation fault",
              "aborted",
              "outofresources:");
    };
  }
}
