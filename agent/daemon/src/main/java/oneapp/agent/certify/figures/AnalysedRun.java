package oneapp.agent.certify.figures;

import java.util.List;
import java.util.stream.IntStream;
import oneapp.agent.benchmark.BenchmarkRun;

/**
 * A run with its figures, which are computed once for all who need them.
 *
 * @param looks figures of the requests that each look saw; the last one saw all of them
 */
public record AnalysedRun(BenchmarkRun run, List<RunMetrics> looks) {
  public AnalysedRun {
    looks = List.copyOf(looks);
    if (looks.size() != run.looks().size()) {
      throw new IllegalArgumentException(
          looks.size() + " figures of " + run.looks().size() + " looks");
    }
  }

  public static AnalysedRun of(BenchmarkRun run) {
    return new AnalysedRun(
        run,
        IntStream.range(0, run.looks().size())
            .mapToObj(look -> RunMetrics.of(run.atLook(look)))
            .toList());
  }

  /** Of all requests. */
  public RunMetrics metrics() {
    return looks.getLast();
  }
}
