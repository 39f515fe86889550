package oneapp.agent.benchmark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Puts the files of an engine together as one result. */
public final class EngineReports {
  private EngineReports() {}

  /**
   * Joins {@code reports}. Where they say which part of a benchmark they are, further looks at the
   * same run are added to it, and warm-ups and what was made again are left out; else each run
   * stands alone. As many looks were planned as any file says, and one when none says.
   *
   * @param engine name of the load generator
   * @param remarks what a reader of the result must know of them
   */
  public static BenchmarkResult joined(
      String engine, List<EngineReport> reports, String... remarks) {
    List<BenchmarkRun> runs = new ArrayList<>();
    Map<Run, List<EngineReport>> parts = new LinkedHashMap<>();
    int looks = 1;
    for (EngineReport report : reports) {
      Optional<RunPlace> place = report.place();
      looks = Math.max(looks, place.map(RunPlace::looks).orElse(1));
      if (place.isEmpty() || report.runs().size() != 1) {
        runs.addAll(report.runs());
      } else if (!place.get().isWarmUp()) {
        parts.computeIfAbsent(Run.of(report), run -> new ArrayList<>()).add(report);
      }
    }
    parts.values().forEach(looked -> runs.addAll(looksJoined(looked)));
    return new BenchmarkResult(
        BenchmarkResult.SCHEMA,
        engine,
        String.join(
            ", ",
            reports.stream()
                .flatMap(report -> report.engineVersion().stream())
                .distinct()
                .sorted()
                .toList()),
        "",
        looks,
        runs,
        List.of(remarks));
  }

  /** Looks are at the same run only when all of this is the same. */
  private record Run(
      int number,
      int looks,
      Optional<String> model,
      RunKind kind,
      OptionalDouble rate,
      Optional<BenchmarkRun.Asked> asked) {
    static Run of(EngineReport report) {
      RunPlace place = place(report);
      BenchmarkRun run = report.runs().getFirst();
      return new Run(
          place.run(), place.looks(), report.model(), run.kind(), run.rate(), run.asked());
    }
  }

  /**
   * Two files of the same look are two runs: nobody may choose the better one. Only the agent says
   * of one, before it is made, that it takes the place of another.
   */
  private static List<BenchmarkRun> looksJoined(List<EngineReport> parts) {
    Map<Integer, BenchmarkRun> looks = new TreeMap<>();
    for (EngineReport part : parts) {
      if (!isReplaced(part, parts)
          && looks.put(place(part).look(), part.runs().getFirst()) != null) {
        return parts.stream()
            .sorted(Comparator.comparingInt(one -> place(one).look()))
            .map(one -> one.runs().getFirst())
            .toList();
      }
    }
    return List.of(looks.values().stream().reduce(BenchmarkRun::extendedBy).orElseThrow());
  }

  private static boolean isReplaced(EngineReport part, List<EngineReport> parts) {
    return !place(part).repeated()
        && parts.stream()
            .map(EngineReports::place)
            .anyMatch(other -> other.look() == place(part).look() && other.repeated());
  }

  private static RunPlace place(EngineReport part) {
    return part.place().orElseThrow();
  }
}
