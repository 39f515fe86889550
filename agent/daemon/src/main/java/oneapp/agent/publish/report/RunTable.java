package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.figures.Distribution;
import oneapp.agent.certify.figures.GpuFigures;
import oneapp.agent.certify.figures.RunMetrics;
import oneapp.agent.certify.figures.VmFigures;

/** The runs as CSV (RFC 4180): a line of names, then a line for each run; times in ms. */
public final class RunTable {
  private static final List<String> COUNTS =
      List.of(
          "result_id",
          "kind",
          "rate_asked",
          "seed",
          "requests",
          "answered",
          "failed",
          "cut",
          "requests_per_second",
          "output_tokens_per_second",
          "concurrency",
          "prompt_tokens",
          "output_tokens",
          "gpu_utilization",
          "gpu_watts",
          "joules_per_request",
          "joules_per_output_token",
          "cpu_steal_share",
          "load_per_cpu");

  private static final List<String> TIMES = List.of("latency", "ttft", "itl", "tpot");
  private static final List<String> STATISTICS = List.of("mean", "p50", "p90", "p95", "p99");

  private RunTable() {}

  public static String csv(Certificate certificate) {
    StringBuilder text = new StringBuilder();
    List<String> head = new ArrayList<>(COUNTS);
    TIMES.forEach(time -> STATISTICS.forEach(one -> head.add(time + "_ms_" + one)));
    line(text, head);
    certificate.runs().forEach(run -> line(text, cells(certificate.resultId(), run)));
    return text.toString();
  }

  private static List<String> cells(String resultId, RunMetrics run) {
    List<String> cells = new ArrayList<>();
    cells.add(resultId);
    cells.add(run.load().kind().name().toLowerCase(Locale.ROOT));
    cells.add(cell(run.load().rate()));
    cells.add(run.load().seed().isPresent() ? Long.toString(run.load().seed().getAsLong()) : "");
    cells.add(Integer.toString(run.counts().requests()));
    cells.add(Long.toString(run.counts().answered()));
    cells.add(Long.toString(run.counts().failed()));
    cells.add(Long.toString(run.counts().cut()));
    cells.add(Double.toString(run.rates().requestRate()));
    cells.add(Double.toString(run.rates().outputTokensPerSecond()));
    cells.add(Double.toString(run.rates().concurrency()));
    cells.add(Double.toString(run.tokens().promptTokens()));
    cells.add(Double.toString(run.tokens().outputTokens()));
    cells.add(cell(run.gpu().map(GpuFigures::utilization)));
    cells.add(cell(run.gpu().map(gpu -> gpu.power().watts())));
    cells.add(cell(run.gpu().map(gpu -> gpu.power().joulesPerRequest())));
    cells.add(cell(run.gpu().map(gpu -> gpu.power().joulesPerOutputToken())));
    cells.add(cell(run.vm().map(VmFigures::stealShare)));
    cells.add(cell(run.vm().map(VmFigures::loadPerCpu)));
    for (Distribution times :
        List.of(run.times().latency(), run.times().ttft(), run.times().itl(), run.times().tpot())) {
      cells.add(cell(times.mean()));
      cells.add(cell(times.p50()));
      cells.add(cell(times.p90()));
      cells.add(cell(times.p95()));
      cells.add(cell(times.p99()));
    }
    return cells;
  }

  private static String cell(Optional<OptionalDouble> value) {
    return cell(value.orElse(OptionalDouble.empty()));
  }

  private static String cell(OptionalDouble value) {
    return value.isPresent() ? Double.toString(value.getAsDouble()) : "";
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append(String.join(",", cells.stream().map(RunTable::quoted).toList())).append("\r\n");
  }

  private static String quoted(String cell) {
    return cell.matches("[A-Za-z0-9_.:+-]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
