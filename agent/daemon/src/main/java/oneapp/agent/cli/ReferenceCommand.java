package oneapp.agent.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.compare.ReferenceReader;
import oneapp.agent.certify.compare.ReferenceReader.Reading;
import oneapp.agent.certify.compare.ReferenceReader.Source;
import oneapp.agent.certify.compare.ReferenceRow;
import oneapp.agent.data.Text;
import oneapp.agent.data.Visible;
import oneapp.agent.durable.DurableFile;
import oneapp.agent.durable.FileFailure;
import oneapp.agent.reference.ReferenceExport;
import oneapp.agent.reference.ReferenceFile;
import oneapp.agent.reference.References;
import oneapp.agent.reference.Standards;
import oneapp.agent.stage.Category;
import oneapp.agent.verify.Authenticity;
import oneapp.agent.verify.Verification;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vllm-agent reference}: the rows that results are compared with. No network. */
@Command(
    name = "reference",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Lists, checks and exports the rows that results are compared with.")
public final class ReferenceCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return CommandLine.ExitCode.USAGE;
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description =
          "Shows the rows as a table. * is a figure that nothing is compared with, VOID a row with"
              + " a figure that is impossible.")
  int list(@Mixin ReferenceOptions rows) {
    PrintWriter out = spec.commandLine().getOut();
    Reading reading = rows.references().read();
    ReferenceText.list(reading).stream().map(Visible::line).forEach(out::println);
    return exitCode(reading.problems());
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Checks a file of rows, or all that are used, and what they say.")
  int check(
      @Mixin ReferenceOptions rows,
      @Parameters(arity = "0..1", paramLabel = "FILE", description = "A YAML file of rows.")
          @Nullable Path file) {
    List<String> problems = new ArrayList<>();
    Reading reading =
        file == null
            ? rows.references().read()
            : ReferenceReader.read(References.source(file, problems).stream().toList());
    problems.addAll(reading.problems());
    problems.addAll(ReferenceText.unmarked(reading));
    PrintWriter out = spec.commandLine().getOut();
    ReferenceText.findings(reading).stream().map(Visible::line).forEach(out::println);
    if (problems.isEmpty()) {
      out.println(ReferenceText.good(reading));
    }
    return exitCode(problems);
  }

  /** Makes text of strangers visible, so that it cannot move the cursor. */
  private void error(String problem) {
    spec.commandLine().getErr().println(Visible.line(problem));
  }

  private int exitCode(List<String> problems) {
    problems.forEach(this::error);
    return problems.isEmpty() ? 0 : ExitStatus.ROWS_WRONG.exitCode();
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = "Makes a row of a signed certificate, after checking it as verify does.")
  int export(
      @Mixin ReferenceOptions rows,
      @Parameters(paramLabel = "CERTIFICATE", description = "A certificate.signed.json.") Path file,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              description = "Folder of its raw data; default: beside it.")
          @Nullable Path data,
      @Option(
              names = "--output",
              paramLabel = "FILE",
              description = "A new file for the row; default: standard output.")
          @Nullable Path output,
      @Option(
              names = "--id",
              paramLabel = "NAME",
              description = "The row's name; default: of model, GPU, parallelism and date.")
          @Nullable String id,
      @Option(
              names = "--allow-uncertified",
              description = "Exports one that is NOT_CERTIFIED or INCONCLUSIVE too; never VOID.")
          boolean uncertified) {
    Optional<Standards> standards = rows.references().ifRight(this::error);
    if (standards.isEmpty()) {
      return ExitStatus.ROWS_WRONG.exitCode();
    }
    Path folder = Verification.dataFolder(file, data);
    Verification.Report report = new Verification(file, folder, Set.of(), standards.get()).run();
    if (report.outcome() != Authenticity.INTACT_SIGNER_UNKNOWN) {
      error(
          Text.format(
              "no reference row written: %s: %s, %s",
              file, report.outcome().words(), report.checks().getLast().detail()));
      return ExitStatus.of(report.outcome()).exitCode();
    }
    Certificate certificate = report.certificate().orElseThrow();
    Optional<String> obstacle = ReferenceExport.obstacle(certificate, uncertified);
    if (obstacle.isPresent()) {
      error(Text.format("no reference row written: %s: %s", file, obstacle.get()));
      return ExitStatus.EXPORT_REFUSED.exitCode();
    }
    ReferenceRow row =
        ReferenceExport.row(
            certificate, id == null ? ReferenceExport.id(certificate) : id, report.signer());
    List<String> wrong =
        ReferenceReader.read(List.of(new Source("the row", ReferenceFile.text(row)))).problems();
    if (!wrong.isEmpty()) {
      wrong.forEach(this::error);
      return ExitStatus.EXPORT_REFUSED.exitCode();
    }
    return written(row, output);
  }

  private int written(ReferenceRow row, @Nullable Path output) {
    PrintWriter out = spec.commandLine().getOut();
    if (output == null) {
      out.print(ReferenceFile.text(row));
      out.flush();
      return 0;
    }
    try {
      ReferenceFile.write(row, output);
      out.println(Visible.line(Text.format("row %s is in %s", row.id(), output)));
      return 0;
    } catch (FileAlreadyExistsException e) {
      error(
          Text.format(
              "no reference row written: %s exists: name a new file in its folder", output));
      return ExitStatus.EXPORT_REFUSED.exitCode();
    } catch (IOException e) {
      error(Text.format("%s cannot be written: %s", output, FileFailure.words(e)));
      return DurableFile.isFull(e)
          ? Category.DISK_FULL.exitCode()
          : ExitStatus.EXPORT_REFUSED.exitCode();
    }
  }
}
