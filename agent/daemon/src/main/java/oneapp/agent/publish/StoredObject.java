package oneapp.agent.publish;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What OpenNebula holds of a VM, a template or a user, as read.
 *
 * @param id its number
 * @param name its name
 * @param attributes those that can be edited (USER_TEMPLATE of a VM), in oned's order; a name may
 *     occur more than once
 * @param templateId the template that a VM was made from
 * @param locked true when a lock guards it
 * @param pciIds vendor and device of each PCI device that OpenNebula gave a VM, such as 10de:26b9;
 *     empty when that is not known
 */
public record StoredObject(
    int id,
    String name,
    List<Entry> attributes,
    OptionalInt templateId,
    boolean locked,
    Optional<List<String>> pciIds) {
  /** An attribute with its name. */
  public record Entry(String name, Attribute attribute) {}

  public StoredObject {
    attributes = List.copyOf(attributes);
    pciIds = pciIds.map(List::copyOf);
  }

  /** The attribute, if its name occurs exactly once. */
  public Optional<Attribute> only(String attributeName) {
    List<Attribute> found = all(attributeName);
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  /** The text of an attribute that occurs once and is no vector. */
  public Optional<String> text(String attributeName) {
    return only(attributeName)
        .flatMap(
            attribute ->
                switch (attribute) {
                  case Attribute.Single single -> Optional.of(single.value());
                  case Attribute.Vector vector -> Optional.empty();
                });
  }

  /** The published attributes alone: others may hold secrets, a user's TOKEN_PASSWORD for one. */
  public List<Entry> ofAppliance() {
    return attributes.stream().filter(entry -> Attributes.isOfAppliance(entry.name())).toList();
  }

  List<Attribute> all(String attributeName) {
    return attributes.stream()
        .filter(entry -> entry.name().equals(attributeName))
        .map(Entry::attribute)
        .toList();
  }

  Set<String> names() {
    return attributes.stream().map(Entry::name).collect(Collectors.toSet());
  }
}
