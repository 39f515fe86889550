package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.benchmark.RunKind;
import oneapp.agent.benchmark.watch.GpuPoint;
import oneapp.agent.benchmark.watch.GpuUse;
import oneapp.agent.certify.figures.Rounded;

/**
 * What was read of the GPUs in all runs, on one line of time.
 *
 * @param gpus readings of each in the order of time
 * @param runs when each run was made, in minutes; one with a pause in it comes twice
 * @param start of the first reading, nanoseconds since 1970
 */
record GpuReadings(Map<Integer, List<GpuPoint>> gpus, List<Band> runs, double start) {
  private static final String SLOWED = "slowed down by heat or a fault";
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MINUTE = 60e9;

  /** A time without readings is a pause when it is longer than so many readings. */
  private static final double PAUSE = 2;

  static GpuReadings of(BenchmarkResult result) {
    Map<Integer, List<GpuPoint>> gpus = new TreeMap<>();
    for (BenchmarkRun run : result.runs()) {
      for (GpuUse.Timeline line : timelines(run)) {
        gpus.computeIfAbsent(line.gpu(), gpu -> new ArrayList<>()).addAll(line.points());
      }
    }
    // Runs come by rate, and one at a lower rate may have been made later.
    gpus.values().forEach(points -> points.sort(Comparator.comparingLong(GpuPoint::at)));
    double start =
        gpus.values().stream()
            .flatMap(List::stream)
            .mapToDouble(GpuReadings::begin)
            .min()
            .orElse(0);
    List<Band> runs =
        result.runs().stream()
            .flatMap(run -> bands(run, start))
            .sorted(Comparator.comparingDouble(Band::from))
            .toList();
    return new GpuReadings(gpus, runs, start);
  }

  private static List<GpuUse.Timeline> timelines(BenchmarkRun run) {
    return run.gpu().map(GpuUse::timelines).orElse(List.of());
  }

  private static Stream<Band> bands(BenchmarkRun run, double start) {
    String name =
        run.rate().isPresent()
            ? Rounded.plain(run.rate())
            : run.kind() == RunKind.THROUGHPUT ? "most" : "other";
    List<Band> ofGpus =
        timelines(run).stream()
            .flatMap(line -> parts(line.points()).stream())
            .map(part -> band(name, part, start))
            .toList();
    return Band.joined(ofGpus).stream();
  }

  private static Band band(String name, List<GpuPoint> readings, double start) {
    return new Band(
        name,
        (begin(readings.getFirst()) - start) / NANOS_PER_MINUTE,
        (readings.getLast().at() - start) / NANOS_PER_MINUTE);
  }

  /** When the time that a reading stands for began. */
  private static double begin(GpuPoint point) {
    return point.at() - NANOS_PER_SECOND * point.seconds();
  }

  /** The readings between one pause and the next. */
  static List<List<GpuPoint>> parts(List<GpuPoint> points) {
    List<List<GpuPoint>> parts = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= points.size(); i++) {
      if (i == points.size() || isPause(points.get(i - 1), points.get(i))) {
        parts.add(points.subList(from, i));
        from = i;
      }
    }
    return parts;
  }

  private static boolean isPause(GpuPoint before, GpuPoint after) {
    double longer = Math.max(before.seconds(), after.seconds());
    return begin(after) - before.at() > PAUSE * longer * NANOS_PER_SECOND;
  }

  /** When a reading ended. */
  double minutes(GpuPoint point) {
    return (point.at() - start) / NANOS_PER_MINUTE;
  }

  /** When any of the GPUs was held back. */
  List<Band> slowed() {
    return Band.joined(
        gpus.values().stream()
            .flatMap(List::stream)
            .filter(GpuPoint::wasThrottled)
            .map(point -> band(SLOWED, List.of(point), start))
            .toList());
  }
}
