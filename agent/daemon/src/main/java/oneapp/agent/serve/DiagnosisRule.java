package oneapp.agent.serve;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import oneapp.agent.data.Yaml;
import oneapp.agent.stage.Category;
import org.jspecify.annotations.Nullable;

/** One rule of serve/diagnosis.yaml, which explains the fields. */
record DiagnosisRule(
    Category category,
    Rank rank,
    List<String> any,
    List<String> near,
    List<String> unless,
    boolean starting,
    boolean serving,
    boolean warning,
    String advice) {

  /** How near to the cause a text is; the lowest wins. */
  enum Rank {
    ROOT,
    AFTERMATH,
    HINT,
    DEATH
  }

  private record Raw(
      Category category,
      Rank rank,
      List<String> any,
      @Nullable List<String> near,
      @Nullable List<String> unless,
      @Nullable Boolean starting,
      @Nullable Boolean serving,
      @Nullable Boolean warning,
      String advice) {
    DiagnosisRule rule() {
      return new DiagnosisRule(
          category,
          rank,
          List.copyOf(any),
          List.copyOf(Objects.requireNonNullElse(near, List.<String>of())),
          List.copyOf(Objects.requireNonNullElse(unless, List.<String>of())),
          !Boolean.FALSE.equals(starting),
          Boolean.TRUE.equals(serving),
          Boolean.TRUE.equals(warning),
          advice.strip());
    }
  }

  private record File(List<Raw> rules) {}

  static List<DiagnosisRule> all() {
    return Yaml.resource("serve/diagnosis.yaml", File.class).rules().stream()
        .map(Raw::rule)
        .toList();
  }

  /** True when the line alone does not decide. */
  boolean needsContext() {
    return !near.isEmpty() || !unless.isEmpty();
  }

  /**
   * True when what stands around the line is as the rule wants it.
   *
   * @param recent the line and the few before it, in lower case
   */
  boolean fitsContext(String recent) {
    return (near.isEmpty() || near.stream().anyMatch(recent::contains))
        && unless.stream().noneMatch(recent::contains);
  }

  /** True when the line alone has one of the texts. */
  boolean isIn(String line) {
    String lower = line.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    return any.stream().anyMatch(lower::contains);
  }
}
