package oneapp.agent.publish;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.UseCase;
import oneapp.agent.certify.compare.Comparison;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.certify.figures.RunMetrics;
import oneapp.agent.data.Digest;
import oneapp.agent.data.Json;
import oneapp.agent.data.Text;

/**
 * A certificate as attributes of OpenNebula: single ones for the VM, and one vector for its
 * template and user. What was not measured has no attribute.
 */
public final class CertificateAttributes {
  private CertificateAttributes() {}

  /** The VM's result attributes by name, each one line. */
  public static Map<String, String> vm(Certificate certificate) {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put(
        Attributes.CERTIFICATE, certificate.state() + ", " + line(certificate.stateReason()));
    attributes.put(Attributes.RESULT_ID, certificate.resultId());
    attributes.put(Attributes.RESULT_DATE, certificate.date());
    attributes.put(
        Attributes.ENGINE, (certificate.method().engine() + " " + certificate.method().engineVersion()).strip());
    certificate
        .throughput()
        .ifPresent(
            run -> {
              attributes.put(Attributes.THROUGHPUT_RPS, Rounded.plain(run.rates().requestRate()));
              attributes.put(
                  Attributes.OUTPUT_TOKENS_PER_SECOND, Rounded.plain(run.rates().outputTokensPerSecond()));
            });
    certificate.reported().ifPresent(run -> attributes.putAll(times(run)));
    certificate
        .useCases()
        .forEach((name, useCase) -> attributes.put(Attributes.SLO + name, verdict(useCase)));
    attributes.put(Attributes.REFERENCE, reference(certificate.reference()));
    certificate
        .economy()
        .cost()
        .ifPresent(
            cost -> {
              attributes.put(
                  Attributes.COST_PER_1000_REQUESTS,
                  Rounded.plain(cost.perThousandRequests()) + " " + cost.currency());
              attributes.put(
                  Attributes.COST_PER_MILLION_OUTPUT_TOKENS,
                  Rounded.plain(cost.perMillionOutputTokens()) + " " + cost.currency());
            });
    attributes.values().removeIf(String::isBlank);
    return attributes;
  }

  /**
   * Name of the vector attribute: results of the same model, GPUs and workload share it.
   *
   * @param promptTokens that the workload asks for
   * @param outputTokens that the workload asks for
   */
  public static String key(Evidence evidence, int promptTokens, int outputTokens) {
    List<Object> parts =
        List.of(
            evidence.model().name(),
            evidence.model().revision(),
            evidence.model().quantizationBits(),
            evidence.hardware().gpu(),
            evidence.hardware().gpus().orElse(0),
            evidence.hardware().tensorParallelSize().orElse(1),
            evidence.hardware().dataParallelSize().orElse(1),
            promptTokens,
            outputTokens);
    return Attributes.RESULT + Digest.sha256(Json.line(parts)).substring(0, 8);
  }

  /** The values of that vector attribute. */
  public static Map<String, String> row(Certificate certificate, String vmId) {
    Evidence evidence = certificate.evidence();
    Map<String, String> row = new TreeMap<>();
    row.put("MODEL", evidence.model().name());
    row.put("GPU", evidence.hardware().gpu());
    put(row, "GPU_COUNT", evidence.hardware().gpus());
    put(row, "TP", evidence.hardware().tensorParallelSize());
    put(row, "DP", evidence.hardware().dataParallelSize());
    put(row, "VCPUS", evidence.hardware().vcpus());
    put(row, "RAM_MIB", evidence.hardware().ramMib());
    certificate.throughput().ifPresent(run -> row.put("RPS", Rounded.plain(run.rates().requestRate())));
    certificate
        .reported()
        .map(CertificateAttributes::times)
        .ifPresent(
            times ->
                times.forEach(
                    (name, value) -> row.put(name.substring(Attributes.PREFIX.length()), value)));
    row.put("STATE", certificate.state().name());
    row.put("VM_ID", vmId);
    row.put("DATE", certificate.date());
    row.put("RESULT_ID", certificate.resultId());
    row.values().removeIf(String::isBlank);
    return row;
  }

  /** By their names in the VM; in a row they are the same without VLLM_. */
  private static Map<String, String> times(RunMetrics run) {
    Map<String, String> times = new TreeMap<>();
    put(times, Attributes.TTFT_MS, run.times().ttft().mean());
    put(times, Attributes.ITL_MS, run.times().itl().mean());
    put(times, Attributes.TPOT_MS, run.times().tpot().mean());
    put(times, Attributes.LATENCY_MS, run.times().latency().mean());
    put(times, Attributes.TTFT_P99_MS, run.times().ttft().p99());
    put(times, Attributes.ITL_P99_MS, run.times().itl().p99());
    put(times, Attributes.TPOT_P99_MS, run.times().tpot().p99());
    put(times, Attributes.LATENCY_P99_MS, run.times().latency().p99());
    return times;
  }

  private static void put(Map<String, String> into, String name, OptionalDouble value) {
    if (value.isPresent()) {
      into.put(name, Rounded.plain(value.getAsDouble()));
    }
  }

  private static void put(Map<String, String> into, String name, OptionalInt value) {
    if (value.isPresent()) {
      into.put(name, Integer.toString(value.getAsInt()));
    }
  }

  private static String verdict(UseCase useCase) {
    return switch (useCase.verdict()) {
      case PASS ->
          Text.format(
              "PASS up to %s req/s",
              Rounded.plain(useCase.highestPassingRate().orElse(Double.NaN)));
      case FAIL -> "FAIL";
      case INCONCLUSIVE -> "INCONCLUSIVE, " + useCase.need();
    };
  }

  private static String reference(Comparison reference) {
    StringBuilder text = new StringBuilder(reference.verdict().name());
    if (reference.row().isEmpty()) {
      return text.append(", ").append(line(reference.reason())).toString();
    }
    text.append(", ").append(reference.row().get());
    for (Comparison.Difference difference : reference.differences()) {
      if (difference.percent().isPresent()) {
        text.append(
            Text.format(
                ", %s %+.1f %%%s",
                difference.metric().label(),
                difference.percent().getAsDouble(),
                difference.counts() ? "" : " (for information)"));
      }
    }
    return text.toString();
  }

  private static String line(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }
}
