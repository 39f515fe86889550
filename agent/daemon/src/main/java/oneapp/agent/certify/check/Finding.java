package oneapp.agent.certify.check;

/**
 * Something that a reader of the figures must know.
 *
 * @param code stable name of the check, such as PREFIX_CACHE: see {@link FindingCode}
 * @param message one sentence with the figures
 */
public record Finding(Severity severity, String code, String message) {

  /** How much it weighs: one VOID makes the whole certificate void. */
  public enum Severity {
    INFO,
    WARNING,
    VOID
  }

  public static Finding info(FindingCode code, String message) {
    return new Finding(Severity.INFO, code.name(), message);
  }

  public static Finding warning(FindingCode code, String message) {
    return new Finding(Severity.WARNING, code.name(), message);
  }

  public static Finding voiding(FindingCode code, String message) {
    return new Finding(Severity.VOID, code.name(), message);
  }
}
