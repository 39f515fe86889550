package oneapp.agent.publish.report;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import oneapp.agent.certify.Certificate;
import oneapp.agent.data.Text;

/** Where the figures come from: versions, the server's command and its reasons, the settings. */
final class ProvenanceSection {
  private static final String COMMAND = "plan";
  private static final String REASON = "plan reason ";
  private static final String SETTING = "ONEAPP_";

  private ProvenanceSection() {}

  static void add(Html page, Certificate certificate, Signature signature) {
    Map<String, String> facts = new TreeMap<>(certificate.evidence().provenance());
    page.element("h2", "Provenance");
    page.facts(
        List.of(
            List.of("Result", certificate.resultId()),
            List.of("Schema of the certificate", Integer.toString(certificate.schema()))));
    page.facts(rows(facts, name -> !name.startsWith(COMMAND) && !name.startsWith(SETTING)));
    signature(page, signature);
    String command = facts.getOrDefault(COMMAND, "");
    if (!command.isBlank()) {
      page.element("h3", "How vLLM was started").open("p").element("code", command).close("p");
    }
    List<List<String>> reasons = rows(facts, name -> name.startsWith(REASON));
    if (!reasons.isEmpty()) {
      page.element("h3", "Why so").open("ol", "class", "list");
      reasons.forEach(reason -> page.element("li", reason.getLast()));
      page.close("ol");
    }
    List<List<String>> settings = rows(facts, name -> name.startsWith(SETTING));
    if (!settings.isEmpty()) {
      page.element("h3", "Settings");
      page.facts(settings);
    }
  }

  private static void signature(Html page, Signature signature) {
    page.element("h3", "Signature");
    switch (signature) {
      case Signature.Unsigned(String reason) -> page.element("p", "None: " + reason);
      case Signature.Signed(String fingerprint) -> signed(page, fingerprint);
    }
  }

  private static void signed(Html page, String fingerprint) {
    page.facts(List.of(List.of("Signed by the key", fingerprint)));
    page.element(
        "p",
        "Compare it with the fingerprint that the site itself gives: anyone can make a key, and a"
            + " page like this one. In the folder of this report, this checks the signature, the raw"
            + " data and every figure:",
        "class",
        "soft");
    String command =
        Text.format("vllm-agent verify %s --trust %s", ReportFiles.SIGNED, fingerprint);
    page.open("p").element("code", command).close("p");
  }

  private static List<List<String>> rows(Map<String, String> facts, Predicate<String> wanted) {
    return facts.entrySet().stream()
        .filter(fact -> wanted.test(fact.getKey()) && !fact.getValue().isBlank())
        .map(fact -> List.of(fact.getKey(), fact.getValue()))
        .toList();
  }
}
