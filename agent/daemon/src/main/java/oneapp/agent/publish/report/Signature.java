package oneapp.agent.publish.report;

/** Whether the certificate beside a report is signed. */
public sealed interface Signature {
  /** By the key with this fingerprint. */
  record Signed(String fingerprint) implements Signature {}

  /** There is no signed certificate, for this reason. */
  record Unsigned(String reason) implements Signature {}

  /** As VLLM_CERTIFICATE_SIGNER has it. */
  default String attribute() {
    return switch (this) {
      case Signed(String fingerprint) -> fingerprint;
      case Unsigned(String reason) -> "UNSIGNED, " + reason;
    };
  }
}
