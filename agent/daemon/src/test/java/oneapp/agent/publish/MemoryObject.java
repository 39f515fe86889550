package oneapp.agent.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import oneapp.agent.stage.Category;

/** An object in memory, which can be made to refuse or to lose a write. */
final class MemoryObject implements ObjectAccess {
  final List<StoredObject.Entry> entries = new ArrayList<>();
  final List<String> writes = new ArrayList<>();
  boolean refuses;
  boolean loses;

  MemoryObject with(String name, String value) {
    entries.add(new StoredObject.Entry(name, new Attribute.Single(value)));
    return this;
  }

  MemoryObject with(String name, Map<String, String> values) {
    entries.add(new StoredObject.Entry(name, new Attribute.Vector(values)));
    return this;
  }

  @Override
  public StoredObject read() throws OpenNebulaFailure {
    check();
    return new StoredObject(0, "memory", entries, OptionalInt.empty(), false, Optional.empty());
  }

  @Override
  public void merge(StoredAttributes attributes) throws OpenNebulaFailure {
    check();
    writes.add("merge " + attributes.names());
    if (!loses) {
      entries.removeIf(entry -> attributes.names().contains(entry.name()));
      attributes
          .byName()
          .forEach((name, value) -> entries.add(new StoredObject.Entry(name, value)));
    }
  }

  @Override
  public void delete(Set<String> names) throws OpenNebulaFailure {
    check();
    writes.add("delete " + names);
    if (!loses) {
      entries.removeIf(entry -> names.contains(entry.name()));
    }
  }

  private void check() throws OpenNebulaFailure {
    if (refuses) {
      throw new OpenNebulaFailure(Category.OPENNEBULA_FORBIDDEN, "it refuses");
    }
  }
}
