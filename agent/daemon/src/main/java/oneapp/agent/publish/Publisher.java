package oneapp.agent.publish;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.context.OpenNebulaAccess.Target;
import oneapp.agent.data.Secrets;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes states and results to OpenNebula on a thread of its own, so that the line never waits for
 * the network. Of states the newest wins; results are on disk first and each target gets them in
 * order, over restarts. Facts of the state win over a result's attributes of the same name.
 */
public final class Publisher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Publisher.class);
  private static final int NO_VM = -1;

  private final Secrets secrets;
  private final Path stateFolder;
  private final InstantSource clock;
  private final Outbox outbox;
  private final Set<String> own;
  private final Lanes lanes;
  private final List<Consumer<StoredObject>> watchers = new CopyOnWriteArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;

  // Replaced under the lock; what is under way ends with the one that it began with.
  private volatile OpenNebula openNebula;

  // Guarded by the lock.
  private final VmContent content;
  private final Timetable timetable;
  private boolean closed;

  /** As the appliance does it. */
  public Publisher(OpenNebulaAccess reach, Secrets secrets, Path stateFolder) {
    this(reach, secrets, stateFolder, Pace.DEFAULT, InstantSource.system());
  }

  /**
   * Reads what an earlier run left in {@code stateFolder/outbox} and begins to deliver it.
   *
   * @param stateFolder survives reboots; nobody else may write there
   */
  public Publisher(
      OpenNebulaAccess reach, Secrets secrets, Path stateFolder, Pace pace, InstantSource clock) {
    this.openNebula = new OpenNebula(reach, secrets, stateFolder, clock);
    this.secrets = secrets;
    this.stateFolder = stateFolder;
    this.clock = clock;
    this.content = new VmContent(secrets, openNebula.userName());
    this.outbox = new Outbox(stateFolder.resolve("outbox"), reach.vmId().orElse(NO_VM));
    this.own = AttributeList.load().ownOfVm();
    this.lanes = new Lanes(pace);
    this.timetable = new Timetable(pace);
    outbox.finalState().ifPresent(this::want);
    this.thread = Thread.ofPlatform().name("publisher").daemon().unstarted(this::work);
    thread.start();
  }

  /** Uses other addresses and credentials from now on, for the same VM: the context changed. */
  public void reach(OpenNebulaAccess changed) {
    locked(
        () -> {
          openNebula = new OpenNebula(changed, secrets, stateFolder, clock);
          content.resultUser(openNebula.userName());
          changeNow();
        });
  }

  /**
   * Takes a state and returns without waiting for the network; an end state (FAILED, STOPPED) is on
   * disk then, and published at once. Facts that are not named VLLM_ or ONEAPP_VLLM_CHATBOT_ are
   * left out; those that are absent later are deleted.
   */
  public void state(State newest) {
    locked(
        () -> {
          outbox.state(newest);
          want(newest);
        });
  }

  private void want(State newest) {
    locked(
        () -> {
          if (content.become(newest)) {
            boolean end = newest.stage().isEnd();
            if (end) {
              lanes.of(Target.VM).tryAtOnce();
            }
            changed(end);
          }
        });
  }

  /**
   * Takes a result; it is on disk when this returns true. On false the disk refused: it is kept in
   * memory, delivered all the same, and written when the disk takes it.
   */
  public boolean result(ResultRecord result) {
    ResultRecord clean =
        new ResultRecord(
            result.resultId(),
            result.date(),
            VmContent.redacted(secrets, result.vmAttributes()),
            result.key(),
            VmContent.redacted(secrets, result.row()));
    boolean durable = outbox.add(clean);
    changeNow();
    return durable;
  }

  /** Takes the shown result's attributes out of the VM: model, GPUs or settings are new. */
  public void withdrawResult() {
    outbox.withdraw(targets());
    changeNow();
  }

  /** Sets a further attribute of the VM, whatever the state is. */
  void publish(String name, String value) {
    locked(
        () -> {
          if (content.set(name, value)) {
            changed(false);
          }
        });
  }

  /** Calls {@code watcher} on the publisher's thread with what each read of the VM finds. */
  void onRead(Consumer<StoredObject> watcher) {
    watchers.add(watcher);
    locked(
        () -> {
          timetable.lookSoon();
          changed.signalAll();
        });
  }

  /**
   * Tries all at once and waits until everything is delivered, or all that is not was tried again
   * and refused for want of a right, which waiting does not mend, or the time is over.
   */
  public DeliveryReport flush(Duration deadline) {
    long began = System.nanoTime();
    long end = began + deadline.toNanos();
    lock.lock();
    try {
      timetable.hurry(true);
      lanes.tryAtOnce();
      changed.signalAll();
      while (!closed && openNebula.isReachable() && !lanes.areRefused(report().waiting(), began)) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          break;
        }
        changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      timetable.hurry(false);
      lock.unlock();
    }
    return report().atTheEnd();
  }

  /** What is delivered and what is not, without waiting. */
  public DeliveryReport report() {
    lock.lock();
    try {
      return new DeliveryReport(
          lanes.reports(targets(), outbox), timetable.isStored(), openNebula.unconfigured());
    } finally {
      lock.unlock();
    }
  }

  /** Stops the thread; what is not delivered stays on disk for the next start. */
  @Override
  public void close() {
    locked(
        () -> {
          closed = true;
          changed.signalAll();
        });
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Set<Target> targets() {
    return openNebula.targets();
  }

  private void changeNow() {
    locked(
        () -> {
          lanes.tryAtOnce();
          changed(true);
        });
  }

  private void changed(boolean urgent) {
    timetable.changed(urgent);
    changed.signalAll();
  }

  private void work() {
    while (awaitWork()) {
      outbox.saveUnsaved();
      if (vmWait() <= 0) {
        attempt(Target.VM, this::publishVm);
      }
      for (Target target : targets()) {
        if (target != Target.VM && rowWait(target) <= 0) {
          attempt(target, () -> deliverRows(target));
        }
      }
      locked(changed::signalAll);
    }
  }

  /** Waits until a call is due; false when it is time to end. */
  private boolean awaitWork() {
    lock.lock();
    try {
      while (!closed) {
        long wait = vmWait();
        for (Target target : targets()) {
          wait = target == Target.VM ? wait : Math.min(wait, rowWait(target));
        }
        if (wait <= 0) {
          return true;
        }
        changed.awaitNanos(wait);
      }
      return false;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  private long vmWait() {
    lock.lock();
    try {
      if (!openNebula.isReachable()) {
        return Long.MAX_VALUE;
      }
      long now = System.nanoTime();
      return Math.max(timetable.nanosToWait(now), lanes.of(Target.VM).nanosToWait(now));
    } finally {
      lock.unlock();
    }
  }

  private long rowWait(Target target) {
    lock.lock();
    try {
      return outbox.pending(target).isEmpty()
          ? Long.MAX_VALUE
          : lanes.of(target).nanosToWait(System.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  private interface Delivery {
    /** Returns how many results were delivered. */
    int run() throws OpenNebulaFailure;
  }

  private void attempt(Target target, Delivery delivery) {
    long began = System.nanoTime();
    try {
      int delivered = delivery.run();
      settle(target, lane -> lane.worked(delivered, degraded(target)));
    } catch (OpenNebulaFailure e) {
      settle(target, lane -> lane.failed(e.problem(), began));
    } catch (RuntimeException e) {
      log.error("publishing to the {} failed in an unforeseen way", target, e);
      Problem problem = new Problem(Category.INTERNAL, e.getClass().getSimpleName());
      settle(target, lane -> lane.failed(problem, began));
    }
  }

  private void settle(Target target, Consumer<Lane> outcome) {
    locked(
        () -> {
          // A call that close() broke off says nothing about OpenNebula.
          if (!closed) {
            outcome.accept(lanes.of(target));
            publish(AttributeList.PUBLISH_STATUS, lanes.status(openNebula.degraded()));
          }
        });
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  private Optional<Problem> degraded(Target target) {
    return target == Target.VM ? openNebula.degraded() : Optional.empty();
  }

  private int deliverRows(Target target) throws OpenNebulaFailure {
    for (Map.Entry<Long, ResultRecord> entry : outbox.pending(target).entrySet()) {
      ResultRecord result = entry.getValue();
      Optional<ObjectAccess> object = openNebula.object(target);
      if (object.isEmpty()) {
        log.info("this VM was made from no template: {} is not written to one", result.resultId());
      } else {
        RowTarget.Outcome outcome = RowTarget.deliver(object.get(), result);
        log.info("result {} for the {}: {}", result.resultId(), target, outcome);
      }
      outbox.delivered(entry.getKey(), result, target, targets());
      settle(target, lane -> lane.worked(1, degraded(target)));
    }
    return 0;
  }

  private int publishVm() throws OpenNebulaFailure {
    Map<String, Attribute> wanted;
    Map<Long, ResultRecord> pending;
    Optional<State> writing;
    Timetable.Round round;
    lock.lock();
    try {
      // In this order what is pending is also shown, even when a result comes in between.
      pending = outbox.pending(Target.VM);
      wanted =
          content.attributes(
              targets().contains(Target.VM) ? outbox.shownResult() : Optional.empty());
      writing = content.state();
      round = timetable.begin();
    } finally {
      lock.unlock();
    }
    VmTarget.Sweep sweep =
        writing.isEmpty()
            ? VmTarget.Sweep.NOTHING
            : outbox.isCleaned() ? VmTarget.Sweep.OWN : VmTarget.Sweep.INHERITED;
    StoredObject stored;
    try {
      stored = new VmTarget(openNebula.vm(), own).reconcile(wanted, sweep);
    } catch (OpenNebulaFailure e) {
      locked(() -> timetable.failed(round));
      throw e;
    }
    openNebula.learnCaller();
    if (sweep == VmTarget.Sweep.INHERITED) {
      outbox.cleaned();
    }
    pending.forEach((number, result) -> outbox.delivered(number, result, Target.VM, targets()));
    writing.ifPresent(outbox::stateDelivered);
    locked(() -> timetable.stored(round));
    watchers.forEach(watcher -> watcher.accept(stored));
    return pending.size();
  }
}
