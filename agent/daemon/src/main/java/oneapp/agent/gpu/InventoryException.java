package oneapp.agent.gpu;

/** A text that is no inventory; the message says what is wrong with it. */
final class InventoryException extends Exception {
  private static final long serialVersionUID = 1L;

  InventoryException(String message) {
    super(message);
  }
}
