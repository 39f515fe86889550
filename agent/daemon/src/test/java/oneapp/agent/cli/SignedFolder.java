package oneapp.agent.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Set;
import java.util.function.Consumer;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.certify.SignedCertificate;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.data.CanonicalJson;
import oneapp.agent.data.SchemaWitness;
import oneapp.agent.data.SigningKey;
import oneapp.agent.publish.report.ReportFiles;
import oneapp.agent.reference.Standards;
import oneapp.agent.verify.Authenticity;
import oneapp.agent.verify.Verification;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.node.ObjectNode;

/** For each test a signed certificate with its data, and what verifies it. */
public abstract class SignedFolder {
  public static final String MODEL = "Qwen/Qwen2.5-3B-Instruct";

  @TempDir Path folder = Path.of("");
  public final SigningKey key = SigningKey.generate();
  public final StringWriter out = new StringWriter();
  public final StringWriter err = new StringWriter();
  public ReportFiles files = ReportFiles.in(Path.of(""));

  @BeforeEach
  void measured() throws IOException {
    measured(
        SignedResults.result(500), SignedResults.evidence(MODEL, "NVIDIA L40S"), Standards.load());
  }

  /** Writes and signs another result in its place. */
  final void measured(BenchmarkResult result, Evidence evidence, Standards standards)
      throws IOException {
    files = SignedResults.write(folder.resolve("result"), key, result, evidence, standards);
  }

  /** The exit code of the command; what it printed is in {@link #out} and {@link #err}. */
  final int verify(String... words) {
    CommandLine line =
        new CommandLine(new VerifyCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .setCaseInsensitiveEnumValuesAllowed(true);
    return line.execute(words);
  }

  final int verify(Path file) {
    return verify(file.toString());
  }

  /** The answer to one who trusts the key. */
  final Authenticity outcome() {
    return new Verification(
            files.signed(),
            folder.resolve("result"),
            Set.of(key.verifying().fingerprint()),
            Standards.load())
        .run()
        .outcome();
  }

  /**
   * What a signer can do, with this key or with another; both readers of schemas judge it alike.
   */
  final void forge(SigningKey signer, Consumer<ObjectNode> change) throws IOException {
    ObjectNode document = (ObjectNode) CanonicalJson.parse(Files.readAllBytes(files.signed()));
    change.accept(document);
    ObjectNode named = (ObjectNode) document.path("key");
    named.put("public_key", signer.verifying().base64());
    named.put("fingerprint", signer.verifying().fingerprint());
    byte[] signature = signer.sign(SignedCertificate.message(document));
    document.put("signature", Base64.getEncoder().encodeToString(signature));
    SchemaWitness.of("signed-1.schema.json").violations(document);
    Files.write(files.signed(), CanonicalJson.bytes(document));
  }
}
