package oneapp.tests.opennebula;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The attributes that only administrators may set, as in oned's stock configuration. */
final class Restricted {
  static final Restricted VM =
      new Restricted(
          "CONTEXT/FILES",
          "CPU_COST",
          "DISK/ORIGINAL_SIZE",
          "DISK/SIZE_PREV",
          "DISK_COST",
          "EMULATOR",
          "MEMORY_COST",
          "NIC/BRIDGE",
          "NIC/FILTER",
          "NIC/MAC",
          "NIC/VLAN_ID",
          "NIC_DEFAULT/MAC",
          "NIC_DEFAULT/VLAN_ID",
          "PCI",
          "RAW",
          "USER_INPUTS/CPU",
          "USER_INPUTS/MEMORY",
          "USER_INPUTS/VCPU",
          "USER_PRIORITY");
  static final Restricted USER =
      new Restricted("VM_USE_OPERATIONS", "VM_MANAGE_OPERATIONS", "VM_ADMIN_OPERATIONS");

  private final List<String> names;

  private Restricted(String... names) {
    this.names = List.of(names);
  }

  /** The first restricted attribute that differs between the two templates. */
  Optional<String> firstChanged(Attributes old, Attributes changed) {
    return names.stream()
        .filter(name -> !Objects.equals(held(old, name), held(changed, name)))
        .findFirst();
  }

  private static List<Object> held(Attributes attributes, String path) {
    int slash = path.indexOf('/');
    String name = slash < 0 ? path : path.substring(0, slash);
    return attributes.all(name).stream()
        .map(
            attribute ->
                slash < 0
                    ? attribute.content()
                    : attribute.inside().getOrDefault(path.substring(slash + 1), ""))
        .filter(value -> !value.equals(""))
        .toList();
  }
}
