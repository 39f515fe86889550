package oneapp.agent.certify;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import oneapp.agent.certify.figures.AnalysedRun;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.data.Text;

/**
 * What all runs together prove about one use case.
 *
 * @param verdict PASS when it has a rate that passes, FAIL when every rate fails
 * @param highestPassingRate the last PASS before the first rate without one, seen from the lowest
 *     rate up: this fixed order keeps the confidence for the whole series
 * @param moreRequests further requests, all within the limits, that would make it a PASS at the
 *     lowest rate, or at a lower one where it fails there; 0 when it is decided
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
    if (verdict == Verdict.PASS == highestPassingRate.isEmpty()) {
      throw new IllegalArgumentException(
          limits.name() + " is " + verdict + " with the passing rate " + highestPassingRate);
    }
  }

  static UseCase of(Slo slo, boolean required, List<AnalysedRun> judged, int plannedLooks) {
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
            : open(runs)
                .map(RunVerdict::moreRequests)
                .orElse(Binomial.onePerCent(plannedLooks).fewestToPass(0));
    return new UseCase(slo, required, verdict, highest, more, runs);
  }

  /** The run at which a PASS is missing, where further requests can still make it one. */
  public Optional<RunVerdict> open() {
    return open(runs);
  }

  private static Optional<RunVerdict> open(List<RunVerdict> runs) {
    return runs.stream()
        .filter(run -> run.verdict() != Verdict.PASS)
        .findFirst()
        .filter(RunVerdict::isOpen);
  }

  /** {@code 173 more requests}, or those of a run that is not there yet; empty when decided. */
  public String need() {
    if (verdict != Verdict.INCONCLUSIVE) {
      return "";
    }
    return open().isPresent()
        ? Rounded.count(moreRequests, "more request")
        : Text.format(
            "%s at a %s rate",
            Rounded.count(moreRequests, "request"), runs.isEmpty() ? "fixed" : "lower");
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
