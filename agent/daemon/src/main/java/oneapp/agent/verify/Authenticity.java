package oneapp.agent.verify;

/**
 * What is known of a signed certificate after it was verified; the first check that fails decides.
 */
public enum Authenticity {
  /** Intact, and signed by a key that is trusted. */
  TRUSTED,
  /** Intact, but signed by a key that nobody named. */
  INTACT_SIGNER_UNKNOWN,
  SIGNATURE_BROKEN,
  /** Raw data is missing, or is not what was signed. */
  DATA_ALTERED,
  /** The data gives other figures than the certificate says. */
  ARITHMETIC_DIFFERS,
  /** Judged by other limits, tolerances or rows than this agent's. */
  OTHER_CRITERIA,
  UNREADABLE;

  /** As people read it: {@code INTACT, SIGNER UNKNOWN}. */
  public String words() {
    return this == INTACT_SIGNER_UNKNOWN ? "INTACT, SIGNER UNKNOWN" : name().replace('_', ' ');
  }
}
