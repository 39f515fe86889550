package oneapp.agent.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import oneapp.agent.context.Context;
import oneapp.agent.context.ContextReader;
import oneapp.agent.context.RawContext;
import oneapp.agent.data.Json;
import oneapp.agent.data.Text;
import oneapp.agent.durable.FileFailure;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.gpu.InventoryText;
import oneapp.agent.model.HubClient;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.model.ModelReader;
import oneapp.agent.plan.PlanReport;
import oneapp.agent.plan.Planner;
import oneapp.agent.process.Engines;
import oneapp.agent.serve.ServedModel;
import oneapp.agent.serve.VllmServer;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vllm-agent plan}: shows how a model would be served, here or on another machine. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = "Shows how a model would be served, and why; starts nothing.")
public final class PlanCommand implements Callable<Integer> {
  private static final String MODEL_ID = "ONEAPP_VLLM_MODEL_ID";
  private static final long LARGEST_INVENTORY = 32L * 1024 * 1024;

  @Spec CommandSpec spec;

  @Mixin private PlaceOptions places = new PlaceOptions();

  @Option(
      names = "--inventory",
      paramLabel = "FILE",
      description = "Output of nvidia-smi --query-gpu=... --format=csv or -q -x on that machine.")
  private @Nullable Path inventory;

  @Option(
      names = "--model-config",
      paramLabel = "DIR|FILE",
      description = "config.json of the model, or a directory that holds it.")
  private @Nullable Path modelConfig;

  @Mixin private Output.Wanted wanted = new Output.Wanted();

  @Override
  public Integer call() {
    RawContext raw = places.context().raw();
    String model = raw.get(MODEL_ID).orElse("");
    try {
      Context read = ContextReader.read(raw);
      model = read.model().id();
      ModelFacts facts = facts(read);
      print(new PlanReport.Planned(new Planner().plan(read, inventory(), facts)));
      return 0;
    } catch (StageFailure e) {
      print(PlanReport.of(model, e));
      return e.category().exitCode();
    }
  }

  private ModelFacts facts(Context read) throws StageFailure {
    if (modelConfig != null) {
      ModelFacts facts = ModelReader.read(read.model().id(), modelConfig);
      return read.isGiven(MODEL_ID)
          ? facts
          : facts.noting(
              Text.format(
                  "%s is not set: the figures are those of %s, the command names the default model",
                  MODEL_ID, modelConfig.getFileName()));
    }
    Engines engines = places.engines();
    if (!read.model().isPath()) {
      if (places.runAs == null) {
        // Files that the hub's client writes as root could not be changed by vLLM.
        places.requireOwner(spec, "name the user of vLLM with --run-as, in the appliance vllm");
      }
      engines.prepareChildren();
    }
    return new ModelReader(HubClient.of(engines)).read(read.model());
  }

  private GpuInventory inventory() throws StageFailure {
    if (inventory != null) {
      return InventoryText.read(text(inventory));
    }
    GpuInventory found = places.gpus().detect();
    List<Integer> held =
        VllmServer.processes(places.state).isEmpty()
            ? List.of()
            : ServedModel.current(places.state)
                .map(served -> served.plan().layout().gpus())
                .orElse(List.of());
    return held.isEmpty()
        ? found
        : found.asIfIdle(held, "vLLM of this VM is running: the GPU memory it uses counts as free");
  }

  private static String text(Path file) throws StageFailure {
    try {
      if (Files.size(file) > LARGEST_INVENTORY) {
        throw unreadable(file, "it is larger than any inventory", null);
      }
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw unreadable(file, FileFailure.words(e), e);
    }
  }

  private static StageFailure unreadable(Path file, String why, @Nullable IOException cause) {
    return new StageFailure(
        Stage.GPU,
        Category.CONTEXT_INVALID,
        Text.format(
            "the inventory %s cannot be read (%s): give the output of nvidia-smi on that machine",
            file, why),
        cause);
  }

  private void print(PlanReport report) {
    String text =
        switch (wanted.output()) {
          case TEXT -> report.text();
          case JSON -> Json.MAPPER.writeValueAsString(report.json());
        };
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
