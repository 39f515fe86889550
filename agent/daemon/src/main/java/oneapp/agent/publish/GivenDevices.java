package oneapp.agent.publish;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The PCI devices that OpenNebula gave this VM. */
public final class GivenDevices {
  private GivenDevices() {}

  /**
   * Calls {@code listener} once, on the publisher's thread, with vendor and device of each, such as
   * 10de:26b9; never when that cannot be read, as through OneGate.
   */
  public static void ask(Publisher publisher, Consumer<List<String>> listener) {
    AtomicBoolean told = new AtomicBoolean();
    publisher.onRead(
        vm -> {
          if (vm.pciIds().isPresent() && told.compareAndSet(false, true)) {
            listener.accept(vm.pciIds().get());
          }
        });
  }
}
