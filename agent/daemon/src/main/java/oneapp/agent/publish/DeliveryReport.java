package oneapp.agent.publish;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import oneapp.agent.context.Reach.Target;

/**
 * What has been delivered, and why the rest has not.
 *
 * @param targets by object, VM first; those that results are not written to are left out
 * @param stateDelivered true when the newest state is in the VM
 * @param unconfigured the problem when nothing at all can be written
 */
public record DeliveryReport(
    Map<Target, TargetReport> targets, boolean stateDelivered, Optional<Problem> unconfigured) {
  /**
   * One object.
   *
   * @param delivered results that it has got in this run
   * @param pending results that wait for it, on disk
   * @param problem why the last call failed; empty when it worked
   */
  public record TargetReport(int delivered, int pending, Optional<Problem> problem) {}

  public DeliveryReport {
    Map<Target, TargetReport> ordered = new EnumMap<>(Target.class);
    ordered.putAll(targets);
    targets = Collections.unmodifiableMap(ordered);
  }

  /** True when nothing waits. */
  public boolean isComplete() {
    return stateDelivered && targets.values().stream().allMatch(target -> target.pending() == 0);
  }

  /** The problem of the first target that has one: it gives the exit code. */
  public Optional<Problem> problem() {
    return unconfigured.or(
        () -> targets.values().stream().flatMap(target -> target.problem().stream()).findFirst());
  }
}
