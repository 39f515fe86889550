package oneapp.tests.proof;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads vLLM's own /metrics again and again while an agent works, without the agent: a second
 * witness. The server is at the port after the one in the VM's context.
 */
public final class ServerCounters implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Pattern PORT = Pattern.compile("ONEAPP_VLLM_API_PORT=\\D?(\\d+)");

  /** The server counts what it has sent a moment after it sent it. */
  private static final long SETTLED_NANOS = 100_000_000;

  /** Sums over all labels, by name, of some time between the two (nanoseconds since 1970). */
  private record Sample(long asked, long answered, Map<String, Double> sums) {}

  private final Path context;
  private final List<Sample> samples = new CopyOnWriteArrayList<>();
  private final Thread reader = Thread.ofVirtual().unstarted(this::read);
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  private ServerCounters(Path context) {
    this.context = context;
  }

  /** Begins to read as soon as {@code context} names the port and the server answers. */
  public static ServerCounters watch(Path context) {
    ServerCounters counters = new ServerCounters(context);
    counters.reader.start();
    return counters;
  }

  /** How much each counter rose between two times, as far as the samples around them tell. */
  public Map<String, Double> between(long from, long to) {
    List<Sample> all = List.copyOf(samples);
    Map<String, Double> before =
        all.stream()
            .filter(sample -> sample.answered() <= from)
            .reduce((first, second) -> second)
            .map(Sample::sums)
            .orElse(Map.of());
    Map<String, Double> after =
        all.stream()
            .filter(sample -> sample.asked() >= to + SETTLED_NANOS)
            .findFirst()
            .orElseThrow(() -> new AssertionError("the server was not read after the run"))
            .sums();
    Map<String, Double> rise = new HashMap<>();
    after.forEach((name, value) -> rise.put(name, value - before.getOrDefault(name, 0.0)));
    return Collections.unmodifiableMap(rise);
  }

  private void read() {
    try {
      while (true) {
        try {
          sample();
        } catch (IOException e) {
          // Not there yet, or no longer.
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sample() throws IOException, InterruptedException {
    Matcher port = PORT.matcher(Files.readString(context));
    if (!port.find()) {
      return;
    }
    int own = Integer.parseInt(port.group(1)) + 1;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/metrics".formatted(own)))
            .timeout(TIMEOUT)
            .build();
    long asked = now();
    String text = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    Map<String, Double> sums = new HashMap<>();
    text.lines()
        .filter(line -> line.startsWith("vllm:") && line.matches(".*(_total|_sum|_count)[{ ].*"))
        .forEach(
            line ->
                sums.merge(
                    line.replaceFirst("[{ ].*", ""),
                    Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)),
                    Double::sum));
    samples.add(new Sample(asked, now(), Map.copyOf(sums)));
  }

  private static long now() {
    return TimeUnit.MILLISECONDS.toNanos(Instant.now().toEpochMilli());
  }

  @Override
  public void close() {
    reader.interrupt();
    client.shutdownNow();
  }
}
