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
  private EngineReports() {}

  /**
   * Joins {@code reports}. Where they say which part of a benchmark they are, further looks at the
   * same run are added to it and warm-ups are left out; else each run stands alone. As many looks
   * were planned as any file says, and one when none says.
   *
   * @param engine name of the load generator
   */
  public static BenchmarkResult joined(String engine, List<EngineReport> reports) {
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
        List.of());
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

  /** Two files of the same look are two runs: nobody may choose the better one. */
  private static List<BenchmarkRun> looksJoined(List<EngineReport> parts) {
    List<EngineReport> sorted =
        parts.stream()
            .sorted(Comparator.comparingInt(part -> part.place().orElseThrow().look()))
            .toList();
    boolean oneOfEach =
        sorted.stream().map(part -> part.place().orElseThrow().look()).distinct().count()
            == sorted.size();
    List<BenchmarkRun> runs = sorted.stream().map(part -> part.runs().getFirst()).toList();
    return oneOfEach ? List.of(runs.stream().reduce(BenchmarkRun::extendedBy).orElseThrow()) : runs;
  }
}
