package oneapp.tests.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import oneapp.agent.cli.PlanCommand;
import oneapp.agent.data.Json;
import oneapp.agent.process.Command;
import oneapp.agent.process.ProcessGroup;
import oneapp.tests.Deadline;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** A plan with tensor-parallel size 2 starts for real, on two processes of the CPU backend. */
@Tag("real")
class RealTensorParallelTest {
  private static final Duration DEADLINE = Duration.ofMinutes(8);

  @TempDir Path folder;

  @Test
  void twoWorkersServeAModelAsPlanned() throws Exception {
    Path engines = Engines.folder();
    Path model = Engines.tinyModel(engines, folder.resolve("tiny"));
    JsonNode plan = plan(model);
    assertThat(plan.get("fits").booleanValue()).as(plan.toString()).isTrue();

    ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
    ProcessGroup vllm = ProcessGroup.start(command(engines, plan), log::add);
    try {
      awaitHealth(vllm, plan.get("port").intValue(), log);
      assertThat(log).anySatisfy(line -> assertThat(line).contains("Worker_TP0"));
      assertThat(log).anySatisfy(line -> assertThat(line).contains("Worker_TP1"));
      String tokens = "%,d tokens".formatted(plan.get("predicted_kv_tokens").longValue());
      assertThat(log)
          .anySatisfy(line -> assertThat(line).contains("KV cache size").contains(tokens));
      assertThat(complete(plan)).contains("\"text\"");
    } finally {
      vllm.stop(Duration.ofSeconds(10));
    }
  }

  private JsonNode plan(Path model) throws Exception {
    Path context = folder.resolve("context.sh");
    Files.writeString(
        context,
        """
        ONEAPP_VLLM_MODEL_ID='%s'
        ONEAPP_VLLM_CPU_FALLBACK='YES'
        ONEAPP_VLLM_TENSOR_PARALLEL_SIZE='2'
        ONEAPP_VLLM_API_PORT='18310'
        """
            .formatted(model));
    Path inventory = folder.resolve("inventory.txt");
    Files.writeString(inventory, "No devices were found\n");
    StringWriter printed = new StringWriter();
    new CommandLine(new PlanCommand())
        .setOut(new PrintWriter(printed, true))
        .execute(
            "--context", context.toString(),
            "--inventory", inventory.toString(),
            "--model-config", model.toString(),
            "--output", "json");
    return Json.MAPPER.readTree(printed.toString());
  }

  private Command command(Path engines, JsonNode plan) {
    List<String> argv = new ArrayList<>();
    plan.get("argv").forEach(word -> argv.add(word.stringValue()));
    argv.set(0, engines.resolve("bin/vllm").toString());
    Map<String, String> environment = new HashMap<>();
    plan.get("environment")
        .propertyStream()
        .forEach(entry -> environment.put(entry.getKey(), entry.getValue().stringValue()));
    environment.put("PATH", engines.resolve("bin") + ":/usr/bin:/bin");
    environment.put("HOME", folder.toString());
    return new Command(argv, environment);
  }

  private static void awaitHealth(ProcessGroup vllm, int port, Iterable<String> log)
      throws Exception {
    Deadline deadline = Deadline.in(DEADLINE);
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      while (!deadline.isOver() && !vllm.exit().isDone()) {
        try {
          HttpRequest request = HttpRequest.newBuilder(uri(port, "/health")).build();
          if (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
            return;
          }
        } catch (java.io.IOException e) {
          // not listening yet
        }
        Deadline.pause(Duration.ofMillis(500));
      }
    }
    throw new AssertionError("vLLM did not become ready:\n" + String.join("\n", log));
  }

  private static String complete(JsonNode plan) throws Exception {
    String body =
        Json.MAPPER.writeValueAsString(
            Map.of(
                "model",
                plan.get("served_model_name").stringValue(),
                "prompt",
                "a",
                "max_tokens",
                4));
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return http.send(
              HttpRequest.newBuilder(uri(plan.get("port").intValue(), "/v1/completions"))
                  .header("Content-Type", "application/json")
                  .timeout(Duration.ofMinutes(2))
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }
}
