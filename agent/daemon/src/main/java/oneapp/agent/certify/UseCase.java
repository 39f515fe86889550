package oneapp.agent.certify;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import oneapp.agent.benchmark.BenchmarkRun;

/**
 * What all runs together prove about one use case.
 *
 * @param verdict PASS when it has a rate that passes, FAIL when every rate fails
 * @param highestPassingRate the last PASS before the first rate without one, seen from the lowest
 *     rate up: this fixed order keeps the confidence for the whole series
 * @param moreRequests further requests that would decide it, at the lowest rate that is open; 0
 *     when it is decided
 * @param runs from the lowest rate up
 */
public record UseCase(
    Slo limits,
    boolean required,
    Verdict verdict,
    OptionalDouble highestPassingRate,
    long moreRequests,
    List<RunVerdict> runs) {
  public UseCase {
    runs = List.copyOf(runs);
  }

  static UseCase of(Slo slo, boolean required, List<BenchmarkRun> judged, int plannedLooks) {
    List<RunVerdict> runs =
        judged.stream()
            .map(run -> RunVerdict.of(run, slo, plannedLooks))
            .sorted(Comparator.comparingDouble(RunVerdict::rate))
            .toList();
    OptionalDouble highest = highestPassing(runs);
    boolean fails = !runs.isEmpty() && runs.stream().allMatch(run -> run.verdict() == Verdict.FAIL);
    Verdict verdict =
        highest.isPresent() ? Verdict.PASS : fails ? Verdict.FAIL : Verdict.INCONCLUSIVE;
    long more =
        verdict != Verdict.INCONCLUSIVE
            ? 0
            : runs.stream()
                .filter(RunVerdict::isOpen)
                .mapToLong(RunVerdict::moreRequests)
                .findFirst()
                .orElse(Binomial.onePerCent(plannedLooks).fewestToPass(0));
    return new UseCase(slo, required, verdict, highest, more, runs);
  }

  /** A rate that was run more than once passes when each of its runs does. */
  private static OptionalDouble highestPassing(List<RunVerdict> runs) {
    double barrier =
        runs.stream()
            .filter(run -> run.verdict() != Verdict.PASS)
            .mapToDouble(RunVerdict::rate)
            .min()
            .orElse(Double.POSITIVE_INFINITY);
    return runs.stream().mapToDouble(RunVerdict::rate).filter(rate -> rate < barrier).max();
  }
}
