package oneapp.tests.opennebula;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** A template as oned stores it: sorted by name, a name may occur several times. */
record Attributes(List<OnedAttribute> list) {
  static final Attributes NONE = new Attributes(List.of());

  private static final Pattern XML_NAME =
      Pattern.compile("[A-Za-z_\\x{80}-\\x{10FFFF}][\\w.\\-\\x{80}-\\x{10FFFF}]*");
  private static final int LONGEST_VALUE_BYTES = 10_000_000;
  private static final int LONGEST_NAME_BYTES = 50_000;

  Attributes {
    // The sort is stable: equal names keep their order.
    list = list.stream().sorted(Comparator.comparing(OnedAttribute::name)).toList();
  }

  /** Merges as oned does: every name of {@code other} loses its old values; a vector is whole. */
  Attributes merged(Attributes other) {
    Set<String> replaced = new HashSet<>();
    other.list.forEach(attribute -> replaced.add(attribute.name()));
    List<OnedAttribute> result =
        new ArrayList<>(
            list.stream().filter(attribute -> !replaced.contains(attribute.name())).toList());
    result.addAll(other.list);
    return new Attributes(result);
  }

  Attributes filtered(Predicate<OnedAttribute> wanted) {
    return new Attributes(list.stream().filter(wanted).toList());
  }

  /** What is left after storing: an empty vector vanishes. */
  Attributes stored() {
    return filtered(attribute -> !attribute.isEmptyVector());
  }

  Attributes without(String name) {
    return filtered(attribute -> !attribute.name().equals(name));
  }

  Attributes with(String name, String value) {
    return merged(new Attributes(List.of(new OnedAttribute(name, value, null))));
  }

  Attributes with(String name, SortedMap<String, String> values) {
    return merged(new Attributes(List.of(new OnedAttribute(name, null, values))));
  }

  List<OnedAttribute> all(String name) {
    return list.stream().filter(attribute -> attribute.name().equals(name)).toList();
  }

  Optional<OnedAttribute> first(String name) {
    return list.stream().filter(attribute -> attribute.name().equals(name)).findFirst();
  }

  /** The value of the first single attribute of that name, or the empty string. */
  String value(String name) {
    return list.stream()
        .filter(attribute -> attribute.name().equals(name))
        .flatMap(attribute -> Optional.ofNullable(attribute.value()).stream())
        .findFirst()
        .orElse("");
  }

  /** The values of the first vector of that name, in a map of its own; empty if there is none. */
  SortedMap<String, String> vector(String name) {
    return new TreeMap<>(first(name).map(OnedAttribute::inside).orElseGet(TreeMap::new));
  }

  /** False for what oned answers with success and then loses, because its own XML is broken. */
  boolean survivesStorage() {
    return list.stream()
        .allMatch(
            attribute ->
                fits(attribute.name(), LONGEST_NAME_BYTES)
                    && attribute.inside().keySet().stream()
                        .allMatch(
                            name ->
                                XML_NAME.matcher(name).matches() && fits(name, LONGEST_NAME_BYTES))
                    && values(attribute).stream()
                        .allMatch(
                            value -> !value.contains("]]>") && fits(value, LONGEST_VALUE_BYTES)));
  }

  private static List<String> values(OnedAttribute attribute) {
    String value = attribute.value();
    return value == null ? List.copyOf(attribute.inside().values()) : List.of(value);
  }

  private static boolean fits(String text, int bytes) {
    return text.length() <= bytes && text.getBytes(StandardCharsets.UTF_8).length <= bytes;
  }

  String toXml(String root) {
    StringBuilder xml = new StringBuilder("<" + root + ">");
    for (OnedAttribute attribute : list) {
      String value = attribute.value();
      if (value != null) {
        element(xml, attribute.name(), value);
      } else {
        xml.append('<').append(attribute.name()).append('>');
        attribute.inside().forEach((name, inner) -> element(xml, name, inner));
        xml.append("</").append(attribute.name()).append('>');
      }
    }
    return xml.append("</").append(root).append('>').toString();
  }

  private static void element(StringBuilder xml, String name, String value) {
    xml.append('<').append(name).append("><![CDATA[").append(value);
    xml.append("]]></").append(name).append('>');
  }

  /** Name to {@code String}, {@code Map} for a vector, or {@code List} of them if repeated. */
  Map<String, Object> asMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    for (OnedAttribute attribute : list) {
      List<Object> all = new ArrayList<>();
      all(attribute.name()).forEach(each -> all.add(each.content()));
      map.put(attribute.name(), all.size() == 1 ? all.getFirst() : all);
    }
    return map;
  }
}
