package oneapp.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.Requests;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.compare.Comparison;
import oneapp.agent.certify.compare.ReferenceReader;
import oneapp.agent.certify.compare.ReferenceReader.Reading;
import oneapp.agent.certify.compare.ReferenceReader.Source;
import oneapp.agent.certify.compare.ReferenceRow;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.data.SigningKey;
import oneapp.agent.data.Yaml;
import oneapp.agent.publish.report.ReportFiles;
import oneapp.agent.reference.References;
import oneapp.agent.reference.Standards;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ReferenceCommandTest {
  private static final Evidence OURS = SignedResults.evidence("site/model-7b", "NVIDIA L40S");

  @TempDir private Path folder = Path.of("");
  private final SigningKey key = SigningKey.generate();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int reference(Object... words) {
    return new CommandLine(new ReferenceCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(Stream.of(words).map(Object::toString).toArray(String[]::new));
  }

  private ReportFiles measured(int samples) throws IOException {
    return SignedResults.write(
        folder.resolve("r" + samples), key, SignedResults.result(samples), OURS, Standards.load());
  }

  private static Certificate certificate(BenchmarkResult result, List<Source> sources) {
    Reading reading = ReferenceReader.read(sources);
    assertThat(reading.problems()).isEmpty();
    return SignedResults.certificate(result, OURS, Standards.with(reading.database()));
  }

  @Test
  void aCertifiedResultIsARowThatTheNextOneIsComparedWith() throws IOException {
    Path rows = Files.createDirectory(folder.resolve("rows"));
    Path file = rows.resolve("site.yaml");
    assertThat(reference("export", measured(600).signed(), "--output", file)).isZero();
    String text = Files.readString(file);
    assertThat(text)
        .contains("signer: " + key.verifying().fingerprint())
        .contains("vllm: 0.32.0", "vcpus: 32", "tensor_parallel_size: 1", "samples: 600");

    Certificate again =
        certificate(SignedResults.result(600), List.of(new Source("site.yaml", text)));
    assertThat(again.reference().verdict()).isEqualTo(Comparison.Outcome.WITHIN);
    assertThat(again.reference().row().orElseThrow())
        .startsWith("model-7b-nvidia-l40s-tp1-dp1-2026");
    assertThat(again.reference().differences())
        .hasSize(7)
        .allMatch(difference -> difference.counts() && difference.percent().orElse(99) == 0);

    BenchmarkResult slower =
        new BenchmarkResult(
            1,
            "guidellm",
            "0.8.1",
            "CERTIFICATION",
            1,
            List.of(Requests.throughput(8, 600), Requests.run(5, 600, 0)),
            List.of());
    assertThat(certificate(slower, List.of(new Source("s", text))).reference().verdict())
        .isEqualTo(Comparison.Outcome.REGRESSED);
    assertThat(reference("check", file)).isZero();
    assertThat(reference("check", "--reference", rows)).isZero();
    assertThat(reference("list", "--reference", rows)).isZero();
    assertThat(out.toString())
        .contains("1 row, and every figure", "site/model-7b", "row model-7b-nvidia-l40s");
  }

  @Test
  void aRowOfALongNameIsListedWhole() throws IOException {
    Path rows = Files.createDirectory(folder.resolve("rows"));
    String id = "a".repeat(100);
    Path signed = measured(600).signed();
    assertThat(reference("export", signed, "--output", rows.resolve("a.yaml"), "--id", id))
        .isZero();
    assertThat(reference("list", "--reference", rows)).isZero();
    assertThat(out.toString())
        .containsPattern(id + " +10 .* 50 .*\n  site/model-7b on 1 x NVIDIA L40S");
  }

  @Test
  void onlyACertifiedResultIsARowUnlessItIsAllowed() throws IOException {
    Path few = measured(60).signed();
    assertThat(reference("export", few)).isEqualTo(87);
    assertThat(err.toString()).contains("--allow-uncertified").doesNotContain("rows:");
    assertThat(reference("export", few, "--allow-uncertified", "--id", "few")).isZero();
    assertThat(out.toString()).startsWith("rows:").contains("id: few");
  }

  @Test
  void aResultWhoseDataIsAlteredIsNoRow() throws IOException {
    ReportFiles files = measured(600);
    Files.writeString(files.result(), "{}");
    assertThat(reference("export", files.signed())).isEqualTo(82);
    assertThat(err.toString()).contains("no reference row written: ").contains("DATA ALTERED, ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void theApplianceRowsAreListed() {
    assertThat(reference("list")).isZero();
    assertThat(out.toString())
        .contains("from appliance/reference/certification.yaml\n", "10 % for means")
        .containsSubsequence("TTFT", "ITL", "TPOT", "p99 TTFT", "p99 ITL", "p99 TPOT")
        .containsSubsequence("qwen2.5-3b-h100l ", "34", "34", "8.3", "8.3", "115", "8.2*", "8.2*")
        .contains("Llama-3.1-3B-Instruct on 1 x H100L, TP 1, DP ?, 512/256 tokens, 32 vCPU, 32 GiB")
        .containsPattern("qwen2.5-14b-h100l +VOID +20\\* +7000\\*")
        .doesNotContainPattern("3b-[a-z0-9]+ +VOID");
    assertThat(out.toString().lines()).allMatch(line -> line.length() <= 120);
  }

  @Test
  void whatIsWrongWithARowIsSaidAndIsWellWhereTheFileKnowsIt() {
    assertThat(reference("check")).isZero();
    assertThat(out.toString())
        .containsSubsequence(
            "qwen2.5-3b-l40s\n  INFO    UNKNOWN_SETUP: GPUs",
            "qwen2.5-3b-h100l\n  WARNING PERCENTILE: ITL_P99 of 8.2 is below the mean of 8.3",
            "qwen2.5-14b-h100l\n  VOID    ROOFLINE: ITL of 0 ms is impossible",
            "6 rows, and every figure that cannot be right is marked unusable");
  }

  @Test
  void aFigureThatCannotBeRightMustBeMarked() throws IOException {
    String text = Yaml.resourceText("appliance/reference/certification.yaml");
    Path file = folder.resolve("rows.yaml");
    Files.writeString(
        file,
        text.replace(
                "ITL_P99: {value: 8.2, unusable: \"the 99th percentile is below the mean\"}",
                "ITL_P99: {value: 8.2}")
            .replace(
                "TPOT: {value: 0, unusable: \"0 ms is below the 7.1 ms that reading the weights takes\"}",
                "TPOT: {value: 0}"));
    assertThat(reference("check", file)).isEqualTo(86);
    assertThat(err.toString())
        .isEqualTo(
            """
            %1$s: row qwen2.5-3b-h100l: ITL_P99 cannot be right: add `unusable: reason` to it
            %1$s: row qwen2.5-14b-h100l: TPOT cannot be right: add `unusable: reason` to it
            """
                .formatted(file));
    assertThat(out.toString()).doesNotContain("every figure");
  }

  @Test
  void eachRowIsAFileOfTheFolder() throws IOException {
    Path rows = Files.createDirectory(folder.resolve("rows"));
    Path signed = measured(600).signed();
    assertThat(reference("export", signed, "--output", rows.resolve("1.yaml"), "--id", "one"))
        .isZero();
    assertThat(reference("export", signed, "--output", rows.resolve("2.yaml"), "--id", "two"))
        .isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(rows.resolve("1.yaml"))))
        .isEqualTo("rw-r--r--");
    Reading reading = new References(List.of(rows)).read();
    assertThat(reading.leftOut()).isEmpty();
    assertThat(row(reading, "one").figures()).isEqualTo(row(reading, "two").figures());
    assertThat(reading.problems())
        .singleElement()
        .asString()
        .contains("row two is of the same setup as row one");
  }

  @Test
  void whatIsThereIsLeftAsItIs() throws IOException {
    Path signed = measured(600).signed();
    Path file = Files.writeString(folder.resolve("site.yaml"), "a letter: to a friend");
    Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), folder.resolve("none"));
    for (Path taken : List.of(file, folder, link)) {
      assertThat(reference("export", signed, "--output", taken)).isEqualTo(87);
      assertThat(err.toString())
          .contains(
              "no reference row written: %s exists: name a new file in its folder"
                  .formatted(taken));
    }
    assertThat(file).content().isEqualTo("a letter: to a friend");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void rowsThatAreNamedMustBeRightForAnExport() throws IOException {
    Path none = folder.resolve("none");
    assertThat(reference("export", measured(600).signed(), "--reference", none)).isEqualTo(86);
    assertThat(err.toString()).contains("none cannot be read: no such file or folder");
    assertThat(out.toString()).isEmpty();
  }

  /**
   * A fault in an otherwise good row: the message names file, row, field, value and expectation.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpus: 1|gpus: one|/gpus is \"one\", expected integer or null",
        "gpus: 1|gpus: -1|/gpus is -1, expected at least 0",
        "value: 34}|value: .nan}|/figures/RPS/value is \"NaN\", expected number",
        "value: 34}|value: .inf}|/figures/RPS/value is \"Infinity\", expected number",
        "value: 34}|value: fast}|is \"fast\", expected number",
        "RPS:|RPSS:|/figures/RPSS is unknown",
        "prompt_tokens: 512|prompt_token: 512|/prompt_token is unknown",
        "output_tokens: 256|output_tokens: 0|/output_tokens is 0, expected at least 1",
        "id: qwen2.5-3b-h100l|id: a b|/id is \"a b\", expected text like",
        "gpu_bandwidth_gb_s: 3938|gpu_bandwidth_gb_s: 0|/gpu_bandwidth_gb_s is 0, expected more than 0"
      })
  void aFaultIsNamed(String good, String bad, String complaint) throws IOException {
    String text =
        Yaml.resourceText("appliance/reference/certification.yaml").replaceFirst(good, bad);
    Path file = folder.resolve("bad.yaml");
    Files.writeString(file, text);
    assertThat(reference("check", file)).isEqualTo(86);
    assertThat(err.toString()).contains("bad.yaml: row ").contains(complaint);
  }

  @Test
  void noYamlAndNoFileAreNamed() throws IOException {
    Path file = folder.resolve("bad.yaml");
    Files.writeString(file, "rows: [");
    assertThat(reference("check", file)).isEqualTo(86);
    Files.writeString(file, "rows: 7");
    assertThat(reference("check", file)).isEqualTo(86);
    Files.writeString(file, "rows: !!java.io.File [x]");
    assertThat(reference("check", file)).isEqualTo(86);
    assertThat(reference("check", folder.resolve("absent.yaml"))).isEqualTo(86);
    assertThat(reference("list", "--reference", folder.resolve("absent"))).isEqualTo(86);
    assertThat(err.toString())
        .contains(
            "/rows is 7, expected array", "absent.yaml cannot be read", "absent cannot be read");
  }

  @Test
  void duplicatesAndConflictsAreReportedAndTheFirstCounts() {
    String text = Yaml.resourceText("appliance/reference/certification.yaml");
    Reading reading =
        ReferenceReader.read(
            List.of(
                new Source("a", text),
                new Source("b", text.replace("value: 34}", "value: 99}")),
                new Source("c", text.replace("id: qwen2.5-3b-h100l", "id: other"))));
    assertThat(reading.problems())
        .contains(
            "b: row qwen2.5-3b-l40s is there twice, in a too",
            "b: row qwen2.5-3b-h100l is not what a says, which counts",
            "c: row other is of the same setup as row qwen2.5-3b-h100l of a, which counts");
    assertThat(reading.database().rows()).hasSize(7);
    assertThat(row(reading, "qwen2.5-3b-h100l").figures())
        .isEqualTo(
            row(ReferenceReader.read(List.of(new Source("a", text))), "qwen2.5-3b-h100l")
                .figures());
  }

  private static ReferenceRow row(Reading reading, String id) {
    return reading.database().rows().stream()
        .filter(row -> row.id().equals(id))
        .findFirst()
        .orElseThrow();
  }
}
