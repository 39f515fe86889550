package oneapp.agent.publish;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import oneapp.agent.stage.Category;

/**
 * Keeps the newest result of each key in a template or a user, where several VMs write. Reads
 * first, merges one attribute, and proves it by reading back.
 */
final class RowTarget {
  /** How a result ended; either way there is nothing left to do. */
  enum Outcome {
    /** Stored just as it is. */
    STORED,
    /** A later one of the same key is there. */
    SUPERSEDED
  }

  private RowTarget() {}

  static Outcome deliver(ObjectAccess object, ResultRecord result) throws OpenNebulaFailure {
    StoredAttributes row = result.storedRow();
    Optional<Outcome> already = outcome(object.read(), result, row);
    if (already.isPresent()) {
      return already.get();
    }
    object.merge(row);
    return outcome(object.read(), result, row)
        .orElseThrow(
            () ->
                new OpenNebulaFailure(
                    Category.OPENNEBULA_UNREACHABLE,
                    "OpenNebula reported success and did not store " + result.key()));
  }

  private static Optional<Outcome> outcome(
      StoredObject stored, ResultRecord result, StoredAttributes row) {
    if (row.missingIn(stored).names().isEmpty()) {
      return Optional.of(Outcome.STORED);
    }
    return stored.only(result.key()).flatMap(RowTarget::vector).filter(result::isBefore).isPresent()
        ? Optional.of(Outcome.SUPERSEDED)
        : Optional.empty();
  }

  private static Optional<Attribute.Vector> vector(Attribute attribute) {
    return switch (attribute) {
      case Attribute.Vector vector -> Optional.of(vector);
      case Attribute.Single single -> Optional.empty();
    };
  }

  /** The date of a stored row; one that cannot be read counts as the oldest. */
  static Instant date(Attribute.Vector row) {
    try {
      return Instant.parse(row.values().getOrDefault(ResultRecord.DATE, ""));
    } catch (DateTimeParseException e) {
      return Instant.MIN;
    }
  }
}
