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
import oneapp.agent.certify.figures.Definition;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.certify.figures.Evidence.Hardware;
import oneapp.agent.certify.figures.RunMetrics;
import oneapp.agent.data.Text;

/** Makes a reference row of a certificate. */
public final class ReferenceExport {
  private static final List<String> VERSIONS = List.of("agent", "vllm", "driver");

  private ReferenceExport() {}

  /** Why it gives no row, if so; {@code uncertified} lets all but VOID pass. */
  public static Optional<String> obstacle(Certificate certificate, boolean uncertified) {
    return switch (certificate.state()) {
      case VOID -> Optional.of("it is VOID: " + certificate.stateReason());
      case NOT_CERTIFIED, INCONCLUSIVE ->
          uncertified
              ? unfit(certificate)
              : Optional.of(
                  Text.format(
                      "it is %s (%s); --allow-uncertified exports it all the same",
                      certificate.state(), certificate.stateReason()));
      case CERTIFIED -> unfit(certificate);
    };
  }

  private static Optional<String> unfit(Certificate certificate) {
    if (certificate.evidence().model().quantizationBits() != 0) {
      return Optional.of("rows are of unquantised weights");
    }
    if (certificate.evidence().hardware().gpu().isBlank()) {
      return Optional.of("it does not say on what it was measured");
    }
    return certificate.throughput().isEmpty() && certificate.reported().isEmpty()
        ? Optional.of("it has no run")
        : Optional.empty();
  }

  /** Name of the row where none is given: model, GPU, parallelism and date. */
  public static String id(Certificate certificate) {
    String model = certificate.evidence().model().name();
    Hardware hardware = certificate.evidence().hardware();
    String text =
        Text.format(
            "%s-%s-tp%d-dp%d-%s",
            model.substring(model.lastIndexOf('/') + 1),
            hardware.gpu(),
            hardware.tensorParallelSize().orElse(1),
            hardware.dataParallelSize().orElse(1),
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
    RunMetrics.Tokens tokens = timed.or(certificate::throughput).orElseThrow().tokens();
    Hardware hardware = evidence.hardware();
    return new ReferenceRow(
        id,
        Text.format("result %s, %s", certificate.resultId(), certificate.state()),
        new ReferenceRow.Names(
            evidence.model().name(), List.of(), hardware.gpu(), List.of(hardware.gpu())),
        new ReferenceRow.Floor(
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            positive(evidence.floors().itlFloorMs())),
        new ReferenceRow.Setup(
            // On a CPU the number of GPUs is known, too: there are none.
            hardware.onCpu() ? OptionalInt.of(hardware.gpus().orElse(0)) : hardware.gpus(),
            hardware.tensorParallelSize(),
            hardware.dataParallelSize(),
            Math.toIntExact(Math.round(tokens.promptTokens())),
            Math.toIntExact(Math.round(tokens.outputTokens())),
            hardware.vcpus(),
            hardware.ramMib()),
        Definition.TPOT.formula(),
        positive(timed.map(run -> run.load().rate()).orElse(OptionalDouble.empty())),
        figures(certificate),
        provenance(certificate, signer));
  }

  private static Map<Metric, Figure> figures(Certificate certificate) {
    Map<Metric, Figure> figures = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      Optional<RunMetrics> run =
          metric == Metric.RPS ? certificate.throughput() : certificate.reported();
      if (run.isPresent()) {
        OptionalDouble value = metric.of(run.get(), Definition.TPOT.formula());
        int samples = Math.toIntExact(run.get().counts().answered());
        if (value.isPresent() && samples > 0) {
          figures.put(
              metric, new Figure(value.getAsDouble(), Optional.empty(), OptionalInt.of(samples)));
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
    Certificate.Method method = certificate.method();
    provenance.put("engine", (method.engine() + " " + method.engineVersion()).strip());
    provenance.put("date", certificate.date());
    provenance.put("signer", signer);
    provenance.put("workload", method.workload());
    provenance.put("ttft definition", Definition.TTFT_FROM_SENDING.text());
    if (certificate.reported().isPresent()) {
      provenance.put("itl definition", Definition.ITL.text());
    }
    return provenance;
  }

  private static OptionalDouble positive(OptionalDouble value) {
    return value.orElse(0) > 0 ? value : OptionalDouble.empty();
  }
}
