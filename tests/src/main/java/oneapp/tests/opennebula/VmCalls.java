package oneapp.tests.opennebula;

import java.util.Map;
import java.util.NavigableSet;
import oneapp.agent.data.Text;
import oneapp.tests.opennebula.OnedRefusal.Code;
import org.jspecify.annotations.Nullable;

/** The calls about virtual machines. */
final class VmCalls {
  // The action, and the state and the state within ACTIVE that it leads to.
  private static final Map<String, int[]> ACTIONS =
      Map.of(
          "terminate", new int[] {StoredVm.DONE, 0},
          "terminate-hard", new int[] {StoredVm.DONE, 0},
          "poweroff", new int[] {StoredVm.POWEROFF, 0},
          "poweroff-hard", new int[] {StoredVm.POWEROFF, 0},
          "resume", new int[] {StoredVm.ACTIVE, 3},
          "hold", new int[] {StoredVm.HOLD, 0},
          "release", new int[] {StoredVm.PENDING, 0});

  private final Cloud cloud;

  VmCalls(Cloud cloud) {
    this.cloud = cloud;
  }

  @Nullable Object answer(Call call) throws RpcFault, OnedRefusal {
    return switch (call.method()) {
      case "one.vm.info" -> info(call);
      case "one.vm.update" -> update(call);
      case "one.vm.action" -> action(call);
      case "one.vm.chmod" -> chmod(call);
      case "one.vm.lock" -> lock(call, call.has(2) ? call.integer(2) : 4);
      case "one.vm.unlock" -> lock(call, 0);
      default -> null;
    };
  }

  private String info(Call call) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    StoredVm vm = cloud.machine(call.integer(1));
    cloud.authorize(caller, Kind.VM, vm.header(), Right.USE, true);
    return vm.toXml();
  }

  private Integer update(Call call) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    int id = call.integer(1);
    String text = call.string(2);
    int type = Calls.updateType(call);
    StoredVm vm = cloud.machine(id);
    cloud.authorize(caller, Kind.VM, vm.header(), Right.MANAGE, false);
    Attributes old = vm.userTemplate();
    cloud.put(
        vm.withUserTemplate(cloud.updated(caller, old, text, type, Code.ACTION, Restricted.VM)));
    return id;
  }

  private Integer action(Call call) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    String action = call.string(1);
    StoredVm vm = cloud.machine(call.integer(2));
    cloud.authorize(caller, Kind.VM, vm.header(), Right.MANAGE, false);
    int[] target = ACTIONS.get(action);
    if (target == null || vm.life().state() == StoredVm.DONE) {
      throw new OnedRefusal(
          Code.ACTION,
          Text.format("Error performing action \"%s\" on virtual machine [%d]", action, vm.id()),
          vm.id());
    }
    long end = target[0] == StoredVm.DONE ? cloud.now() : 0;
    cloud.put(vm.with(vm.life().to(target[0], target[1], end)));
    return vm.id();
  }

  private Integer chmod(Call call) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    StoredVm vm = cloud.machine(call.integer(1));
    cloud.authorize(caller, Kind.VM, vm.header(), Right.MANAGE, false);
    String permissions = Calls.permissions(call, vm.header().permissions());
    cloud.put(vm.with(vm.header().withPermissions(permissions)));
    return vm.id();
  }

  private Integer lock(Call call, int level) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    StoredVm vm = cloud.machine(call.integer(1));
    cloud.authorize(caller, Kind.VM, vm.header(), Right.MANAGE, true);
    Header.Lock lock = level == 0 ? null : new Header.Lock(level, caller.id(), cloud.now());
    cloud.put(vm.with(vm.header().withLock(lock)));
    return vm.id();
  }

  @Nullable Object pool(Call call) throws RpcFault, OnedRefusal {
    boolean whole = call.method().equals("one.vmpool.infoextended");
    if (!whole && !call.method().equals("one.vmpool.info")) {
      return null;
    }
    StoredUser caller = cloud.authenticate(call.string(0));
    int filter = call.integer(1);
    int state = call.integer(4, -1);
    StringBuilder xml = new StringBuilder("<VM_POOL>");
    NavigableSet<Integer> newestFirst = cloud.machines.descendingKeySet();
    for (int id : newestFirst) {
      StoredVm vm = cloud.machine(id);
      boolean inState =
          state == -2
              || (state == -1 ? vm.life().state() != StoredVm.DONE : vm.life().state() == state);
      if (inState
          && Calls.isInRange(call, 2, id)
          && Calls.isWanted(filter, caller, vm.header())
          && isVisible(caller, vm)) {
        xml.append(whole ? vm.toXml() : vm.toShortXml());
      }
    }
    return xml.append("</VM_POOL>").toString();
  }

  private boolean isVisible(StoredUser caller, StoredVm vm) {
    try {
      cloud.authorize(caller, Kind.VM, vm.header(), Right.USE, true);
      return true;
    } catch (OnedRefusal hidden) {
      return false;
    }
  }
}
