package oneapp.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import oneapp.agent.data.Json;
import oneapp.agent.stage.Category;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

class PlanCommandTest {
  @TempDir Path folder;

  private final StringWriter printed = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new PlanCommand())
        .setOut(new PrintWriter(printed, true))
        .setErr(new PrintWriter(printed, true))
        .execute(arguments);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private String[] arguments(String output) throws IOException {
    return new String[] {
      "--context",
      file("context.sh", "ONEAPP_VLLM_MODEL_ID='/srv/tiny'\n").toString(),
      "--inventory",
      file("gpus.csv", "name\nNVIDIA L40S\nNVIDIA L40S\n").toString(),
      "--model-config",
      file(
              "config.json",
              """
              {"model_type": "qwen2", "hidden_size": 64, "num_hidden_layers": 2,
               "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 128,
               "vocab_size": 8000, "max_position_embeddings": 2048}
              """)
          .toString(),
      "--output",
      output
    };
  }

  @Test
  void theTextNamesGpusAndReasons() throws IOException {
    assertThat(run(arguments("text"))).isZero();
    assertThat(printed.toString())
        .contains(
            "/srv/tiny fits: NVIDIA L40S, tensor parallel 1 x data parallel 2", "reasons", "  - ");
  }

  @Test
  void theJsonHasEveryFieldWhetherItFitsOrNot() throws IOException {
    assertThat(run(arguments("JSON"))).isZero();
    JsonNode fits = Json.MAPPER.readTree(printed.toString());
    printed.getBuffer().setLength(0);
    String[] arguments = arguments("json");
    file("gpus.csv", "name, memory.total [MiB]\nNVIDIA L40S, 3000 MiB\n");
    assertThat(run(arguments)).isEqualTo(Category.DOES_NOT_FIT.exitCode());
    JsonNode not = Json.MAPPER.readTree(printed.toString());

    assertThat(not.propertyNames()).containsExactlyElementsOf(fits.propertyNames());
    assertThat(fits.propertyNames())
        .contains(
            "fits",
            "tensor_parallel_size",
            "data_parallel_size",
            "gpus",
            "max_model_len",
            "predicted_kv_tokens",
            "argv",
            "reasons",
            "category",
            "missing");
    assertThat(not.get("missing").stringValue()).contains("GiB");
  }

  @Test
  void filesThatAreNotThereAreNamed() throws IOException {
    String[] arguments = arguments("json");
    Files.delete(folder.resolve("gpus.csv"));
    assertThat(run(arguments)).isEqualTo(Category.CONTEXT_INVALID.exitCode());
    assertThat(printed.toString()).contains("gpus.csv");
    Files.delete(folder.resolve("config.json"));
    assertThat(run(arguments)).isEqualTo(Category.MODEL_NOT_FOUND.exitCode());
    Files.delete(folder.resolve("context.sh"));
    assertThat(run(arguments)).isEqualTo(Category.CONTEXT_INVALID.exitCode());
  }

  @Test
  void withoutEnginesTheHubCannotBeAsked() throws IOException {
    Path context = file("context.sh", "ONEAPP_VLLM_MODEL_ID='org/model'\n");
    int exit =
        run(
            "--context", context.toString(),
            "--engines", folder.resolve("none").toString(),
            "--state", folder.toString(),
            "--output", "json");
    assertThat(exit).isEqualTo(Category.HUB_UNREACHABLE.exitCode());
    assertThat(printed.toString()).contains("not installed");
  }

  @Test
  void anotherFormIsWrongUsage() {
    assertThat(run("--output", "yaml")).isEqualTo(CommandLine.ExitCode.USAGE);
  }
}
