package oneapp.agent.cli;

import oneapp.agent.certify.Certificate;
import oneapp.agent.verify.Authenticity;

/**
 * What a command found when nothing went wrong, each with an exit code of its own that no failure
 * category has. docs/exit-codes.md is checked against it.
 */
public enum ExitStatus {
  CERTIFIED(0, "benchmark, certify", "The benchmark's verdict"),
  NOT_CERTIFIED(60, "benchmark, certify", "A required use case fails at every rate, or REGRESSED"),
  INCONCLUSIVE(
      61, "benchmark, certify", "Too few requests for a verdict: the reason says how many decide"),
  VOID(62, "benchmark, certify", "The measurement cannot be true: the reason names the check"),

  TRUSTED(0, "verify", "Intact, and signed by a key that was named with --trust"),
  INTACT_SIGNER_UNKNOWN(80, "verify", "Intact, but no trusted key signed it"),
  SIGNATURE_BROKEN(81, "verify", "The certificate was changed after it was signed"),
  DATA_ALTERED(82, "verify", "Raw data is missing, or is not what was signed"),
  ARITHMETIC_DIFFERS(83, "verify", "The raw data gives other figures than the certificate says"),
  OTHER_CRITERIA(84, "verify", "Judged by other limits, tolerances or rows than this agent's"),
  UNREADABLE(
      85,
      "verify, reference, certify",
      "No signed certificate, or no report of the load generator, that can be read"),

  ROWS_WRONG(
      86,
      "reference, certify, verify",
      "A reference file is wrong, or cannot be read: each fault is named"),
  EXPORT_REFUSED(
      87,
      "reference",
      "The result is no reference, or the file takes no row: the reason, and what allows it");

  private final int exitCode;
  private final String commands;
  private final String meaning;

  ExitStatus(int exitCode, String commands, String meaning) {
    this.exitCode = exitCode;
    this.commands = commands;
    this.meaning = meaning;
  }

  static ExitStatus of(Certificate.State state) {
    return switch (state) {
      case CERTIFIED -> CERTIFIED;
      case NOT_CERTIFIED -> NOT_CERTIFIED;
      case INCONCLUSIVE -> INCONCLUSIVE;
      case VOID -> VOID;
    };
  }

  static ExitStatus of(Authenticity authenticity) {
    return switch (authenticity) {
      case TRUSTED -> TRUSTED;
      case INTACT_SIGNER_UNKNOWN -> INTACT_SIGNER_UNKNOWN;
      case SIGNATURE_BROKEN -> SIGNATURE_BROKEN;
      case DATA_ALTERED -> DATA_ALTERED;
      case ARITHMETIC_DIFFERS -> ARITHMETIC_DIFFERS;
      case OTHER_CRITERIA -> OTHER_CRITERIA;
      case UNREADABLE -> UNREADABLE;
    };
  }

  public int exitCode() {
    return exitCode;
  }

  /** Which commands end so. */
  String commands() {
    return commands;
  }

  String meaning() {
    return meaning;
  }
}
