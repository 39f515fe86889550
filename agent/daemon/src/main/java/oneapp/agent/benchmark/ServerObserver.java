package oneapp.agent.benchmark;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import oneapp.agent.serve.Endpoint;
import org.jspecify.annotations.Nullable;

/** Reads vLLM's /metrics, the VM's /proc/stat and the GPUs. */
final class ServerObserver implements Observer {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Path CPU = Path.of("/proc/stat");

  /** The place of "steal" among the numbers of the line "cpu" (proc(5)). */
  private static final int STEAL = 7;

  private final Endpoint endpoint;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(TIMEOUT).version(HttpClient.Version.HTTP_1_1).build();

  private final GpuWatch gpus;

  ServerObserver(Endpoint endpoint, GpuWatch gpus) {
    this.endpoint = endpoint;
    this.gpus = gpus;
  }

  @Override
  public @Nullable GpuUse gpuUse() {
    return gpus.take();
  }

  @Override
  public Snapshot snapshot() throws InterruptedException {
    Map<String, Double> counters = counters();
    long offset = System.currentTimeMillis() * 1_000_000 - System.nanoTime();
    long[] cpu = cpu();
    return new Snapshot(
        counters,
        offset,
        Arrays.stream(cpu).limit(STEAL + 1).sum(),
        cpu.length > STEAL ? cpu[STEAL] : 0);
  }

  /** Without an answer there is nothing to compare with, which is no reason to stop. */
  private Map<String, Double> counters() throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.resolve("/metrics")).timeout(TIMEOUT).GET();
    endpoint.apiKey().ifPresent(key -> request.header("Authorization", "Bearer " + key));
    try {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 ? parse(response.body()) : Map.of();
    } catch (IOException e) {
      return Map.of();
    }
  }

  /** The text format of Prometheus: {@code name{labels} value}, summed over the labels. */
  static Map<String, Double> parse(String text) {
    Map<String, Double> sums = new HashMap<>();
    text.lines()
        .filter(line -> line.startsWith("vllm:"))
        .forEach(
            line -> {
              int brace = line.indexOf('{');
              int nameEnd = brace >= 0 ? brace : line.indexOf(' ');
              int valueStart = Math.max(line.lastIndexOf('}'), nameEnd);
              if (nameEnd > 0 && valueStart + 1 < line.length()) {
                String value = line.substring(valueStart + 1).strip().split(" ", 2)[0];
                number(value, line.substring(0, nameEnd), sums);
              }
            });
    return sums;
  }

  private static void number(String value, String name, Map<String, Double> sums) {
    try {
      sums.merge(name, Double.parseDouble(value), Double::sum);
    } catch (NumberFormatException e) {
      // "+Inf" of a histogram's bound: no counter that anybody asks for.
    }
  }

  private static long[] cpu() {
    try {
      String line = Files.readString(CPU).lines().findFirst().orElse("");
      return Arrays.stream(line.replaceFirst("^cpu +", "").split(" +"))
          .mapToLong(Long::parseLong)
          .toArray();
    } catch (IOException | NumberFormatException e) {
      return new long[0];
    }
  }
}
