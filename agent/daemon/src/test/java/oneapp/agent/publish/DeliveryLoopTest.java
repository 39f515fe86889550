package oneapp.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import oneapp.agent.context.OpenNebulaAccess.Target;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loop without its thread: objects in memory, and a clock that only the test moves. */
final class DeliveryLoopTest {
  private static final Pace PACE =
      new Pace(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(2),
          Duration.ofSeconds(300));
  private static final Problem DOWN =
      new Problem(Category.OPENNEBULA_UNREACHABLE, "oned does not answer");
  private static final Problem FORBIDDEN = new Problem(Category.OPENNEBULA_FORBIDDEN, "no right");

  /** What is wanted, and how each object answers. */
  private final class Wanted implements DeliveryLoop.Deliveries {
    final Set<Target> possible = EnumSet.allOf(Target.class);
    final Map<Target, Integer> pending = new EnumMap<>(Target.class);
    final Map<Target, Problem> problems = new EnumMap<>(Target.class);
    final List<String> calls = new ArrayList<>();
    final Deque<Runnable> meanwhile = new ArrayDeque<>();
    Optional<Problem> degraded = Optional.empty();
    String status = "OK";

    @Override
    public boolean isPossible(Target target) {
      return possible.contains(target);
    }

    @Override
    public int pending(Target target) {
      return pending.getOrDefault(target, 0);
    }

    @Override
    public int deliver(Target target) throws OpenNebulaFailure {
      int before = pending(target);
      if (target != Target.VM && before == 0) {
        return 0;
      }
      calls.add(seconds() + " " + target);
      Optional.ofNullable(meanwhile.poll()).ifPresent(Runnable::run);
      Problem problem = problems.get(target);
      if (problem != null) {
        throw new OpenNebulaFailure(problem.category(), problem.sentence());
      }
      int delivered = target == Target.VM ? before : 1;
      pending.put(target, before - delivered);
      return delivered;
    }

    @Override
    public Optional<Problem> degraded(Target target) {
      return target == Target.VM ? degraded : Optional.empty();
    }

    @Override
    public boolean show(String newest) {
      boolean changes = !newest.equals(status);
      status = newest;
      return changes;
    }
  }

  private final Wanted objects = new Wanted();
  private final AtomicLong now = new AtomicLong();
  private final DeliveryLoop loop = new DeliveryLoop(objects, PACE, now::get);

  private long seconds() {
    return TimeUnit.NANOSECONDS.toSeconds(now.get());
  }

  /** Lets time pass and makes each call when it is due. */
  private void pass(Duration time) {
    long end = now.get() + time.toNanos();
    for (long wait = loop.nanosToWait(); now.get() + Math.max(0, wait) <= end; ) {
      now.addAndGet(Math.max(0, wait));
      loop.round();
      wait = loop.nanosToWait();
    }
    now.set(end);
  }

  private void pass(long seconds) {
    pass(Duration.ofSeconds(seconds));
  }

  private DeliveryReport.TargetReport report(Target target) {
    return Objects.requireNonNull(loop.reports().get(target));
  }

  @Test
  void firstStatesAreWrittenAsOne() {
    loop.vmChanged(false);
    loop.vmChanged(false);
    pass(Duration.ofMillis(999));
    assertThat(objects.calls).isEmpty();
    pass(1);
    assertThat(objects.calls).containsExactly("1 VM");
    assertThat(loop.isVmStored()).isTrue();
  }

  @Test
  void changesKeepThePaceAndUrgentOnesDoNot() {
    loop.vmChanged(false);
    pass(2);
    loop.vmChanged(false);
    pass(8);
    assertThat(objects.calls).containsExactly("1 VM");
    pass(1);
    assertThat(objects.calls).containsExactly("1 VM", "11 VM");
    loop.vmChanged(true);
    pass(0);
    assertThat(objects.calls).containsExactly("1 VM", "11 VM", "11 VM");
  }

  @Test
  void aMereLookHoldsNoChangeBack() {
    pass(1);
    assertThat(objects.calls).as("a look").containsExactly("1 VM");
    loop.vmChanged(false);
    pass(1);
    assertThat(objects.calls).containsExactly("1 VM", "1 VM");
  }

  @Test
  void theVmIsLookedAtAboutOnceInAMinute() {
    pass(3601);
    assertThat(objects.calls.size()).isBetween(50, 76);
    assertThat(objects.calls).allMatch(call -> call.endsWith(" VM"));
    loop.lookSoon();
    assertThat(loop.nanosToWait()).isLessThanOrEqualTo(0);
  }

  @Test
  void aChangeWhileACallIsUnderWayIsWrittenAfterIt() {
    objects.meanwhile.add(() -> loop.vmChanged(true));
    loop.vmChanged(true);
    loop.round();
    assertThat(loop.isVmStored()).isFalse();
    loop.round();
    assertThat(loop.isVmStored()).isTrue();
    assertThat(objects.calls).containsExactly("0 VM", "0 VM");
  }

