package oneapp.agent.publish;

import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import oneapp.agent.data.Text;

/**
 * A result as it is published.
 *
 * @param resultId names this result; the same result has the same one after a restart
 * @param date when it was measured; of two results of one key the later one stays
 * @param vmAttributes attributes of the VM by name
 * @param key name of the vector attribute in template and user, {@code VLLM_RESULT_xxxxxxxx}
 * @param row its values; DATE, RESULT_ID are added when they are not there
 */
public record ResultRecord(
    String resultId,
    Instant date,
    Map<String, String> vmAttributes,
    String key,
    Map<String, String> row) {
  static final String KEY_PATTERN = Attributes.RESULT + "[0-9A-Fa-f]{8}";
  static final String DATE = "DATE";
  static final String RESULT_ID = "RESULT_ID";

  public ResultRecord {
    if (!key.matches(KEY_PATTERN)) {
      throw new IllegalArgumentException(
          Text.format("result key \"%s\" is not %s", key, KEY_PATTERN));
    }
    if (resultId.isBlank()) {
      throw new IllegalArgumentException("a result needs an id");
    }
    // As oned stores it.
    key = key.toUpperCase(Locale.ROOT);
    vmAttributes = Collections.unmodifiableMap(new TreeMap<>(vmAttributes));
    Map<String, String> whole = new TreeMap<>(row);
    whole.putIfAbsent(DATE, date.toString());
    whole.putIfAbsent(RESULT_ID, resultId);
    row = Collections.unmodifiableMap(whole);
    // Refused here and now, not when it is first sent.
    TemplateXml.merge(TemplateXml.stored(singles(vmAttributes)));
    TemplateXml.merge(TemplateXml.stored(Map.of(key, new Attribute.Vector(row))));
  }

  static Map<String, Attribute> singles(Map<String, String> values) {
    Map<String, Attribute> attributes = new TreeMap<>();
    values.forEach((name, value) -> attributes.put(name, new Attribute.Single(value)));
    return attributes;
  }

  /** The vector attribute exactly as it will be stored, by its name. */
  StoredAttributes storedRow() {
    return TemplateXml.stored(Map.of(key, new Attribute.Vector(row)));
  }

  /** True when the stored row is the later one; of two at once the greater id stays. */
  boolean isBefore(Attribute.Vector stored) {
    int order = RowTarget.date(stored).compareTo(RowTarget.date(new Attribute.Vector(row)));
    String storedId = stored.values().getOrDefault(RESULT_ID, "");
    return order > 0 || (order == 0 && storedId.compareTo(resultId) > 0);
  }
}
