package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.List;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.data.Text;

/** What was measured, on what, and how. */
final class MeasuredSection {
  private MeasuredSection() {}

  static void add(Html page, Certificate certificate) {
    Evidence evidence = certificate.evidence();
    List<List<String>> facts = new ArrayList<>();
    fact(facts, "Model", evidence.model().name());
    fact(facts, "Revision", evidence.model().revision());
    fact(facts, "Weights", weights(evidence));
    fact(facts, evidence.hardware().onCpu() ? "CPU" : "GPU", hardware(evidence));
    fact(facts, "Parallelism", parallelism(evidence));
    fact(facts, "Virtual machine", machine(evidence));
    fact(facts, "Workload", workload(certificate));
    fact(
        facts,
        "Load generator",
        Text.format("%s %s", certificate.method().engine(), certificate.method().engineVersion())
            .strip());
    fact(
        facts,
        "Judged by",
        Text.format(
            "exact binomial test: 99 %% of the requests within every limit; %s at each rate, each at %s %% confidence",
            Rounded.count(certificate.method().looks(), "look"),
            Rounded.plain(100 * certificate.method().confidence())));
    fact(facts, "Ended", certificate.date());
    page.element("h2", "What was measured");
    page.facts(facts);
  }

  private static void fact(List<List<String>> facts, String name, String value) {
    if (!value.isBlank()) {
      facts.add(List.of(name, value));
    }
  }

  /** Of a result without a plan nobody knows how its weights were served. */
  private static String weights(Evidence evidence) {
    if (evidence.model().quantizationBits() != 0) {
      return Text.format("quantised to %d bits", evidence.model().quantizationBits());
    }
    return evidence.provenance().isEmpty() ? "" : "as published, not quantised by the server";
  }

  private static String hardware(Evidence evidence) {
    String name = evidence.hardware().gpu().isBlank() ? "not known" : evidence.hardware().gpu();
    return evidence.hardware().gpus().isPresent()
        ? Text.format("%d \u00D7 %s", evidence.hardware().gpus().getAsInt(), name)
        : name;
  }

  private static String parallelism(Evidence evidence) {
    List<String> words = new ArrayList<>();
    evidence
        .hardware()
        .tensorParallelSize()
        .ifPresent(tp -> words.add("tensor-parallel size " + tp));
    evidence.hardware().dataParallelSize().ifPresent(dp -> words.add("data-parallel size " + dp));
    return String.join(", ", words);
  }

  private static String machine(Evidence evidence) {
    List<String> words = new ArrayList<>();
    evidence.hardware().vcpus().ifPresent(cpus -> words.add(cpus + " vCPUs"));
    evidence.hardware().ramMib().ifPresent(mib -> words.add(mib + " MiB of memory"));
    return String.join(", ", words);
  }

  private static String workload(Certificate certificate) {
    List<String> words = new ArrayList<>();
    certificate
        .reported()
        .or(() -> certificate.runs().stream().findFirst())
        .filter(run -> run.counts().answered() > 0)
        .ifPresent(
            run ->
                words.add(
                    Text.format(
                        "%s tokens in, %s tokens out, on average",
                        Rounded.plain(run.tokens().promptTokens()),
                        Rounded.plain(run.tokens().outputTokens()))));
    long rates = certificate.runs().stream().filter(one -> one.load().kind().isJudged()).count();
    words.add(
        certificate.runs().isEmpty()
            ? "no run"
            : (rates == 0 ? "no run" : Rounded.count(rates, "run")) + " at a fixed rate");
    String all = String.join("; ", words);
    return certificate.method().workload().isBlank()
        ? all
        : certificate.method().workload() + ": " + all;
  }
}
