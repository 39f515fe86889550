package org.opennebula.client.vm;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.opennebula.client.Client;
import org.opennebula.client.OneResponse;
import org.opennebula.client.PoolElement;

/** A virtual machine. */
public class VirtualMachine extends PoolElement {
  private static final List<String> STATES =
      names(
          """
          INIT PENDING HOLD ACTIVE STOPPED SUSPENDED DONE FAILED POWEROFF UNDEPLOYED CLONING
          CLONING_FAILURE
          """);

  private static final List<String> LCM_STATES =
      names(
          """
          LCM_INIT PROLOG BOOT RUNNING MIGRATE SAVE_STOP SAVE_SUSPEND SAVE_MIGRATE PROLOG_MIGRATE
          PROLOG_RESUME EPILOG_STOP EPILOG SHUTDOWN CANCEL FAILURE CLEANUP_RESUBMIT UNKNOWN HOTPLUG
          SHUTDOWN_POWEROFF BOOT_UNKNOWN BOOT_POWEROFF BOOT_SUSPENDED BOOT_STOPPED CLEANUP_DELETE
          HOTPLUG_SNAPSHOT HOTPLUG_NIC HOTPLUG_SAVEAS HOTPLUG_SAVEAS_POWEROFF
          HOTPLUG_SAVEAS_SUSPENDED SHUTDOWN_UNDEPLOY EPILOG_UNDEPLOY PROLOG_UNDEPLOY BOOT_UNDEPLOY
          HOTPLUG_PROLOG_POWEROFF HOTPLUG_EPILOG_POWEROFF BOOT_MIGRATE BOOT_FAILURE
          BOOT_MIGRATE_FAILURE PROLOG_MIGRATE_FAILURE PROLOG_FAILURE EPILOG_FAILURE
          EPILOG_STOP_FAILURE EPILOG_UNDEPLOY_FAILURE PROLOG_MIGRATE_POWEROFF
          PROLOG_MIGRATE_POWEROFF_FAILURE PROLOG_MIGRATE_SUSPEND PROLOG_MIGRATE_SUSPEND_FAILURE
          BOOT_UNDEPLOY_FAILURE BOOT_STOPPED_FAILURE PROLOG_RESUME_FAILURE PROLOG_UNDEPLOY_FAILURE
          DISK_SNAPSHOT_POWEROFF DISK_SNAPSHOT_REVERT_POWEROFF DISK_SNAPSHOT_DELETE_POWEROFF
          DISK_SNAPSHOT_SUSPENDED DISK_SNAPSHOT_REVERT_SUSPENDED DISK_SNAPSHOT_DELETE_SUSPENDED
          DISK_SNAPSHOT DISK_SNAPSHOT_REVERT DISK_SNAPSHOT_DELETE PROLOG_MIGRATE_UNKNOWN
          PROLOG_MIGRATE_UNKNOWN_FAILURE DISK_RESIZE DISK_RESIZE_POWEROFF DISK_RESIZE_UNDEPLOYED
          HOTPLUG_NIC_POWEROFF HOTPLUG_RESIZE HOTPLUG_SAVEAS_UNDEPLOYED HOTPLUG_SAVEAS_STOPPED
          BACKUP BACKUP_POWEROFF RESTORE
          """);

  public VirtualMachine(int id, Client client) {
    super(id, client);
  }

  /** Reads a VM: its XML is the message. */
  public static OneResponse info(Client client, int id) {
    return client.call("vm.info", id);
  }

  /** Merges attributes into a VM's USER_TEMPLATE, or without {@code append} replaces it. */
  public static OneResponse update(Client client, int id, String attributes, boolean append) {
    return client.call("vm.update", id, attributes, append ? 1 : 0);
  }

  /** Reads this VM and keeps what was read. */
  public OneResponse info() {
    return keep(info(client, id));
  }

  /** Replaces this VM's USER_TEMPLATE. */
  public OneResponse update(String attributes) {
    return update(attributes, false);
  }

  /** Merges attributes into this VM's USER_TEMPLATE, or without {@code append} replaces it. */
  public OneResponse update(String attributes, boolean append) {
    return update(client, id, attributes, append);
  }

  /** The name of the state, such as {@code ACTIVE}, or null if it is unknown. */
  public @Nullable String stateStr() {
    return name(STATES, state());
  }

  /** The number of the life-cycle state, or -1 if it is unknown. */
  public int lcmState() {
    return number("LCM_STATE");
  }

  /** The name of the life-cycle state, such as {@code RUNNING}, or null if it is unknown. */
  public @Nullable String lcmStateStr() {
    return name(LCM_STATES, lcmState());
  }

  private static @Nullable String name(List<String> names, int number) {
    return number >= 0 && number < names.size() ? names.get(number) : null;
  }

  private static List<String> names(String text) {
    return List.of(text.strip().split("\\s+"));
  }
}
