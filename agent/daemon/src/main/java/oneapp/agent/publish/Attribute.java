package oneapp.agent.publish;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The value of a template attribute of OpenNebula. */
public sealed interface Attribute {
  /** One text. */
  record Single(String value) implements Attribute {}

  /** Named texts, sorted by name as oned stores them. */
  record Vector(Map<String, String> values) implements Attribute {
    public Vector {
      values = Collections.unmodifiableMap(new TreeMap<>(values));
    }
  }
}
