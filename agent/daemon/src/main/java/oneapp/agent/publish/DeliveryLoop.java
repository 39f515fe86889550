package oneapp.agent.publish;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import oneapp.agent.context.OpenNebulaAccess.Target;
import oneapp.agent.stage.Category;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what is wanted: one thread, which calls for each object when that is due. {@link Lane}
 * knows when; {@link #attempt} is where a call is made and its outcome decides what comes next.
 */
final class DeliveryLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DeliveryLoop.class);

  /** What is wanted of each object. */
  interface Deliveries {
    /** False while the context names no way to the object, or it is no target of results. */
    boolean isPossible(Target target);

    /** How many results wait for the object. */
    int pending(Target target);

    /**
     * Makes the calls that bring the object nearer to what is wanted; may block, within time-outs.
     *
     * @return how many results the object has got
     */
    int deliver(Target target) throws OpenNebulaFailure;

    /** Why the last calls that worked did not work in the way they should. */
    Optional<Problem> degraded(Target target);

    /** Shows how it goes; true when the VM is to be written for that. Must not block. */
    boolean show(String status);
  }

  private final Deliveries deliveries;
  private final LongSupplier clock;
  private final Map<Target, Lane> lanes = new EnumMap<>(Target.class);
  private final Thread thread = Thread.ofPlatform().name("publisher").daemon().unstarted(this::run);
  private int flushing;
  private boolean closed;

  /**
   * Makes a loop that does nothing until {@link #start}.
   *
   * @param clock in ns, which never goes back
   */
  DeliveryLoop(Deliveries deliveries, Pace pace, LongSupplier clock) {
    this.deliveries = deliveries;
    this.clock = clock;
    for (Target target : Target.values()) {
      lanes.put(target, new Lane(target, pace, clock.getAsLong()));
    }
  }

  void start() {
    thread.start();
  }

  /** The VM is to be written, at its pace or now. */
  synchronized void vmChanged(boolean now) {
    lane(Target.VM).changed(now, clock.getAsLong());
    notifyAll();
  }

  /** There is something new for all objects, and all are tried now. */
  synchronized void allChanged() {
    lanes.values().forEach(lane -> lane.changed(true, clock.getAsLong()));
    notifyAll();
  }

  /** The VM is read soon. */
  synchronized void lookSoon() {
    lane(Target.VM).lookSoon(clock.getAsLong());
    notifyAll();
  }

  /**
   * Tries all at once and waits until everything is delivered, or all that is not was tried again
   * and refused for want of a right, which waiting does not mend, or the time is over.
   */
  synchronized void flush(Duration deadline) {
    long began = clock.getAsLong();
    flushing++;
    lanes.values().forEach(lane -> lane.tryAtOnce(began));
    notifyAll();
    try {
      long left = deadline.toNanos();
      while (left > 0 && !closed && isWorthWaiting(began)) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
        left = began + deadline.toNanos() - clock.getAsLong();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      flushing--;
    }
  }

  private boolean isWorthWaiting(long since) {
    return lanes.entrySet().stream()
        .filter(entry -> deliveries.isPossible(entry.getKey()) && !entry.getValue().isStored())
        .anyMatch(entry -> !entry.getValue().isRefusedSince(since));
  }

  /** True when the VM shows all that it should. */
  synchronized boolean isVmStored() {
    return lane(Target.VM).isStored();
  }

  /** The state goes to the VM even when results do not, so the VM is always in the report. */
  synchronized Map<Target, DeliveryReport.TargetReport> reports() {
    Map<Target, DeliveryReport.TargetReport> reports = new EnumMap<>(Target.class);
    lanes.forEach(
        (target, lane) -> {
          if (target == Target.VM || deliveries.isPossible(target)) {
            reports.put(
                target,
                new DeliveryReport.TargetReport(
                    lane.delivered(), deliveries.pending(target), lane.problem()));
          }
        });
    return reports;
  }

  /** Stops the thread, and breaks a call off. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (awaitDue()) {
        round();
      }
    } catch (InterruptedException e) {
      // Only close() does that.
    }
  }

  private synchronized boolean awaitDue() throws InterruptedException {
    for (long wait = nanosToWait(); wait > 0 && !closed; wait = nanosToWait()) {
      TimeUnit.NANOSECONDS.timedWait(this, wait);
    }
    return !closed;
  }

  /** How long nothing is due. */
  synchronized long nanosToWait() {
    long now = clock.getAsLong();
    return lanes.keySet().stream().mapToLong(target -> due(target) - now).min().orElseThrow();
  }

  private long due(Target target) {
    return deliveries.isPossible(target) ? lane(target).due(flushing > 0) : Long.MAX_VALUE;
  }

  /** Makes the calls that are due, those for the VM first. */
  void round() {
    for (Target target : Target.values()) {
      if (begins(target)) {
        attempt(target);
      }
    }
  }

  private synchronized boolean begins(Target target) {
    long now = clock.getAsLong();
    boolean begins = !closed && due(target) <= now;
    if (begins) {
      lane(target).begin(now);
    }
    return begins;
  }

  private void attempt(Target target) {
    try {
      int results = deliveries.deliver(target);
      ended(
          target,
          lane ->
              lane.worked(results, deliveries.pending(target) == 0, deliveries.degraded(target)));
    } catch (OpenNebulaFailure e) {
      ended(target, lane -> lane.failed(e.problem(), clock.getAsLong()));
    } catch (RuntimeException e) {
      log.error("publishing to the {} failed in an unforeseen way", target, e);
      Problem problem = new Problem(Category.INTERNAL, e.getClass().getSimpleName());
      ended(target, lane -> lane.failed(problem, clock.getAsLong()));
    }
  }

  private synchronized void ended(Target target, Consumer<Lane> outcome) {
    // A call that close() broke off says nothing about OpenNebula.
    if (!closed) {
      outcome.accept(lane(target));
      if (deliveries.show(status())) {
        lane(Target.VM).changed(false, clock.getAsLong());
      }
      notifyAll();
    }
  }

  /**
   * What the VM says of the objects: OK, or each problem. When the VM itself fails nobody can read
   * it there, so of the VM only why it is degraded counts.
   */
  private String status() {
    Stream<String> problems =
        lanes.entrySet().stream()
            .flatMap(
                entry ->
                    (entry.getKey() == Target.VM
                            ? deliveries.degraded(Target.VM)
                            : entry.getValue().problem())
                        .map(problem -> entry.getKey() + " " + problem).stream());
    String all = problems.collect(Collectors.joining("; "));
    return all.isEmpty() ? "OK" : all;
  }

  private Lane lane(Target target) {
    Lane lane = lanes.get(target);
    if (lane == null) {
      throw new IllegalStateException("no lane for " + target);
    }
    return lane;
  }
}
