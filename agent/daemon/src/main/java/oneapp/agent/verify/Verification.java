package oneapp.agent.verify;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Recheck;
import oneapp.agent.certify.SignedCertificate;
import oneapp.agent.certify.SignedCertificate.DataFile;
import oneapp.agent.data.CanonicalJson;
import oneapp.agent.data.Digest;
import oneapp.agent.data.Json;
import oneapp.agent.data.JsonSchema;
import oneapp.agent.data.Text;
import oneapp.agent.data.VerifyingKey;
import oneapp.agent.data.Version;
import oneapp.agent.durable.FileFailure;
import oneapp.agent.durable.PlainFile;
import oneapp.agent.publish.report.ReportFiles;
import oneapp.agent.reference.Standards;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;

/**
 * Checks a signed certificate that a stranger may have made: shape, signature, raw data, then every
 * figure again. A check that fails ends it, because what comes after would rest on it.
 */
public final class Verification {
  /** A request has about 220 bytes, and a failed one the beginning of its error too. */
  private static final long LARGEST_REQUEST = 512;

  /** More than any benchmark writes: read as a stream, it becomes half of that in memory. */
  private static final long LARGEST_DATA = BenchmarkResult.MOST_REQUESTS * LARGEST_REQUEST;

  private static final int MOST_SHOWN = 5;

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
   * @param certificate what was verified, or null when it could not be read
   * @param signer fingerprint of the key, or empty
   */
  public record Report(
      Authenticity outcome, List<Check> checks, String signer, @Nullable Certificate certificate) {
    public Report {
      checks = List.copyOf(checks);
    }
  }

  /** A check that failed, and what it means. */
  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;
    private final Authenticity outcome;

