package oneapp.agent;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.ReferenceDatabase;
import oneapp.agent.certify.ReferenceExport;
import oneapp.agent.certify.ReferenceReader;
import oneapp.agent.certify.ReferenceReader.Reading;
import oneapp.agent.certify.ReferenceReader.Source;
import oneapp.agent.certify.ReferenceRow;
import oneapp.agent.certify.ReferenceRow.Figure;
import oneapp.agent.certify.ReferenceRow.Metric;
import oneapp.agent.certify.Rounded;
import oneapp.agent.data.CanonicalJson;
import oneapp.agent.data.Yaml;
import oneapp.agent.durable.DurableFile;
import oneapp.agent.stage.Category;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code vllm-agent reference}: the rows that results are compared with. No network. */
@Command(
    name = "reference",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Lists, checks and adds to the rows that results are compared with.")
final class ReferenceCommand implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "The rows as a table; * is a figure that nothing is compared with.")
  int list(@Mixin References references) {
    PrintWriter out = spec.commandLine().getOut();
    Reading reading = references.read();
    ReferenceDatabase database = reading.database();
    out.println(
        "%-28s %-30s %-12s %4s %3s %3s %9s %8s %8s %8s %9s %8s %8s"
            .formatted(
                "row",
                "model",
                "GPU",
                "GPUs",
                "TP",
                "DP",
                "tokens",
                "req/s",
                "TTFT",
                "ITL",
                "TTFT p99",
                "ITL p99",
                "TPOT p99"));
    for (ReferenceRow row : database.rows()) {
      out.println(
          "%-28s %-30s %-12s %4s %3s %3s %9s %8s %8s %8s %9s %8s %8s"
              .formatted(
                  row.id(),
                  row.model(),
                  row.gpu(),
                  Objects.toString(row.gpus(), "?"),
                  Objects.toString(row.tensorParallelSize(), "?"),
                  Objects.toString(row.dataParallelSize(), "?"),
                  row.promptTokens() + "/" + row.outputTokens(),
                  shown(row, Metric.RPS),
                  shown(row, Metric.TTFT),
                  shown(row, Metric.ITL),
                  shown(row, Metric.TTFT_P99),
                  shown(row, Metric.ITL_P99),
                  shown(row, Metric.TPOT_P99)));
    }
    out.println(
        "tolerance: %s %% for means and rates, %s %% for p99"
            .formatted(
                Rounded.plain(100 * database.meanTolerance()),
                Rounded.plain(100 * database.p99Tolerance())));
    return said(reading.problems());
  }

  private static String shown(ReferenceRow row, Metric metric) {
    Figure figure = row.figures().get(metric);
    return figure == null
        ? "-"
        : Rounded.plain(figure.value()) + (figure.unusable() == null ? "" : "*");
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Says what is wrong with a file of rows, or with all that are used.")
  int check(
      @Mixin References references,
      @Parameters(arity = "0..1", paramLabel = "FILE", description = "A YAML file of rows.")
          @Nullable Path file) {
    List<String> problems = new ArrayList<>();
    Reading reading =
        file == null
            ? references.read()
            : ReferenceReader.read(References.source(file, problems).stream().toList());
    problems.addAll(reading.problems());
    if (problems.isEmpty()) {
      spec.commandLine()
          .getOut()
          .println(
              "%d row(s), and nothing is wrong with them"
                  .formatted(reading.database().rows().size()));
    }
    return said(problems);
  }

  private int said(List<String> problems) {
    problems.forEach(spec.commandLine().getErr()::println);
    return problems.isEmpty() ? 0 : Answer.ROWS_WRONG.exitCode();
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = "Makes a row of a signed certificate, after checking it as verify does.")
  int export(
      @Mixin References references,
      @Parameters(paramLabel = "CERTIFICATE", description = "A certificate.signed.json.") Path file,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              description = "Folder of its raw data; default: beside it.")
          @Nullable Path data,
      @Option(
              names = "--output",
              paramLabel = "FILE",
              description = "Where the row goes; default: standard output.")
          @Nullable Path output,
      @Option(
              names = "--id",
              paramLabel = "NAME",
              description = "The row's name; default: of model, GPU, parallelism and date.")
          @Nullable String id,
      @Option(
              names = "--allow-uncertified",
              description = "Export one that is NOT_CERTIFIED or INCONCLUSIVE too; never VOID.")
          boolean uncertified) {
    Path beside = file.toAbsolutePath().getParent();
    Path folder = data != null ? data : beside == null ? Path.of("/") : beside;
    PrintWriter err = spec.commandLine().getErr();
    Verification.Report report =
        new Verification(file, folder, Set.of(), references.standards(err::println)).run();
    Certificate certificate = report.certificate();
    if (certificate == null || report.outcome() != Answer.INTACT_SIGNER_UNKNOWN) {
      err.println(
          "no row of %s: %s, %s"
              .formatted(file, report.outcome().words(), report.checks().getLast().detail()));
      return report.outcome().exitCode();
    }
    String obstacle = ReferenceExport.obstacle(certificate, uncertified);
    if (!obstacle.isEmpty()) {
      err.println("no row of %s: %s".formatted(file, obstacle));
      return Answer.EXPORT_REFUSED.exitCode();
    }
    ReferenceRow row =
        ReferenceExport.row(
            certificate, id == null ? ReferenceExport.id(certificate) : id, report.signer());
    String text = yaml(row);
    List<String> wrong = ReferenceReader.read(List.of(new Source("the row", text))).problems();
    if (!wrong.isEmpty()) {
      wrong.forEach(err::println);
      return Answer.EXPORT_REFUSED.exitCode();
    }
    return written(text, output);
  }

  private int written(String text, @Nullable Path output) {
    if (output == null) {
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
      return 0;
    }
    try {
      DurableFile.write(output, text);
      return 0;
    } catch (IOException e) {
      spec.commandLine().getErr().println("%s cannot be written: %s".formatted(output, e));
      return Category.DISK_FULL.exitCode();
    }
  }

  private static String yaml(ReferenceRow row) {
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    file.putArray("rows").add(withoutNulls(CanonicalJson.tree(row)));
    return Yaml.text(file);
  }

  private static JsonNode withoutNulls(JsonNode node) {
    if (!(node instanceof ObjectNode object)) {
      return node;
    }
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!field.getValue().isNull()) {
        kept.set(field.getKey(), withoutNulls(field.getValue()));
      }
    }
    return kept;
  }
}
