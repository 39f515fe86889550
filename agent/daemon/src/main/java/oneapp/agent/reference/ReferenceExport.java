package oneapp.agent.reference;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.compare.ReferenceRow;
import oneapp.agent.certify.compare.ReferenceRow.Figure;
import oneapp.agent.certify.compare.ReferenceRow.Metric;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.certify.figures.RunMetrics;
import oneapp.agent.data.Text;
import org.jspecify.annotations.Nullable;

/** A result that others are compared with from now on. */
public final class ReferenceExport {
  private static final List<String> VERSIONS = List.of("agent", "vllm", "driver");

  private ReferenceExport() {}

  /** What stands against it, or nothing; {@code uncertified} lets all but VOID pass. */
  public static String obstacle(Certificate certificate, boolean uncertified) {
    Evidence evidence = certificate.evidence();
    return switch (certificate.state()) {
      case VOID -> "it is VOID: " + certificate.stateReason();
      case NOT_CERTIFIED, INCONCLUSIVE ->
          uncertified
              ? unfit(certificate, evidence)
              : Text.format(
                  "it is %s (%s); --allow-uncertified exports it all the same",
                  certificate.state(), certificate.stateReason());
      case CERTIFIED -> unfit(certificate, evidence);
    };
  }

  private static String unfit(Certificate certificate, Evidence evidence) {
    if (evidence.quantizationBits() != 0) {
      return "rows are of unquantised weights";
    }
    if (evidence.gpu().isBlank()) {
      return "it does not say on what it was measured";
    }
    return certificate.throughput().isEmpty() && certificate.reported().isEmpty()
        ? "it has no run"
        : "";
  }

  /** Name of the row where none is given: model, GPU, parallelism and date. */
  public static String id(Certificate certificate) {
    Evidence evidence = certificate.evidence();
    String model = evidence.model().substring(evidence.model().lastIndexOf('/') + 1);
    String text =
        Text.format(
            "%s-%s-tp%d-dp%d-%s",
            model,
            evidence.gpu(),
            evidence.tensorParallelSize().orElse(1),
            evidence.dataParallelSize().orElse(1),
            certificate.date().replaceAll("[^0-9]", ""));
    String plain = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-");
    String head = plain.replaceFirst("^[^a-z0-9]+", "");
    return head.length() <= 100
        ? head
        : head.substring(head.length() - 100).replaceFirst("^[^a-z0-9]+", "");
  }

  /**
   * The row of a certificate without an {@link #obstacle}. Its times are those of the run that the
   * certificate reports.
   *
   * @param signer fingerprint of the key that signed it
   */
  public static ReferenceRow row(Certificate certificate, String id, String signer) {
    Evidence evidence = certificate.evidence();
    Optional<RunMetrics> timed = certificate.reported();
    RunMetrics sized = timed.or(certificate::throughput).orElseThrow();
    return new ReferenceRow(
        id,
        Text.format("result %s, %s", certificate.resultId(), certificate.state()),
        evidence.model(),
        List.of(),
        evidence.gpu(),
        List.of(evidence.gpu()),
        null,
        null,
        positive(evidence.itlFloorMs()),
        boxed(evidence.gpus(), evidence.onCpu()),
        boxed(evidence.tensorParallelSize(), false),
        boxed(evidence.dataParallelSize(), false),
        Math.toIntExact(Math.round(sized.promptTokens())),
        Math.toIntExact(Math.round(sized.outputTokens())),
        boxed(evidence.vcpus(), false),
        boxed(evidence.ramMib(), false),
        RunMetrics.TPOT,
        timed.map(run -> run.rate().orElse(0)).filter(rate -> rate > 0).orElse(null),
        figures(certificate),
        provenance(certificate, signer));
  }

  private static Map<Metric, Figure> figures(Certificate certificate) {
    Map<Metric, Figure> figures = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      Optional<RunMetrics> run =
          metric == Metric.RPS ? certificate.throughput() : certificate.reported();
      if (run.isPresent()) {
        OptionalDouble value = metric.of(run.get(), RunMetrics.TPOT);
        int samples = Math.toIntExact(run.get().answered());
        if (value.isPresent() && samples > 0) {
          figures.put(metric, new Figure(value.getAsDouble(), null, samples));
        }
      }
    }
    return figures;
  }

  private static Map<String, String> provenance(Certificate certificate, String signer) {
    Map<String, String> provenance = new TreeMap<>();
    for (String name : VERSIONS) {
      String version = certificate.evidence().provenance().get(name);
      if (version != null) {
        provenance.put(name, version);
      }
    }
    provenance.put("engine", (certificate.engine() + " " + certificate.engineVersion()).strip());
    provenance.put("date", certificate.date());
    provenance.put("signer", signer);
    provenance.put("workload", certificate.workload());
    provenance.put("ttft definition", RunMetrics.TTFT_FROM_SENDING);
    certificate
        .reported()
        .ifPresent(run -> provenance.put("itl definition", run.itl().definition()));
    return provenance;
  }

  private static @Nullable Double positive(OptionalDouble value) {
    return value.isPresent() && value.getAsDouble() > 0 ? value.getAsDouble() : null;
  }

  /** On a CPU there are no GPUs, which is a number too. */
  private static @Nullable Integer boxed(OptionalInt value, boolean zero) {
    return value.isPresent() ? (Integer) value.getAsInt() : zero ? (Integer) 0 : null;
  }
}
