package oneapp.agent.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.EngineReport;
import oneapp.agent.benchmark.EngineReports;
import oneapp.agent.benchmark.GuideLlmFile;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Certifier;
import oneapp.agent.certify.Price;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.context.Context;
import oneapp.agent.context.ContextReader;
import oneapp.agent.context.RawContext;
import oneapp.agent.data.Json;
import oneapp.agent.data.Secrets;
import oneapp.agent.data.Text;
import oneapp.agent.data.Visible;
import oneapp.agent.durable.FileFailure;
import oneapp.agent.publish.report.TextReport;
import oneapp.agent.reference.Standards;
import oneapp.agent.stage.StageFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes the certificate from engine files that already exist: no VM, no network. */
@Command(
    name = "certify",
    description = "Judges existing GuideLLM reports again, without a VM and without a network.",
    mixinStandardHelpOptions = true)
public final class CertifyCommand implements Callable<Integer> {
  @Option(
      names = "--guidellm",
      required = true,
      paramLabel = "FILE",
      description = "JSON report of GuideLLM; each may hold many benchmarks. Repeatable.")
  private List<Path> reports = List.of();

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = "What `vllm-agent plan --output json` printed: the model and GPUs measured on.")
  private @Nullable Path plan;

  @Option(
      names = "--context",
      paramLabel = "FILE",
      description = "A context file: required use cases and costs. Default: the defaults.")
  private @Nullable Path context;

  @Option(
      names = "--exit-by-verdict",
      description = "Exit with 0 for CERTIFIED only; the other codes are in docs/exit-codes.md.")
  private boolean exitByVerdict;

  @Mixin private Output.Wanted wanted = new Output.Wanted();

  @Mixin private ReferenceOptions rows = new ReferenceOptions();

  @Spec CommandSpec spec;

  /** A report cannot be read. */
  private static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String why, Throwable cause) {
      super(why, cause);
    }
  }

  @Override
  public Integer call() {
    try {
      Optional<Standards> standards = rows.references().ifRight(this::error);
      if (standards.isEmpty()) {
        return ExitStatus.ROWS_WRONG.exitCode();
      }
      Certificate certificate = certificate(standards.get());
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          switch (wanted.output()) {
            case JSON -> Json.MAPPER.writeValueAsString(certificate);
            case TEXT -> TextReport.render(certificate).stripTrailing();
          });
      out.flush();
      return exitByVerdict ? ExitStatus.of(certificate.state()).exitCode() : 0;
    } catch (Unreadable e) {
      error(ExitStatus.UNREADABLE + ": " + e.getMessage());
      return ExitStatus.UNREADABLE.exitCode();
    } catch (StageFailure failure) {
      error(failure.reason());
      return failure.category().exitCode();
    }
  }

  private void error(String what) {
    spec.commandLine().getErr().println(Visible.line("vllm-agent certify: " + what));
  }

  /** Each file once: a second reading would show the same requests as another run. */
  private List<Path> distinctReports() {
    Set<Path> seen = new HashSet<>();
    List<Path> each = new ArrayList<>();
    for (Path file : reports) {
      if (seen.add(real(file))) {
        each.add(file);
      } else {
        error(Text.format("--guidellm %s is given twice, and counts once", file));
      }
    }
    return each;
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file.toAbsolutePath().normalize(); // Reading it will say why.
    }
  }

  private Certificate certificate(Standards standards) throws StageFailure, Unreadable {
    RawContext raw =
        context == null ? new RawContext(Map.of(), List.of()) : RawContext.fromFile(context);
    Context settings = ContextReader.read(raw);
    Optional<PlanFile> planned = plan == null ? Optional.empty() : Optional.of(PlanFile.read(plan));
    Map<Path, EngineReport> parts = new LinkedHashMap<>();
    for (Path file : distinctReports()) {
      parts.put(file, read(file));
    }
    String model = model(parts);
    Optional<String> remark =
        planned
            .filter(found -> !model.isEmpty() && !found.names().contains(model))
            .map(found -> otherModel(model, found));
    return Certifier.certify(
        joined(parts, remark),
        planned.map(PlanFile::evidence).orElseGet(() -> Evidence.ofModel(model)),
        standards.slos(),
        standards.references(),
        settings.benchmark().useCases(),
        Price.of(settings.benchmark()));
  }

  private static BenchmarkResult joined(Map<Path, EngineReport> parts, Optional<String> remark)
      throws Unreadable {
    try {
      return EngineReports.joined(
          "guidellm", List.copyOf(parts.values()), remark.stream().toArray(String[]::new));
    } catch (IllegalArgumentException e) {
      throw new Unreadable("the reports are too much for one benchmark: " + e.getMessage(), e);
    }
  }

  /** The one model that the requests of all reports asked for, or nothing. */
  private String model(Map<Path, EngineReport> parts) {
    Map<String, Path> models = new LinkedHashMap<>();
    parts.forEach(
        (file, report) -> report.model().ifPresent(model -> models.putIfAbsent(model, file)));
    if (models.size() > 1) {
      throw new ParameterException(
          spec.commandLine(),
          "the reports are of different models, expected one: "
              + models.entrySet().stream()
                  .map(of -> Text.format("%s of %s", of.getValue(), of.getKey()))
                  .collect(Collectors.joining(", ")));
    }
    return models.isEmpty() ? "" : models.keySet().iterator().next();
  }

  /** Only a remark: the server may have been given another name for the same model. */
  private static String otherModel(String asked, PlanFile plan) {
    return Text.format(
        "the requests asked for the model %s, the plan is of %s",
        asked, plan.evidence().model().name());
  }

  private static EngineReport read(Path file) throws Unreadable {
    try {
      return GuideLlmFile.read(file, new Secrets());
    } catch (FileSystemException e) {
      throw new Unreadable(Text.format("the report %s: %s", file, FileFailure.words(e)), e);
    } catch (IOException e) {
      throw new Unreadable(String.valueOf(e.getMessage()), e);
    }
  }
}
