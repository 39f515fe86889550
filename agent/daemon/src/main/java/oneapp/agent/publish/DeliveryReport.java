package oneapp.agent.publish;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.context.OpenNebulaAccess.Target;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Outcome;

/**
 * What has been delivered, and why the rest has not.
 *
 * @param targets by object, VM first; those that results are not written to are left out
 * @param stateDelivered true when the newest state is in the VM
 * @param overall the problem when nothing at all can be written, or nothing was answered in time
 */
public record DeliveryReport(
    Map<Target, TargetReport> targets, boolean stateDelivered, Optional<Problem> overall) {
  /**
   * One object.
   *
   * @param delivered results that it has got in this run
   * @param pending results that wait for it, on disk
   * @param problem why the last call failed; empty when it worked
   */
  public record TargetReport(int delivered, int pending, Optional<Problem> problem) {
    public TargetReport {
      if (delivered < 0 || pending < 0) {
        throw new IllegalArgumentException("negative count of results");
      }
    }
  }

  private static final Problem UNANSWERED =
      new Problem(
          Category.OPENNEBULA_UNREACHABLE,
          "OpenNebula did not answer in time: what is not delivered stays on disk");

  public DeliveryReport {
    Map<Target, TargetReport> ordered = new EnumMap<>(Target.class);
    ordered.putAll(targets);
    targets = Collections.unmodifiableMap(ordered);
  }

  /** The objects for which something waits: results, or for the VM the newest state. */
  public Set<Target> waiting() {
    Set<Target> waiting = EnumSet.noneOf(Target.class);
    if (!stateDelivered) {
      waiting.add(Target.VM);
    }
    targets.forEach(
        (target, report) -> {
          if (report.pending() > 0) {
            waiting.add(target);
          }
        });
    return waiting;
  }

  /** True when nothing waits. */
  public boolean isComplete() {
    return waiting().isEmpty();
  }

  /** The problem of the first target that has one: it gives the exit code. */
  public Optional<Problem> problem() {
    return overall.or(
        () -> targets.values().stream().flatMap(target -> target.problem().stream()).findFirst());
  }

  /** The same once the time is over: what waits then without any answer has a problem too. */
  DeliveryReport atTheEnd() {
    return isComplete() || problem().isPresent()
        ? this
        : new DeliveryReport(targets, stateDelivered, Optional.of(UNANSWERED));
  }

  /** What is not delivered makes a good outcome a failed one. */
  public Outcome judged(Outcome outcome) {
    return outcome.category().isPresent() || isComplete() || isMereRefusal()
        ? outcome
        : problem()
            .map(found -> Outcome.failed(found.category(), found.sentence()))
            .orElse(outcome);
  }

  /** The VM has everything, and template or user only lack a right: that never fails a run. */
  private boolean isMereRefusal() {
    TargetReport vm = targets.get(OpenNebulaAccess.Target.VM);
    return stateDelivered
        && (vm == null || vm.pending() == 0)
        && targets.values().stream()
            .flatMap(target -> target.problem().stream())
            .allMatch(found -> found.category() == Category.OPENNEBULA_FORBIDDEN);
  }
}
