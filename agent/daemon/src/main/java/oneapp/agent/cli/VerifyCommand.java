package oneapp.agent.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import oneapp.agent.certify.Certificate;
import oneapp.agent.data.Json;
import oneapp.agent.data.Text;
import oneapp.agent.data.VerifyingKey;
import oneapp.agent.data.Visible;
import oneapp.agent.reference.Standards;
import oneapp.agent.verify.Verification;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vllm-agent verify}: is a signed certificate true, and whose is it? No network. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "Checks a signed certificate: signature, raw data and every figure again.")
public final class VerifyCommand implements Callable<Integer> {
  private static final long LARGEST_KEY = 16 * 1024;

  @Parameters(paramLabel = "FILE", description = "A certificate.signed.json.")
  private Path file = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of the raw data, result.json; default: beside FILE.")
  private @Nullable Path data;

  @Option(
      names = "--trust",
      paramLabel = "PUBKEY",
      description =
          "A key whose signature is trusted: a PEM file, base64, or the fingerprint of 64 hex"
              + " digits. Repeatable.")
  private List<String> trust = new ArrayList<>();

  @Mixin private Output.Wanted wanted = new Output.Wanted();

  @Mixin private ReferenceOptions rows = new ReferenceOptions();

  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    Set<String> trusted = new HashSet<>();
    trust.forEach(key -> trusted.add(fingerprint(key)));
    Optional<Standards> standards = rows.references().ifRight(spec.commandLine().getErr()::println);
    if (standards.isEmpty()) {
      return ExitStatus.ROWS_WRONG.exitCode();
    }
    Path folder = Verification.dataFolder(file, data);
    Verification.Report report = new Verification(file, folder, trusted, standards.get()).run();
    PrintWriter out = spec.commandLine().getOut();
    switch (wanted.output()) {
      case JSON -> out.println(Json.MAPPER.writeValueAsString(json(report)));
      case TEXT -> {
        for (Verification.Check check : report.checks()) {
          out.println(
              Visible.line(
                  Text.format("%-6s %-10s  %s", check.status(), check.name(), check.detail())));
        }
        out.println(report.outcome().words());
      }
    }
    out.flush();
    return ExitStatus.of(report.outcome()).exitCode();
  }

  private static Map<String, Object> json(Verification.Report report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("outcome", report.outcome().name());
    json.put("exit_code", ExitStatus.of(report.outcome()).exitCode());
    json.put("signer", report.signer());
    json.put("state", report.certificate().map(read -> read.state().name()).orElse(""));
    json.put("result_id", report.certificate().map(Certificate::resultId).orElse(""));
    json.put("checks", report.checks());
    return json;
  }

  /** The fingerprint of a key that is given as such, as a file or as text. */
  private String fingerprint(String given) {
    if (given.matches("[0-9a-fA-F]{64}")) {
      return given.toLowerCase(Locale.ROOT);
    }
    try {
      Path path = Path.of(given);
      if (Files.isRegularFile(path) && Files.size(path) <= LARGEST_KEY) {
        return VerifyingKey.parse(Files.readString(path, StandardCharsets.ISO_8859_1))
            .fingerprint();
      }
    } catch (IOException | IllegalArgumentException e) {
      throw wrong(given);
    }
    try {
      return VerifyingKey.parse(given).fingerprint();
    } catch (IllegalArgumentException e) {
      throw wrong(given);
    }
  }

  private ParameterException wrong(String given) {
    return new ParameterException(
        spec.commandLine(),
        Text.format(
            "--trust is \"%s\", expected the file of %s, the same text, or a fingerprint of 64 hex digits",
            given, VerifyingKey.EXPECTED));
  }
}
