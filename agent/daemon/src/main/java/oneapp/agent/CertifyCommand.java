package oneapp.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.EngineReport;
import oneapp.agent.benchmark.EngineReports;
import oneapp.agent.benchmark.GuideLlmFile;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Certifier;
import oneapp.agent.certify.Evidence;
import oneapp.agent.certify.Price;
import oneapp.agent.context.Context;
import oneapp.agent.context.ContextReader;
import oneapp.agent.context.RawContext;
import oneapp.agent.data.Json;
import oneapp.agent.data.Secrets;
import oneapp.agent.publish.report.TextReport;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes the certificate from engine files that already exist: no VM, no network. */
@Command(
    name = "certify",
    description = "Judge existing GuideLLM reports again, without a VM and without a network.",
    mixinStandardHelpOptions = true)
public final class CertifyCommand implements Callable<Integer> {
  enum Output {
    json,
    text
  }

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

  @Option(names = "--output", defaultValue = "text", description = "json or text (the default).")
  private Output output = Output.text;

  @Mixin private References references = new References();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out =
        spec == null ? new PrintWriter(System.out, false, UTF_8) : spec.commandLine().getOut();
    PrintWriter err =
        spec == null ? new PrintWriter(System.err, false, UTF_8) : spec.commandLine().getErr();
    try {
      Certificate certificate = certificate(err::println);
      out.println(
          switch (output) {
            case json -> Json.MAPPER.writeValueAsString(certificate);
            case text -> TextReport.render(certificate);
          });
      out.flush();
      return 0;
    } catch (StageFailure failure) {
      err.println("vllm-agent certify: " + failure.reason());
      err.flush();
      return failure.category().exitCode();
    }
  }

  private Certificate certificate(Consumer<String> warn) throws StageFailure {
    RawContext raw =
        context == null ? new RawContext(Map.of(), List.of()) : RawContext.fromFile(context);
    Context settings = ContextReader.read(raw);
    List<EngineReport> parts = new ArrayList<>();
    for (Path file : reports) {
      parts.add(read(file));
    }
    BenchmarkResult result = EngineReports.joined("guidellm", parts);
    String model = parts.getLast().model();
    Standards standards = references.standards(warn);
    Evidence evidence = plan == null ? Evidence.ofModel(model) : PlanFile.read(plan);
    return Certifier.certify(
        result,
        evidence,
        standards.slos(),
        standards.references(),
        settings.benchmark().useCases(),
        price(settings.benchmark()));
  }

  private static Optional<Price> price(Context.Benchmark benchmark) {
    return benchmark.gpuHourCost().isPresent()
        ? Optional.of(new Price(benchmark.gpuHourCost().getAsDouble(), benchmark.currency()))
        : Optional.empty();
  }

  private static EngineReport read(Path file) throws StageFailure {
    try {
      return GuideLlmFile.read(file, new Secrets());
    } catch (IOException e) {
      throw new StageFailure(
          Stage.BENCHMARKING,
          Category.BENCHMARK_FAILED,
          "reading the report %s: %s".formatted(file, e.getMessage()),
          e);
    }
  }
}
