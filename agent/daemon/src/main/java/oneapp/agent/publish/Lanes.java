package oneapp.agent.publish;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import oneapp.agent.context.OpenNebulaAccess.Target;

/** The lanes of all targets, and what they add up to. */
final class Lanes {
  private final Map<Target, Lane> lanes = new EnumMap<>(Target.class);

  Lanes(Pace pace) {
    for (Target target : Target.values()) {
      lanes.put(target, new Lane(target, pace));
    }
  }

  Lane of(Target target) {
    Lane lane = lanes.get(target);
    if (lane == null) {
      throw new IllegalStateException("no lane for " + target);
    }
    return lane;
  }

  void tryAtOnce() {
    lanes.values().forEach(Lane::tryAtOnce);
  }

  /** True when each of these was refused for want of a right since this time. */
  boolean areRefused(Set<Target> waiting, long since) {
    return waiting.stream().allMatch(target -> of(target).isRefusedSince(since));
  }

  /**
   * What the VM says of the targets: OK, or each problem. When the VM itself fails nobody can read
   * it there, so of the VM only {@code degraded} counts.
   */
  String status(Optional<Problem> degraded) {
    Stream<String> others =
        lanes.entrySet().stream()
            .filter(lane -> lane.getKey() != Target.VM)
            .flatMap(
                lane ->
                    lane
                        .getValue()
                        .problem()
                        .map(problem -> lane.getKey() + " " + problem)
                        .stream());
    String problems =
        Stream.concat(degraded.map(problem -> Target.VM + " " + problem).stream(), others)
            .collect(Collectors.joining("; "));
    return problems.isEmpty() ? "OK" : problems;
  }

  /** The state goes to the VM even when results do not, so the VM is always in the report. */
  Map<Target, DeliveryReport.TargetReport> reports(Set<Target> targets, Outbox outbox) {
    Map<Target, DeliveryReport.TargetReport> reports = new EnumMap<>(Target.class);
    lanes.forEach(
        (target, lane) -> {
          if (target == Target.VM || targets.contains(target)) {
            int pending = targets.contains(target) ? outbox.pending(target).size() : 0;
            reports.put(
                target, new DeliveryReport.TargetReport(lane.delivered(), pending, lane.problem()));
          }
        });
    return reports;
  }
}
