package oneapp.agent.certify;

/**
 * Something that a reader of the figures must know.
 *
 * @param code stable name of the check, such as PREFIX_CACHE
 * @param message one sentence with the figures
 */
public record Finding(Severity severity, String code, String message) {

  /** How much it weighs: one VOID makes the whole certificate void. */
  public enum Severity {
    INFO,
    WARNING,
    VOID
  }

  static Finding info(String code, String message) {
    return new Finding(Severity.INFO, code, message);
  }

  static Finding warning(String code, String message) {
    return new Finding(Severity.WARNING, code, message);
  }

  static Finding voiding(String code, String message) {
    return new Finding(Severity.VOID, code, message);
  }
}
