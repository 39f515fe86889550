package oneapp.agent.publish;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Attributes by name, exactly as oned stores them. Only {@link TemplateXml#stored(Map)} makes them,
 * so what is compared and sent is mapped once.
 */
public final class StoredAttributes {
  private final Map<String, Attribute> byName;

  StoredAttributes(Map<String, Attribute> byName) {
    this.byName = Collections.unmodifiableMap(byName);
  }

  /** Sorted by name. */
  public Map<String, Attribute> byName() {
    return byName;
  }

  Set<String> names() {
    return byName.keySet();
  }

  /** Those that the object does not hold just so, once each. */
  StoredAttributes missingIn(StoredObject object) {
    Map<String, Attribute> missing = new TreeMap<>(byName);
    missing.entrySet().removeIf(one -> object.all(one.getKey()).equals(List.of(one.getValue())));
    return new StoredAttributes(missing);
  }
}
