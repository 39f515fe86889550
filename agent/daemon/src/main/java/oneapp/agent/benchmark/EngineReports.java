package oneapp.agent.benchmark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Puts the files of an engine together as one result. */
public final class EngineReports {
  private static final Comparator<EngineReport> BY_LOOK =
      Comparator.comparingInt(EngineReports::look);

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
    Map<Part, List<EngineReport>> parts = new LinkedHashMap<>();
    int looks = 1;
    for (EngineReport report : reports) {
      Optional<Load.Place> place = report.place();
      looks = Math.max(looks, place.map(Load.Place::looks).orElse(1));
      if (place.isEmpty() || report.runs().size() != 1) {
        runs.addAll(report.runs());
      } else if (place.get().look() > 0) {
        parts.computeIfAbsent(Part.of(report), part -> new ArrayList<>()).add(report);
      }
    }
    parts.values().forEach(looked -> runs.addAll(looksJoined(looked)));
    return new BenchmarkResult(
        BenchmarkResult.SCHEMA,
        engine,
        String.join(
            ", ", reports.stream().map(EngineReport::engineVersion).distinct().sorted().toList()),
        "",
        looks,
        runs,
        List.of(remarks));
  }

  /** Looks are at the same run only when all of this is the same. */
  private record Part(
      int run,
      int looks,
      String model,
      RunKind kind,
      OptionalDouble rate,
      BenchmarkRun.@Nullable Asked asked) {
    static Part of(EngineReport report) {
      Load.Place place = report.place().orElseThrow();
      BenchmarkRun run = report.runs().getFirst();
      return new Part(
          place.run(), place.looks(), report.model(), run.kind(), run.rate(), run.asked());
    }
  }

  /**
   * Two files of the same look are two runs: nobody may choose the better one. Only the agent says
   * of one, before it is made, that it takes the place of another.
   */
  private static List<BenchmarkRun> looksJoined(List<EngineReport> parts) {
    List<EngineReport> standing =
        parts.stream().filter(part -> !isReplaced(part, parts)).sorted(BY_LOOK).toList();
    boolean oneOfEach =
        standing.stream().map(EngineReports::look).distinct().count() == standing.size();
    List<EngineReport> all = oneOfEach ? standing : parts.stream().sorted(BY_LOOK).toList();
    List<BenchmarkRun> runs = all.stream().map(part -> part.runs().getFirst()).toList();
    return oneOfEach ? List.of(runs.stream().reduce(BenchmarkRun::extendedBy).orElseThrow()) : runs;
  }

  private static boolean isReplaced(EngineReport part, List<EngineReport> parts) {
    return !part.place().orElseThrow().repeated()
        && parts.stream()
            .anyMatch(other -> look(other) == look(part) && other.place().orElseThrow().repeated());
  }

  private static int look(EngineReport part) {
    return part.place().orElseThrow().look();
  }
}
