package oneapp.agent.publish.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.check.Finding;
import oneapp.agent.certify.check.FindingCode;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.data.Text;
import oneapp.agent.data.Visible;

/** A certificate for a terminal: the verdict first, at the end the table of the reference. */
public final class TextReport {
  private TextReport() {}

  public static String render(Certificate certificate) {
    List<String> lines = new ArrayList<>();
    lines.addAll(
        TextTable.folded(Text.format("%s: %s", certificate.state(), certificate.stateReason()), 2));
    lines.addAll(
        TextTable.folded(
            Text.format(
                "%s with %s, %s at %s %% confidence%s",
                certificate.evidence().model().name(),
                (certificate.method().engine() + " " + certificate.method().engineVersion())
                    .strip(),
                Rounded.count(certificate.method().looks(), "look"),
                Rounded.plain(100 * certificate.method().confidence()),
                certificate.method().looks() == 1 ? "" : " each"),
            2));
    block(lines, TextUseCases.lines(certificate.useCases().values()));
    block(lines, findings(certificate.findings(), ""));
    block(lines, TextFigures.runs(certificate.runs()));
    block(lines, money(certificate));
    block(lines, TextReference.lines(certificate.reference()));
    return lines.stream().map(Visible::line).collect(Collectors.joining("\n")) + "\n";
  }

  private static void block(List<String> lines, List<String> more) {
    if (!more.isEmpty()) {
      lines.add("");
      lines.addAll(more);
    }
  }

  /** The gravest first; what a check found of several runs is one line. */
  static List<String> findings(List<Finding> findings, String before) {
    Collection<List<Finding>> groups =
        findings.stream()
            .sorted(Comparator.comparing(Finding::severity).reversed())
            .collect(
                Collectors.groupingBy(TextReport::group, LinkedHashMap::new, Collectors.toList()))
            .values();
    int indent = before.length() - before.stripLeading().length() + 2;
    return groups.stream()
        .flatMap(group -> TextTable.folded(before + said(group), indent).stream())
        .toList();
  }

  /** Remarks are each about something else. */
  private static List<String> group(Finding finding) {
    return List.of(
        finding.severity().name(),
        finding.code(),
        finding.code().equals(FindingCode.REMARK.name()) ? finding.message() : "");
  }

  private static String said(List<Finding> group) {
    Finding first = group.getFirst();
    int more = group.size() - 1;
    boolean ofRuns =
        group.stream().allMatch(finding -> finding.message().matches("[^:]* run\\b.*"));
    return Text.format(
        "%s %s: %s%s",
        first.severity(),
        first.code(),
        first.message(),
        more == 0
            ? ""
            : Text.format(" (and %s)", ofRuns ? Rounded.count(more, "more run") : more + " more"));
  }

  /** What serving costs, and its energy, where they are known. */
  private static List<String> money(Certificate certificate) {
    List<String> lines = new ArrayList<>();
    certificate
        .economy()
        .cost()
        .ifPresent(
            cost ->
                lines.add(
                    Text.format(
                        "cost in %s: %s per 1000 requests, %s per million output tokens, %s of all tokens%s",
                        cost.currency(),
                        Rounded.plain(cost.perThousandRequests()),
                        Rounded.plain(cost.perMillionOutputTokens()),
                        Rounded.plain(cost.perMillionTokens()),
                        cost.gpuUtilization().isPresent()
                            ? Text.format(
                                "; GPUs at work for %s %% of the time, alone %s per 1000 requests",
                                Rounded.plain(100 * cost.gpuUtilization().getAsDouble()),
                                Rounded.plain(cost.usedPerThousandRequests()))
                            : "")));
    certificate
        .economy()
        .energy()
        .ifPresent(
            energy ->
                lines.add(
                    Text.format(
                        "energy of the GPUs: %s W, %s J per request, %s Wh per 1000, %s J per output token",
                        Rounded.plain(energy.watts()),
                        Rounded.plain(energy.joulesPerRequest()),
                        Rounded.plain(energy.wattHoursPerThousandRequests()),
                        Rounded.plain(energy.joulesPerOutputToken()))));
    return lines.stream().flatMap(line -> TextTable.folded(line, 2).stream()).toList();
  }
}
