package oneapp.agent.benchmark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Puts the files of an engine together as one result. */
public final class EngineReports {
  private EngineReports() {}

  /**
   * Joins {@code reports}. Where they say which part of a benchmark they are, further looks at a
   * run are added to it and warm-ups are left out; else each run stands alone, with one look.
   *
   * @param engine name of the load generator
   */
  public static BenchmarkResult joined(String engine, List<EngineReport> reports) {
    List<BenchmarkRun> runs = new ArrayList<>();
    Map<Integer, List<EngineReport>> placed = new TreeMap<>();
    int looks = 1;
    for (EngineReport report : reports) {
      Optional<Load.Place> place = report.place();
      if (place.isEmpty() || report.runs().size() != 1) {
        runs.addAll(report.runs());
      } else if (place.get().look() > 0) {
        looks = Math.max(looks, place.get().looks());
        placed.computeIfAbsent(place.get().run(), run -> new ArrayList<>()).add(report);
      }
    }
    placed.values().forEach(parts -> runs.addAll(looksJoined(parts)));
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