    Failed(Authenticity outcome, String detail) {
      super(detail);
      this.outcome = outcome;
    }
  }

  /** A step of the verification; what it returns is shown. */
  private interface Step {
    String take() throws Failed, IOException;
  }

  private final Path file;
  private final Path folder;
  private final Set<String> trusted;
  private final Standards standards;
  private final List<Check> checks = new ArrayList<>();
  private @Nullable JsonNode document;
  private @Nullable SignedCertificate signed;
  private @Nullable BenchmarkResult result;

  /**
   * A verification.
   *
   * @param folder where the raw data lies
   * @param trusted fingerprints of the keys that are trusted
   */
  public Verification(Path file, Path folder, Set<String> trusted, Standards standards) {
    this.file = file;
    this.folder = folder;
    this.trusted = Set.copyOf(trusted);
    this.standards = standards;
  }

  public Report run() {
    Authenticity outcome =
        take("document", this::document)
            .or(() -> take("signature", this::signature))
            .or(() -> take("raw data", this::rawData))
            .or(() -> take("arithmetic", this::arithmeticAndFiles))
            .or(() -> take("criteria", this::criteria))
            .orElseGet(this::signer);
    SignedCertificate read = signed;
    return new Report(
        outcome,
        checks,
        read == null ? "" : read.key().fingerprint(),
        read == null ? null : read.certificate());
  }

  private Optional<Authenticity> take(String name, Step step) {
    try {
      checks.add(new Check(name, Status.OK, step.take()));
      return Optional.empty();
    } catch (Failed e) {
      checks.add(new Check(name, Status.FAILED, String.valueOf(e.getMessage())));
      return Optional.of(e.outcome);
    } catch (IOException e) {
      checks.add(
          new Check(
              name, Status.FAILED, Text.format("reading %s: %s", file, FileFailure.words(e))));
      return Optional.of(Authenticity.UNREADABLE);
    } catch (OutOfMemoryError e) {
      // A stranger's file may be made for it; what was read is gone by now.
      String tooLarge = Text.format("reading %s: it holds more than fits into memory", file);
      checks.add(new Check(name, Status.FAILED, tooLarge));
      return Optional.of(Authenticity.UNREADABLE);
    }
  }

  /** Where the raw data lies: the folder that is named, else that of the certificate. */
  public static Path dataFolder(Path file, @Nullable Path named) {
    Path beside = file.toAbsolutePath().getParent();
    return named != null ? named : beside == null ? Path.of("/") : beside;
  }

  private String document() throws Failed, IOException {
    byte[] bytes = PlainFile.read(file, CanonicalJson.LARGEST_BYTES);
    try {
      JsonNode tree = CanonicalJson.parse(bytes);
      requireKnownSchema(tree);
      List<String> wrong = JsonSchema.resource("signed-1.schema.json").violations(tree);
      if (!wrong.isEmpty()) {
        throw new Failed(Authenticity.UNREADABLE, "not a signed certificate: " + few(wrong));
      }
      document = tree;
      signed = Json.MAPPER.treeToValue(tree, SignedCertificate.class);
    } catch (IllegalArgumentException | JacksonException e) {
      throw new Failed(Authenticity.UNREADABLE, Text.format("%s: %s", file, line(e)));
    }
    Certificate certificate = known(signed).certificate();
    return Text.format(
        "%s of %s, %s, %s",
        certificate.state(),
        certificate.evidence().model(),
        certificate.resultId(),
        known(signed).signed());
  }

  private static void requireKnownSchema(JsonNode tree) throws Failed {
    JsonNode schema = tree.path("schema");
    JsonNode inner = tree.path("certificate").path("schema");
    if (schema.isIntegralNumber() && schema.asLong() != SignedCertificate.SCHEMA) {
      throw other("signed certificate", schema, SignedCertificate.SCHEMA);
    }
    if (inner.isIntegralNumber() && inner.asLong() != Certificate.SCHEMA) {
      throw other("certificate", inner, Certificate.SCHEMA);
    }
  }

  private static Failed other(String what, JsonNode schema, int known) {
    return new Failed(
        Authenticity.UNREADABLE,
        Text.format(
            "a %s of schema %s, and agent %s knows %d: verify it with the agent that made it",
            what, schema, Version.AGENT, known));
  }

  private String signature() throws Failed {
    SignedCertificate read = known(signed);
    try {
      VerifyingKey key = new VerifyingKey(read.key().publicKey());
      if (!key.fingerprint().equals(read.key().fingerprint())) {
        throw new Failed(
            Authenticity.SIGNATURE_BROKEN,
            Text.format(
                "the key in it has the fingerprint %s, not the one named", key.fingerprint()));
      }
      if (!read.isSignedBy(key, known(document))) {
        throw new Failed(
            Authenticity.SIGNATURE_BROKEN,
            "it does not fit: the certificate was changed after it was signed");
      }
      return "Ed25519, fits key " + key.fingerprint();
    } catch (IllegalArgumentException e) {
      throw new Failed(
          Authenticity.SIGNATURE_BROKEN, "key or signature cannot be read: " + line(e));
    }
  }

  private String rawData() throws Failed, IOException {
    List<String> here = new ArrayList<>();
    List<String> absent = new ArrayList<>();
    for (DataFile listed : known(signed).files()) {
      Path path = folder.resolve(listed.name());
      if (listed.name().equals(ReportFiles.RESULT)) {
        result = measured(path, listed);
        here.add(listed.name());
      } else if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        try (DigestInputStream in = open(path, listed)) {
          compare(in, listed);
        }
        here.add(listed.name());
      } else {
        absent.add(listed.name());
      }
    }
    if (result == null) {
      throw new Failed(Authenticity.DATA_ALTERED, "the certificate lists no " + ReportFiles.RESULT);
    }
    return Text.format(
        "%s as signed%s",
        String.join(", ", here),
        absent.isEmpty() ? "" : "; not here and not needed: " + String.join(", ", absent));
  }

  private BenchmarkResult measured(Path path, DataFile listed) throws Failed, IOException {
    BenchmarkResult read = null;
    String trouble = "";
    try (DigestInputStream in = open(path, listed)) {
      try {
        read =
            Json.MAPPER
                .readerFor(BenchmarkResult.class)
                .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .readValue(new Unclosed(in));
      } catch (JacksonException | IllegalArgumentException e) {
        trouble = line(e);
      }
      compare(in, listed); // What was changed is called so, whether or not it can be read.
    }
    if (read == null || read.schema() != BenchmarkResult.SCHEMA) {
      throw new Failed(
          Authenticity.UNREADABLE,
          read == null
              ? Text.format("%s: %s", listed.name(), trouble)
              : Text.format(
                  "%s has schema %d, and agent %s knows %d",
                  listed.name(), read.schema(), Version.AGENT, BenchmarkResult.SCHEMA));
    }
    return read;
  }

  /** Only a plain file of exactly the signed size is opened. */
  private static DigestInputStream open(Path path, DataFile listed) throws Failed, IOException {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new Failed(
          Authenticity.DATA_ALTERED,
          Text.format(
              "%s is missing: lay it beside the certificate, or name its folder with --data",
              path));
    }
    if (listed.bytes() > LARGEST_DATA) {
      throw new Failed(
          Authenticity.UNREADABLE,
          Text.format(
              "%s has %d bytes, expected at most %d", listed.name(), listed.bytes(), LARGEST_DATA));
    }
    if (Files.size(path) != listed.bytes()) {
      throw new Failed(
          Authenticity.DATA_ALTERED,
          Text.format("%s has %d bytes, signed were %d", path, Files.size(path), listed.bytes()));
    }
    MessageDigest sha256 = Digest.sha256();
    return new DigestInputStream(new BufferedInputStream(Files.newInputStream(path)), sha256);
  }

  private static void compare(DigestInputStream in, DataFile listed) throws Failed, IOException {
    in.transferTo(OutputStream.nullOutputStream());
    if (!Digest.hex(in.getMessageDigest()).equals(listed.sha256())) {
      throw new Failed(
          Authenticity.DATA_ALTERED,
          listed.name() + " is not what was signed: its SHA-256 differs");
    }
  }

  private String arithmetic() throws Failed {
    SignedCertificate read = known(signed);
    try {
      Certificate again = Recheck.judgedAgain(read.certificate(), read.basis(), known(result));
      List<String> differences = Recheck.differences(read.certificate(), again);
      if (!differences.isEmpty()) {
        throw new Failed(
            Authenticity.ARITHMETIC_DIFFERS,
            Text.format(
                "the data gives %s, judged by agent %s (the certificate is of %s): %s",
                again.state(),
                Version.AGENT,
                read.certificate().evidence().provenance().getOrDefault("agent", "unknown"),
                few(differences)));
      }
      return Text.format(
          "%s again from %d requests of %d runs, with every figure and finding",
          again.state(),
          known(result).runs().stream().mapToInt(run -> run.requests().size()).sum(),
          known(result).runs().size());
    } catch (RuntimeException e) { // Whatever a stranger's data makes of the arithmetic.
      throw new Failed(Authenticity.ARITHMETIC_DIFFERS, "the data cannot be judged: " + line(e));
    }
  }

  private String arithmeticAndFiles() throws Failed, IOException {
    String said = arithmetic();
    Optional<String> other = ReportFiles.contradiction(folder, known(signed).certificate());
    if (other.isPresent()) {
      throw new Failed(
          Authenticity.DATA_ALTERED, other.get() + " does not say what the certificate says");
    }
    return said;
  }

  private String criteria() throws Failed {
    SignedCertificate read = known(signed);
    List<String> others =
        Recheck.otherCriteria(
            read.certificate(), read.basis(), standards.slos(), standards.references());
    if (!others.isEmpty()) {
      throw new Failed(Authenticity.OTHER_CRITERIA, few(others));
    }
    return "limits, tolerances and reference rows of agent " + Version.AGENT;
  }

  private Authenticity signer() {
    String fingerprint = known(signed).key().fingerprint();
    boolean isTrusted = trusted.contains(fingerprint);
    checks.add(
        new Check(
            "signer",
            isTrusted ? Status.OK : Status.NOTE,
            isTrusted
                ? "trusted"
                : trusted.isEmpty()
                    ? "no trusted key was named: give the site's with --trust"
                    : "none of the trusted keys"));
    return isTrusted ? Authenticity.TRUSTED : Authenticity.INTACT_SIGNER_UNKNOWN;
  }

  private static String few(List<String> all) {
    String shown = String.join("; ", all.subList(0, Math.min(MOST_SHOWN, all.size())));
    return all.size() <= MOST_SHOWN
        ? shown
        : Text.format("%s; and %d more", shown, all.size() - MOST_SHOWN);
  }

  private static String line(Exception e) {
    String message =
        e instanceof JacksonException json ? json.getOriginalMessage() : e.getMessage();
    return Stream.of(String.valueOf(message).split("\\R")).findFirst().orElse("").strip();
  }

  private static <T> T known(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("a check was left out");
    }
    return value;
  }

  /** The parser closes what it has read; its digest is still wanted. */
  private static final class Unclosed extends FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return in.read(bytes, offset, length);
    }

    @Override
    public void close() {}
  }
}
