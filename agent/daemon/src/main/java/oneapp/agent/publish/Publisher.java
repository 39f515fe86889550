package oneapp.agent.publish;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.context.OpenNebulaAccess.Target;
import oneapp.agent.data.Secrets;
import oneapp.agent.stage.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What OpenNebula should hold: states, of which the newest wins, and results, which are on disk
 * first and reach each object in order, over restarts. Facts of the state win over a result's
 * attributes of the same name. A {@link DeliveryLoop} delivers it, so that nobody here waits for
 * the network.
 */
public final class Publisher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Publisher.class);
  private static final int NO_VM = -1;

  private final Secrets secrets;
  private final Path stateFolder;
  private final InstantSource clock;
  private final Outbox outbox;
  private final VmContent content;
  private final DeliveryLoop loop;
  private final List<Consumer<StoredObject>> watchers = new CopyOnWriteArrayList<>();

  // Replaced by reach(); what is under way ends with the one that it began with.
  private volatile OpenNebula openNebula;

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
    long began = System.nanoTime();
    this.loop = new DeliveryLoop(new Wanted(), pace, () -> System.nanoTime() - began);
    outbox.finalState().ifPresent(this::want);
    loop.start();
  }

  /** Uses other addresses and credentials from now on, for the same VM: the context changed. */
  public void reach(OpenNebulaAccess changed) {
    OpenNebula next = new OpenNebula(changed, secrets, stateFolder, clock);
    content.resultUser(next.userName());
    openNebula = next;
    loop.allChanged();
  }

  /**
   * Takes a state and returns without waiting for the network; an end state (FAILED, STOPPED) is on
   * disk then, and published at once. Facts that are not named VLLM_ or ONEAPP_VLLM_CHATBOT_ are
   * left out; those that are absent later are deleted.
   */
  public synchronized void state(State newest) {
    outbox.state(newest);
    want(newest);
  }

  private void want(State newest) {
    if (content.become(newest)) {
      loop.vmChanged(newest.stage().isEnd());
    }
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
    loop.allChanged();
    return durable;
  }

  /** Takes the shown result's attributes out of the VM: model, GPUs or settings are new. */
  public void withdrawResult() {
    outbox.withdraw(openNebula.targets());
    loop.allChanged();
  }

  /** Sets a further attribute of the VM, whatever the state is. */
  void publish(String name, String value) {
    if (content.set(name, value)) {
      loop.vmChanged(false);
    }
  }

  /** Calls {@code watcher} on the loop's thread with what each read of the VM finds. */
  void onRead(Consumer<StoredObject> watcher) {
    watchers.add(watcher);
    loop.lookSoon();
  }

  /**
   * Calls {@code listener} once, on the loop's thread, with vendor and device of each PCI device
   * that OpenNebula gave this VM, such as 10de:26b9; never when that cannot be read, as through
   * OneGate.
   */
  public void onPciIds(Consumer<List<String>> listener) {
    AtomicBoolean called = new AtomicBoolean();
    onRead(
        vm -> {
          if (vm.pciIds().isPresent() && called.compareAndSet(false, true)) {
            listener.accept(vm.pciIds().get());
          }
        });
  }

  /** Delivers what can be delivered; see {@link DeliveryLoop#flush} for how long that waits. */
  public DeliveryReport flush(Duration deadline) {
    loop.flush(deadline);
    return report().atTheEnd();
  }

  /** What is delivered and what is not, without waiting. */
  public DeliveryReport report() {
    return new DeliveryReport(loop.reports(), loop.isVmStored(), openNebula.unconfigured());
  }

  /** Stops the deliveries; what is not delivered stays on disk for the next start. */
  @Override
  public void close() {
    loop.close();
  }

  /** The calls that the loop makes. */
  private final class Wanted implements DeliveryLoop.Deliveries {
    private final Set<String> own = Attributes.load().ownOfVm();

    @Override
    public boolean isPossible(Target target) {
      return target == Target.VM ? openNebula.isReachable() : openNebula.targets().contains(target);
    }

    @Override
    public int pending(Target target) {
      return openNebula.targets().contains(target) ? outbox.pending(target).size() : 0;
    }

    @Override
    public Optional<Problem> degraded(Target target) {
      return target == Target.VM ? openNebula.degraded() : Optional.empty();
    }

    @Override
    public boolean show(String status) {
      return content.set(Attributes.PUBLISH_STATUS, status);
    }

    @Override
    public int deliver(Target target) throws OpenNebulaFailure {
      outbox.saveUnsaved();
      return target == Target.VM ? deliverToVm(openNebula) : deliverRow(openNebula, target);
    }

    private int deliverToVm(OpenNebula now) throws OpenNebulaFailure {
      // In this order what is pending is also shown, even when a result comes in between.
      Map<Long, ResultRecord> pending = outbox.pending(Target.VM);
      Optional<State> state = content.state();
      StoredAttributes wanted =
          content.attributes(
              now.targets().contains(Target.VM) ? outbox.shownResult() : Optional.empty());
      // Before the first state it is not known what else is wanted, and nothing may go.
      Predicate<String> mayGo = name -> state.isPresent() && isOwn(name);
      StoredObject stored = VmTarget.reconcile(now.vm(), wanted, mayGo);
      now.learnCaller();
      pending.forEach((number, result) -> outbox.delivered(number, result, Target.VM, targets()));
      state.ifPresent(outbox::stateDelivered);
      watchers.forEach(watcher -> watcher.accept(stored));
      return pending.size();
    }

    /** A VM has results of others only from its template. */
    private boolean isOwn(String name) {
      return own.contains(name) || name.matches(ResultRecord.KEY_PATTERN);
    }

    /** The oldest result; the loop comes back for the others. */
    private int deliverRow(OpenNebula now, Target target) throws OpenNebulaFailure {
      Map.Entry<Long, ResultRecord> oldest = outbox.pending(target).firstEntry();
      if (oldest == null) {
        return 0;
      }
      ResultRecord result = oldest.getValue();
      Optional<ObjectAccess> object = now.object(target);
      if (object.isEmpty()) {
        log.info("this VM was made from no template: {} is not written to one", result.resultId());
      } else {
        RowTarget.Outcome outcome = RowTarget.deliver(object.get(), result);
        log.info("result {} for the {}: {}", result.resultId(), target, outcome);
      }
      outbox.delivered(oldest.getKey(), result, target, targets());
      return 1;
    }

    private Set<Target> targets() {
      return openNebula.targets();
    }
  }
}
