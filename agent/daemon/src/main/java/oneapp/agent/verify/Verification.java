package oneapp.agent.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Recheck;
import oneapp.agent.certify.SignedCertificate;
import oneapp.agent.data.Text;
import oneapp.agent.data.Version;
import oneapp.agent.durable.FileFailure;
import oneapp.agent.publish.report.ReportFiles;
import oneapp.agent.reference.Standards;
import org.jspecify.annotations.Nullable;

/**
 * Checks a signed certificate that a stranger may have made: shape, signature, raw data, then every
 * figure again. A check that fails ends it, because what comes after would rest on it.
 *
 * @param folder where the raw data lies
 * @param trusted fingerprints of the keys that are trusted
 * @param standards limits and rows of this agent
 */
public record Verification(Path file, Path folder, Set<String> trusted, Standards standards) {
  public Verification {
    trusted = Set.copyOf(trusted);
  }

  /** How a check ended. */
  enum Status {
    OK,
    FAILED,
    NOTE
  }

  /** One line of the answer. */
  public record Check(String name, Status status, String detail) {}

  /**
   * The answer.
   *
   * @param signed what was verified, if it could be read
   */
  public record Report(
      Authenticity outcome, List<Check> checks, Optional<SignedCertificate> signed) {
    public Report {
      checks = List.copyOf(checks);
    }

    /** Fingerprint of the key, or empty. */
    public String signer() {
      return signed.map(read -> read.key().fingerprint()).orElse("");
    }

    public Optional<Certificate> certificate() {
      return signed.map(SignedCertificate::certificate);
    }
  }

  /** What a step gives to the next ones. */
  interface Passed {
    /** What is shown of it. */
    String summary();
  }

  /** Passed, with nothing that a later step needs. */
  record Shown(String summary) implements Passed {}

  private interface Step<T extends Passed> {
    T take() throws Rejected, IOException;
  }

  /** The folder of the raw data: the one that is named, else that of the certificate. */
  public static Path dataFolder(Path file, @Nullable Path named) {
    Path beside = file.toAbsolutePath().getParent();
    return named != null ? named : beside == null ? Path.of("/") : beside;
  }

  public Report run() {
    List<Check> checks = new ArrayList<>();
    try {
      Document document = take(checks, "document", () -> Document.read(file));
      return new Report(outcome(document, checks), checks, Optional.of(document.signed()));
    } catch (Rejected e) {
      return new Report(e.outcome(), checks, Optional.empty());
    }
  }

  private Authenticity outcome(Document document, List<Check> checks) {
    SignedCertificate signed = document.signed();
    try {
      take(checks, "signature", document::requireSignature);
      RawData data = take(checks, "raw data", () -> RawData.read(folder, signed.files()));
      take(checks, "arithmetic", () -> arithmetic(signed, data.result()));
      take(checks, "criteria", () -> criteria(signed));
      return signer(signed.key().fingerprint(), checks);
    } catch (Rejected e) {
      return e.outcome();
    }
  }

  /** Takes a step and notes how it ended. */
  private <T extends Passed> T take(List<Check> checks, String name, Step<T> step) throws Rejected {
    Rejected failure;
    try {
      T passed = step.take();
      checks.add(new Check(name, Status.OK, passed.summary()));
      return passed;
    } catch (Rejected e) {
      failure = e;
    } catch (IOException e) {
      failure = unreadable(FileFailure.words(e));
    } catch (OutOfMemoryError e) {
      // A stranger's file may be made for it; what was read is gone by now.
      failure = unreadable("it holds more than fits into memory");
    }
    checks.add(new Check(name, Status.FAILED, failure.detail()));
    throw failure;
  }

  private Rejected unreadable(String why) {
    return new Rejected(Authenticity.UNREADABLE, Text.format("reading %s: %s", file, why));
  }

  private Shown arithmetic(SignedCertificate signed, BenchmarkResult result)
      throws Rejected, IOException {
    Certificate again = judgedAgain(signed, result);
    Optional<String> other = ReportFiles.contradiction(folder, signed.certificate());
    if (other.isPresent()) {
      throw new Rejected(
          Authenticity.DATA_ALTERED, other.get() + " does not say what the certificate says");
    }
    return new Shown(
        Text.format(
            "%s again from %d requests of %d runs, with every figure and finding",
            again.state(),
            result.runs().stream().mapToInt(run -> run.requests().size()).sum(),
            result.runs().size()));
  }

  private static Certificate judgedAgain(SignedCertificate signed, BenchmarkResult result)
      throws Rejected {
    Certificate certificate = signed.certificate();
    try {
      Certificate again = Recheck.judgedAgain(certificate, signed.basis(), result);
      List<String> differences = Recheck.differences(certificate, again);
      if (differences.isEmpty()) {
        return again;
      }
      throw new Rejected(
          Authenticity.ARITHMETIC_DIFFERS,
          Text.format(
              "the data gives %s, judged by agent %s (the certificate is of %s): %s",
              again.state(),
              Version.AGENT,
              certificate.evidence().provenance().getOrDefault("agent", "unknown"),
              Rejected.few(differences)));
    } catch (RuntimeException e) { // Whatever a stranger's data makes of the arithmetic.
      throw new Rejected(
          Authenticity.ARITHMETIC_DIFFERS, "the data cannot be judged: " + Rejected.line(e));
    }
  }

  private Shown criteria(SignedCertificate signed) throws Rejected {
    List<String> others =
        Recheck.otherCriteria(
            signed.certificate(), signed.basis(), standards.slos(), standards.references());
    if (!others.isEmpty()) {
      throw new Rejected(Authenticity.OTHER_CRITERIA, Rejected.few(others));
    }
    return new Shown("limits, tolerances and reference rows of agent " + Version.AGENT);
  }

  private Authenticity signer(String fingerprint, List<Check> checks) {
    boolean isTrusted = trusted.contains(fingerprint);
    String detail =
        isTrusted
            ? "trusted"
            : trusted.isEmpty()
                ? "no trusted key was named: give the site's with --trust"
                : "none of the trusted keys";
    checks.add(new Check("signer", isTrusted ? Status.OK : Status.NOTE, detail));
    return isTrusted ? Authenticity.TRUSTED : Authenticity.INTACT_SIGNER_UNKNOWN;
  }
}
