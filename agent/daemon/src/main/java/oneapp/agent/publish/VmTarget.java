package oneapp.agent.publish;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import oneapp.agent.stage.Category;

/** Makes the attributes of the VM what they should be, and proves it by reading them back. */
final class VmTarget {
  private final ObjectAccess vm;
  private final Set<String> own;

  VmTarget(ObjectAccess vm, Set<String> own) {
    this.vm = vm;
    this.own = own;
  }

  /** What to do with attributes that are not wanted. */
  enum Sweep {
    /** Leave everything: what is wanted is not yet known in full. */
    NOTHING,
    /** Delete those that the agent writes: they are out of date. */
    OWN,
    /** Delete all of the appliance: at first boot they are inherited from the template. */
    INHERITED
  }

  /**
   * Writes what differs, deletes what is stale, and reads back.
   *
   * @param wanted as they are stored
   * @return what is stored now
   * @throws OpenNebulaFailure also when oned says yes and does not store
   */
  StoredObject reconcile(Map<String, Attribute> wanted, Sweep sweep) throws OpenNebulaFailure {
    if (vm instanceof FallbackAccess fallback) {
      fallback.begin();
    }
    StoredObject before = vm.read();
    Map<String, Attribute> missing = before.missing(wanted);
    Set<String> stale = stale(before, wanted, sweep);
    if (missing.isEmpty() && stale.isEmpty()) {
      return before;
    }
    if (!missing.isEmpty()) {
      vm.merge(missing);
    }
    if (!stale.isEmpty()) {
      vm.delete(stale);
    }
    StoredObject after = vm.read();
    Set<String> wrong = new TreeSet<>(after.missing(wanted).keySet());
    wrong.addAll(stale(after, wanted, sweep));
    if (!wrong.isEmpty()) {
      throw new OpenNebulaFailure(
          Category.OPENNEBULA_UNREACHABLE,
          "OpenNebula reported success and did not store " + String.join(", ", wrong));
    }
    return after;
  }

  private Set<String> stale(StoredObject stored, Map<String, Attribute> wanted, Sweep sweep) {
    Predicate<String> swept =
        switch (sweep) {
          case NOTHING -> name -> false;
          case OWN -> own::contains;
          case INHERITED -> AttributeList::isOfAppliance;
        };
    Set<String> names = new HashSet<>(stored.names());
    // Its user writes this one, and it is answered, never deleted.
    names.remove(AttributeList.REQUEST);
    names.removeAll(wanted.keySet());
    names.removeIf(swept.negate());
    return new TreeSet<>(names);
  }
}
