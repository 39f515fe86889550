package oneapp.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import oneapp.agent.data.Json;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

class CertifyCommandTest {
  private static final String SWEEP = "sweep-4-of-10-trimmed.json";

  @TempDir private Path folder = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int certify(String... words) {
    return new CommandLine(new CertifyCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(words);
  }

  private String recorded(String name) throws Exception {
    Path file = folder.resolve(name);
    try (InputStream in = getClass().getResourceAsStream("/oneapp/agent/benchmark/" + name)) {
      assertThat(in).isNotNull();
      Files.copy(in, file);
    }
    return file.toString();
  }

  @Test
  void judgesARecordedFile() throws Exception {
    int exit = certify("--guidellm", recorded("constant-2-rates-trimmed.json"), "--output", "json");
    assertThat(exit).isZero();
    JsonNode json = Json.MAPPER.readTree(out.toString());
    assertThat(json.path("state").asString()).isEqualTo("INCONCLUSIVE");
    JsonNode chat = json.at("/use_cases/CHAT");
    assertThat(chat.path("verdict").asString()).isEqualTo("INCONCLUSIVE");
    assertThat(chat.path("highest_passing_rate").isNull()).isTrue();
    JsonNode run = chat.at("/runs/0");
    assertThat(run.path("rate").asDouble()).isEqualTo(20);
    assertThat(run.path("requests").asInt()).isEqualTo(2);
    assertThat(run.path("undecided").asInt()).isEqualTo(1);
    assertThat(run.path("over_limit").asInt()).isZero();
    assertThat(run.path("more_requests").asInt()).isPositive();
    assertThat(json.at("/reference/verdict").asString()).isEqualTo("NOT_COMPARABLE");
    assertThat(json.at("/findings/0/code").asString()).isEqualTo("REQUESTS_MISSING");
  }

  @Test
  void printsTextForPeople() throws Exception {
    assertThat(certify("--guidellm", recorded(SWEEP))).isZero();
    assertThat(out.toString()).startsWith("INCONCLUSIVE: ").contains("CODE_COMPLETION");
  }

  @Test
  void namesTheFileThatItCannotRead() throws Exception {
    Path file = folder.resolve("absent.json");
    assertThat(certify("--guidellm", file.toString())).isEqualTo(85);
    assertThat(err.toString())
        .isEqualTo(
            "vllm-agent certify: UNREADABLE: the report %s: no such file or folder%n"
                .formatted(file));
    assertRefused(85, folder + ": is a directory", "--guidellm", folder.toString());
    Files.writeString(file, "{\"benchmarks\": [");
    assertRefused(85, file + " is not a whole GuideLLM JSON report", "--guidellm", file.toString());
    Files.writeString(file, "[]");
    assertRefused(85, file + " is not a GuideLLM JSON report", "--guidellm", file.toString());
    assertRefused(
        10, "(no such file or folder)", "--guidellm", file.toString(), "--context", folder + "/x");
  }

  /** Ends so, and says so with the name of the file once. */
  private void assertRefused(int exitCode, String why, String... words) {
    err.getBuffer().setLength(0);
    assertThat(certify(words)).as(why).isEqualTo(exitCode);
    assertThat(err.toString()).contains(why).doesNotContain("Exception");
    assertThat(err.toString().lines().findFirst().orElse("").split("absent.json", -1))
        .hasSizeLessThanOrEqualTo(2);
    assertThat(out.toString()).isEmpty();
  }

  private String plan(String model, String served) throws Exception {
    Path file = folder.resolve("plan.json");
    Files.writeString(
        file,
        "{\"fits\": true, \"device\": \"GPU\", \"model\": \"%s\", \"served_model_name\": \"%s\"}"
            .formatted(model, served));
    return file.toString();
  }

  private JsonNode judged(String... words) {
    out.getBuffer().setLength(0);
    assertThat(certify(words)).isZero();
    return Json.MAPPER.readTree(out.toString());
  }

  @Test
  void aModelThatIsNotThePlansIsRemarked() throws Exception {
    String report = recorded("constant-2-rates-trimmed.json");
    String[] words = {"--guidellm", report, "--output", "json", "--plan", plan("org/big", "big")};
    assertThat(judged(words).path("findings").toString())
        .contains("\"REMARK\"", "the requests asked for the model tiny, the plan is of org/big");
    plan("org/big", "tiny");
    assertThat(judged(words).path("findings").toString()).doesNotContain("REMARK");
    plan("tiny", "big");
    assertThat(judged(words).path("findings").toString()).doesNotContain("REMARK");
  }

  @Test
  void aFileThatIsNoPlanIsRefused() throws Exception {
    Path file = folder.resolve("p.json");
    Files.writeString(file, "{}");
    assertRefused(
        10,
        "CONTEXT_INVALID: the plan " + file + " has no model and no device",
        "--guidellm",
        recorded("constant-2-rates-trimmed.json"),
        "--plan",
        file.toString());
  }

  @Test
  void reportsOfDifferentModelsAreRefused() throws Exception {
    String one = recorded("constant-2-rates-trimmed.json");
    Path other = folder.resolve("other.json");
    Files.writeString(
        other,
        Files.readString(Path.of(one)).replace("\"model\": \"tiny\"", "\"model\": \"huge\""));
    assertRefused(
        2,
        "different models, expected one: %s of tiny, %s of huge".formatted(one, other),
        "--guidellm",
        one,
        "--guidellm",
        other.toString());
  }

  @Test
  void aReportThatIsGivenTwiceCountsOnce() throws Exception {
    String file = recorded("constant-2-rates-trimmed.json");
    Path link = Files.createSymbolicLink(folder.resolve("link.json"), Path.of(file));
    assertThat(certify("--guidellm", file)).isZero();
    String once = out.toString();
    out.getBuffer().setLength(0);
    assertThat(certify("--guidellm", file, "--guidellm", link.toString())).isZero();
    assertThat(out.toString()).isEqualTo(once);
    assertThat(err.toString()).contains(link + " is given twice, and counts once");
  }

  @Test
  void theExitCodeIsThatOfTheVerdictWhereItIsAskedFor() throws Exception {
    String report = recorded("constant-2-rates-trimmed.json");
    assertThat(certify("--guidellm", report, "--exit-by-verdict")).isEqualTo(61);
    assertThat(out.toString()).startsWith("INCONCLUSIVE");
  }

  @Test
  void rowsThatAreNamedMustBeRight() throws Exception {
    String report = recorded("constant-2-rates-trimmed.json");
    Path rows = Files.createDirectory(folder.resolve("rows"));
    assertThat(certify("--guidellm", report, "--reference", rows.toString())).isZero();
    out.getBuffer().setLength(0);
    Files.writeString(rows.resolve("bad.yaml"), "rows: 7");
    String[] words = {"--guidellm", report, "--reference", rows.toString()};
    assertRefused(86, "bad.yaml: /rows is 7, expected array", words);
    words[3] = folder.resolve("none").toString();
    assertRefused(86, "none cannot be read: no such file or folder", words);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  /** What {@code plan} prints of this model on GPUs of this name. */
  private String planned(String gpu, int gpus, int tensorParallel) throws IOException {
    StringWriter plan = new StringWriter();
    int exit =
        new CommandLine(new PlanCommand())
            .setOut(new PrintWriter(plan))
            .execute(
                "--context",
                file(
                    "planned.sh",
                    """
                    ONEAPP_VLLM_MODEL_ID='Qwen/Qwen2.5-3B-Instruct'
                    ONEAPP_VLLM_TENSOR_PARALLEL_SIZE='%d'
                    """
                        .formatted(tensorParallel)),
                "--inventory",
                file("gpus.csv", "name\n" + (gpu + "\n").repeat(gpus)),
                "--model-config",
                file(
                    "config.json",
                    """
                    {"model_type": "qwen2", "hidden_size": 2048, "num_hidden_layers": 36,
                     "num_attention_heads": 16, "num_key_value_heads": 2,
                     "intermediate_size": 11008, "vocab_size": 151936, "max_position_embeddings": 32768,
                     "torch_dtype": "bfloat16", "tie_word_embeddings": true}
                    """),
                "--output",
                "json");
    assertThat(exit).as(plan.toString()).isZero();
    return file("plan.json", plan.toString());
  }

  private JsonNode certificate(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--guidellm", recorded(SWEEP), "--output", "json"));
    assertThat(certify(all.toArray(String[]::new))).as(err.toString()).isZero();
    return Json.MAPPER.readTree(out.toString());
  }

  @Test
  void aPlanSaysWhatWasMeasuredOn() throws Exception {
    JsonNode json = certificate("--plan", planned("NVIDIA H100 NVL", 2, 2));
    assertThat(json.at("/evidence/model").asString()).isEqualTo("Qwen/Qwen2.5-3B-Instruct");
    assertThat(json.at("/evidence/gpu").asString()).isEqualTo("NVIDIA H100 NVL");
    assertThat(json.at("/evidence/gpus").asInt()).isEqualTo(2);
    assertThat(json.at("/evidence/tensor_parallel_size").asInt()).isEqualTo(2);
    assertThat(json.at("/reference/row").asString()).isEqualTo("qwen2.5-3b-h100l");
    assertThat(json.at("/reference/reason").asString()).contains("tensor parallelism of 1");
  }

  @Test
  void thePlansGpusAreHeldAgainstPhysics() throws Exception {
    JsonNode json = certificate("--plan", planned("NVIDIA L40S", 1, 1));
    // 5.75 GiB of weights at 864 GB/s.
    assertThat(json.at("/evidence/itl_floor_ms").asDouble()).isEqualTo(7.15, offset(0.01));
    assertThat(json.path("state").asString()).isEqualTo("VOID");
    assertThat(json.path("state_reason").asString()).startsWith("ROOFLINE: ");
  }

  @Test
  void aContextSaysWhatIsRequired() throws Exception {
    JsonNode json =
        certificate("--context", file("context.sh", "ONEAPP_VLLM_SLO_USE_CASES='AGENTIC,RAG'\n"));
    assertThat(json.path("use_cases").properties())
        .filteredOn(useCase -> useCase.getValue().path("required").asBoolean())
        .extracting(Map.Entry::getKey)
        .containsExactly("AGENTIC", "RAG");
    assertThat(json.path("state").asString()).isEqualTo("INCONCLUSIVE");
    assertThat(json.path("state_reason").asString()).contains("AGENTIC (", "RAG (");
    assertThat(json.path("cost").isNull()).isTrue();
  }

  @Test
  void withNothingRequiredTheMeasurementIsCertified() throws Exception {
    JsonNode json =
        certificate("--context", file("context.sh", "ONEAPP_VLLM_SLO_USE_CASES='NONE'\n"));
    assertThat(json.path("state").asString()).isEqualTo("CERTIFIED");
  }

  /** The throughput run of the file answers one request of 256 tokens in 8.3097 s. */
  @Test
  void theCostIsThatOfThePlansGpus() throws Exception {
    JsonNode cost =
        certificate(
                "--plan",
                planned("NVIDIA H100 NVL", 2, 2),
                "--context",
                file(
                    "context.sh",
                    """
                    ONEAPP_VLLM_GPU_HOUR_COST='3.6'
                    ONEAPP_VLLM_GPU_HOUR_COST_CURRENCY='USD'
                    """))
            .path("cost");
    double perRequest = 2 * 3.6 / 3600 * 8.309714;
    assertThat(cost.path("currency").asString()).isEqualTo("USD");
    assertThat(cost.path("per_request").asDouble()).isEqualTo(perRequest, offset(1e-8));
    assertThat(cost.path("per_thousand_requests").asDouble())
        .isEqualTo(1000 * perRequest, offset(1e-5));
    assertThat(cost.path("per_million_output_tokens").asDouble())
        .isEqualTo(1e6 * perRequest / 256, offset(1e-4));
  }

  @Test
  void aWrongValueOfTheContextIsNamed() throws Exception {
    String context = file("context.sh", "ONEAPP_VLLM_GPU_HOUR_COST='cheap'\n");
    assertThat(certify("--guidellm", recorded(SWEEP), "--context", context))
        .isEqualTo(Category.CONTEXT_INVALID.exitCode());
    assertThat(err.toString())
        .contains("CONTEXT_INVALID: ", "ONEAPP_VLLM_GPU_HOUR_COST", "cheap")
        .hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }
}
