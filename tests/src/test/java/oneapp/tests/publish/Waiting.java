package oneapp.tests.publish;

import java.util.function.BooleanSupplier;
import oneapp.tests.Deadline;

/** Waits for what must happen at some time, however slow the machine is. */
final class Waiting {
  private Waiting() {}

  static void until(BooleanSupplier condition) {
    Deadline.in(Site.PATIENCE).await(condition::getAsBoolean, () -> "it did not happen");
  }
}
