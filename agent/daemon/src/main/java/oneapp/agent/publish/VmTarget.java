package oneapp.agent.publish;

import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import oneapp.agent.stage.Category;

/** Makes the attributes of the VM what they should be, and proves it by reading them back. */
final class VmTarget {
  private VmTarget() {}

  /**
   * Writes what differs, deletes what is out of date, and reads back.
   *
   * @param mayGo names that are deleted unless they are wanted
   * @return what is stored now
   * @throws OpenNebulaFailure also when oned reports success and does not store
   */
  static StoredObject reconcile(ObjectAccess vm, StoredAttributes wanted, Predicate<String> mayGo)
      throws OpenNebulaFailure {
    if (vm instanceof FallbackAccess fallback) {
      fallback.begin();
    }
    StoredObject before = vm.read();
    StoredAttributes missing = wanted.missingIn(before);
    Set<String> stale = stale(before, wanted, mayGo);
    if (missing.names().isEmpty() && stale.isEmpty()) {
      return before;
    }
    if (!missing.names().isEmpty()) {
      vm.merge(missing);
    }
    if (!stale.isEmpty()) {
      vm.delete(stale);
    }
    StoredObject after = vm.read();
    Set<String> wrong = stale(after, wanted, mayGo);
    wrong.addAll(wanted.missingIn(after).names());
    if (!wrong.isEmpty()) {
      throw new OpenNebulaFailure(
          Category.OPENNEBULA_UNREACHABLE,
          "OpenNebula reported success and did not store " + String.join(", ", wrong));
    }
    return after;
  }

  private static Set<String> stale(
      StoredObject stored, StoredAttributes wanted, Predicate<String> mayGo) {
    Set<String> names = new TreeSet<>(stored.names());
    names.removeAll(wanted.names());
    names.removeIf(mayGo.negate());
    return names;
  }
}
