package oneapp.agent.publish.report;

import oneapp.agent.data.VerifyingKey;

/**
 * Whose signature the signed certificate beside a report carries.
 *
 * @param fingerprint of the key, or empty when there is no signature
 * @param trouble why there is none, or empty
 */
public record Signature(String fingerprint, String trouble) {
  /** That of the site's key. */
  public static Signature of(VerifyingKey key) {
    return new Signature(key.fingerprint(), "");
  }

  /** None, and why. */
  public static Signature none(String trouble) {
    return new Signature("", trouble);
  }

  /** As VLLM_CERTIFICATE_SIGNER has it. */
  public String attribute() {
    return fingerprint.isEmpty() ? "UNSIGNED, " + trouble : fingerprint;
  }
}