  @Test
  void resultsGoOneByOneToEachObject() {
    objects.pending.putAll(Map.of(Target.VM, 3, Target.TEMPLATE, 3, Target.USER, 3));
    loop.allChanged();
    pass(0);
    assertThat(objects.calls)
        .containsExactly(
            "0 VM", "0 TEMPLATE", "0 USER", "0 TEMPLATE", "0 USER", "0 TEMPLATE", "0 USER");
    assertThat(loop.reports().values())
        .allMatch(report -> report.delivered() == 3 && report.pending() == 0);
  }

  @Test
  void aFailureIsHeldBackLongerAndLongerAndOnlyItsObjectWaits() {
    objects.problems.put(Target.TEMPLATE, DOWN);
    objects.pending.putAll(Map.of(Target.TEMPLATE, 1, Target.USER, 2));
    loop.allChanged();
    pass(3600);
    assertThat(objects.pending(Target.USER)).isZero();
    long tries = objects.calls.stream().filter(call -> call.endsWith("TEMPLATE")).count();
    assertThat(tries).as("2, 4, 8, ... 256, then 300 s, each from half to 1.5").isBetween(13L, 32L);
    assertThat(objects.status).isEqualTo("TEMPLATE OPENNEBULA_UNREACHABLE: oned does not answer");
    objects.problems.clear();
    pass(451);
    assertThat(objects.pending(Target.TEMPLATE)).isZero();
    assertThat(objects.status).isEqualTo("OK");
  }

  @Test
  void onlyAnUrgentChangeGoesBeforeTheBackOff() {
    objects.problems.put(Target.VM, DOWN);
    loop.vmChanged(true);
    pass(600);
    objects.calls.clear();
    objects.problems.clear();
    loop.vmChanged(false);
    loop.round();
    assertThat(objects.calls).isEmpty();
    loop.vmChanged(true);
    loop.round();
    assertThat(objects.calls).containsExactly("600 VM");
    assertThat(loop.isVmStored()).isTrue();
  }

  @Test
  void aTryThatWasAskedForMeanwhileIsNotHeldBackByTheOneBefore() {
    objects.problems.put(Target.VM, DOWN);
    loop.vmChanged(true);
    objects.meanwhile.add(
        () -> {
          now.addAndGet(5);
          loop.vmChanged(true);
        });
    loop.round();
    assertThat(loop.nanosToWait()).isLessThanOrEqualTo(0);
  }

  @Test
  void whyTheVmIsDegradedIsShownInIt() {
    objects.degraded = Optional.of(DOWN);
    loop.vmChanged(true);
    loop.round();
    assertThat(objects.status).isEqualTo("VM OPENNEBULA_UNREACHABLE: oned does not answer");
    assertThat(loop.isVmStored()).as("the status is to be written").isFalse();
    assertThat(loop.reports().get(Target.VM)).isNotNull();
  }

  @Test
  void anObjectThatIsNoTargetIsLeftAlone() {
    objects.possible.removeAll(EnumSet.of(Target.TEMPLATE, Target.USER));
    objects.pending.put(Target.USER, 1);
    loop.allChanged();
    pass(60);
    assertThat(objects.calls).allMatch(call -> call.endsWith(" VM"));
    assertThat(loop.reports()).containsOnlyKeys(Target.VM);
    objects.possible.clear();
    assertThat(loop.nanosToWait()).isGreaterThan(Duration.ofDays(1000).toNanos());
  }

  @Test
  void anUnforeseenFailureIsAProblemLikeOthers() {
    objects.meanwhile.add(
        () -> {
          throw new IllegalStateException("a fault");
        });
    loop.vmChanged(true);
    loop.round();
    assertThat(report(Target.VM).problem())
        .contains(new Problem(Category.INTERNAL, "IllegalStateException"));
    pass(3);
    assertThat(loop.isVmStored()).isTrue();
  }

  @Test
  @Timeout(60)
  void flushEndsWhenAllIsStoredOrOnlyRightsAreMissing() {
    pass(1);
    loop.flush(Duration.ofDays(1));
    objects.pending.put(Target.TEMPLATE, 1);
    objects.problems.put(Target.TEMPLATE, FORBIDDEN);
    loop.allChanged();
    loop.start();
    try (loop) {
      loop.flush(Duration.ofDays(1));
      assertThat(loop.isVmStored()).isTrue();
      assertThat(report(Target.TEMPLATE).pending()).isOne();
      assertThat(report(Target.TEMPLATE).problem()).contains(FORBIDDEN);
    }
  }

  /** The clock stands still, so that a time which passes is one that the calls have moved. */
  @Test
  @Timeout(60)
  void flushWaitsForWhatIsDownUntilItsTimeIsOver() {
    objects.problems.put(Target.VM, DOWN);
    for (int call = 0; call < 3; call++) {
      objects.meanwhile.add(() -> now.addAndGet(Duration.ofSeconds(10).toNanos()));
    }
    loop.vmChanged(true);
    loop.start();
    try (loop) {
      loop.flush(Duration.ofSeconds(5));
      assertThat(now.get()).isGreaterThanOrEqualTo(Duration.ofSeconds(5).toNanos());
      assertThat(loop.isVmStored()).isFalse();
    }
  }
}
