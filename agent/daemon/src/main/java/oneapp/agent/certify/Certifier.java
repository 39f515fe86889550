package oneapp.agent.certify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.certify.Certificate.Decision;
import oneapp.agent.certify.Certificate.Economy;
import oneapp.agent.certify.Certificate.Judgement;
import oneapp.agent.certify.Certificate.Method;
import oneapp.agent.certify.Certificate.Origin;
import oneapp.agent.certify.Certificate.State;
import oneapp.agent.certify.check.Finding;
import oneapp.agent.certify.check.Integrity;
import oneapp.agent.certify.compare.Comparison;
import oneapp.agent.certify.compare.ReferenceDatabase;
import oneapp.agent.certify.figures.AnalysedRun;
import oneapp.agent.certify.figures.Energy;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.certify.figures.Evidence.Floors;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.certify.figures.RunMetrics;
import oneapp.agent.data.Text;

/** Makes the certificate of a benchmark: values in, values out. */
public final class Certifier {
  private Certifier() {}

  /**
   * Judges {@code result}.
   *
   * @param required names of the use cases that must hold; empty for an informative certificate
   * @param price for the cost, if there is one
   * @throws IllegalArgumentException when a required use case is not in the table
   */
  public static Certificate certify(
      BenchmarkResult result,
      Evidence evidence,
      Slo.Table slos,
      ReferenceDatabase references,
      Set<String> required,
      Optional<Price> price) {
    Set<String> unknown = new TreeSet<>(required);
    slos.slos().forEach(slo -> unknown.remove(slo.name()));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException("no limits are known for the use cases " + unknown);
    }
    List<AnalysedRun> analysed = result.runs().stream().map(AnalysedRun::of).toList();
    List<AnalysedRun> judged =
        analysed.stream()
            .filter(one -> one.run().kind().isJudged() && !one.run().requests().isEmpty())
            .toList();
    Map<String, UseCase> useCases = new TreeMap<>();
    for (Slo slo : slos.slos()) {
      useCases.put(
          slo.name(),
          UseCase.of(slo, required.contains(slo.name()), judged, result.plannedLooks()));
    }
    List<RunMetrics> runs = analysed.stream().map(AnalysedRun::metrics).toList();
    Optional<RunMetrics> throughput = Certificate.throughput(runs);
    List<RunMetrics> steady = runs.stream().filter(run -> run.load().kind().isJudged()).toList();
    Comparison reference = Comparison.of(evidence, references, throughput, steady);
    List<Finding> findings =
        Integrity.check(result.remarks(), analysed, withFloor(evidence, references));
    boolean answered = steady.stream().anyMatch(run -> run.counts().answered() > 0);
    return new Certificate(
        Certificate.SCHEMA,
        new Origin(result.id(), result.finished().map(Object::toString).orElse("")),
        decide(useCases, findings, reference, answered),
        new Method(
            result.engine(),
            result.engineVersion(),
            result.workload(),
            result.plannedLooks(),
            Binomial.onePerCent(result.plannedLooks()).confidence()),
        evidence,
        new Judgement(useCases, findings, reference),
        new Economy(
            price.flatMap(
                value -> throughput.flatMap(run -> Cost.of(value, evidence.hardware(), run))),
            throughput.flatMap(RunMetrics::gpu).flatMap(Energy::of)),
        reportedRate(useCases, judged),
        runs);
  }

  /**
   * A row of the same model and GPU has a floor of ITL, too. It replaces an unknown floor, and one
   * that is too low and would hide impossible times.
   */
  private static Evidence withFloor(Evidence evidence, ReferenceDatabase references) {
    Floors own = evidence.floors();
    if (evidence.model().quantizationBits() != 0 || own.speculative()) {
      return evidence;
    }
    int tensorParallel = evidence.hardware().tensorParallelSize().orElse(1);
    OptionalDouble ofRow =
        references.of(evidence).stream()
            .flatMapToDouble(row -> row.itlFloorMs(tensorParallel).stream())
            .findFirst();
    return ofRow.isEmpty() || own.itlFloorMs().orElse(0) >= ofRow.getAsDouble()
        ? evidence
        : new Evidence(
            evidence.model(),
            evidence.hardware(),
            new Floors(ofRow, own.kvReadNsPerToken(), false),
            evidence.provenance());
  }

  private static Decision decide(
      Map<String, UseCase> useCases,
      List<Finding> findings,
      Comparison reference,
      boolean answered) {
    Optional<Finding> voiding =
        findings.stream().filter(f -> f.severity() == Finding.Severity.VOID).findFirst();
    if (voiding.isPresent()) {
      return new Decision(State.VOID, voiding.get().code() + ": " + voiding.get().message());
    }
    if (reference.verdict() == Comparison.Outcome.REGRESSED) {
      return new Decision(
          State.NOT_CERTIFIED,
          Text.format(
              "REGRESSED against %s: %s", reference.row().orElseThrow(), reference.reason()));
    }
    List<String> failed = new ArrayList<>();
    List<String> open = new ArrayList<>();
    List<String> holding = new ArrayList<>();
    useCases.forEach(
        (name, useCase) -> {
          if (useCase.required()) {
            switch (useCase.verdict()) {
              case FAIL -> failed.add(name);
              case INCONCLUSIVE -> open.add(Text.format("%s (%s)", name, useCase.need()));
              case PASS ->
                  holding.add(
                      Text.format(
                          "%s up to %s req/s",
                          name, Rounded.plain(useCase.highestPassingRate().orElse(0))));
            }
          }
        });
    if (!failed.isEmpty()) {
      return new Decision(State.NOT_CERTIFIED, "fails at every rate: " + String.join(", ", failed));
    }
    if (!answered) {
      return new Decision(
          State.INCONCLUSIVE, "there is no fixed-rate run with an answer, so nothing to judge");
    }
    if (!open.isEmpty()) {
      return new Decision(State.INCONCLUSIVE, "undecided: " + String.join(", ", open));
    }
    return holding.isEmpty()
        ? new Decision(State.CERTIFIED, "valid measurement; no use case was required")
        : new Decision(State.CERTIFIED, "holds: " + String.join(", ", holding));
  }

  /** The highest rate at which all the required use cases pass, else the lowest rate. */
  private static OptionalDouble reportedRate(
      Map<String, UseCase> useCases, List<AnalysedRun> judged) {
    List<UseCase> required = useCases.values().stream().filter(UseCase::required).toList();
    boolean allHold =
        !required.isEmpty() && required.stream().allMatch(u -> u.highestPassingRate().isPresent());
    return allHold
        ? required.stream().mapToDouble(u -> u.highestPassingRate().orElse(0)).min()
        : judged.stream().mapToDouble(one -> one.run().rate().orElse(0)).min();
  }
}
