package oneapp.agent;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import oneapp.agent.certify.Certificate;
import oneapp.agent.context.Context;
import oneapp.agent.context.ContextReader;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.context.OpenNebulaAccessReader;
import oneapp.agent.context.VmAddress;
import oneapp.agent.data.Text;
import oneapp.agent.gpu.FreedMemory;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.model.HubClient;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.model.ModelReader;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.plan.Planner;
import oneapp.agent.plan.PredictionCheck;
import oneapp.agent.serve.Front;
import oneapp.agent.serve.RunningServer;
import oneapp.agent.serve.ServeSettings;
import oneapp.agent.serve.ServedModel;
import oneapp.agent.serve.ServerStart;
import oneapp.agent.serve.StartupFacts;
import oneapp.agent.serve.VllmServer;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Progress;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of the line in this VM: each is a call of the room of its name. */
final class Rooms implements Steps {
  private static final Logger log = LoggerFactory.getLogger(Rooms.class);

  private final ThisVm vm;
  private final Measurement measurement;
  private final Front front;
  private final Progress progress;

  /** What runs, or is being started. */
  private volatile @Nullable Started started;

  private record Started(Deployment deployment, VllmServer server) {}

  Rooms(ThisVm vm, Measurement measurement, Front front, Progress progress) {
    this.vm = vm;
    this.measurement = measurement;
    this.front = front;
    this.progress = progress;
  }

  @Override
  public Context context() throws StageFailure {
    vm.engines().prepare();
    Context read = ContextReader.read(vm.context().raw());
    read.warnings().forEach(log::warn);
    return read;
  }

  @Override
  public GpuInventory gpus() throws StageFailure {
    ServedModel.forget(vm.state().root());
    GpuInventory found =
        VllmServer.endLeftOver(vm.state().root())
            ? FreedMemory.afterKill(vm.gpus()::detect)
            : vm.gpus().detect();
    found.notes().forEach(log::info);
    return found;
  }

  @Override
  public ModelFacts model(Context context) throws StageFailure, InterruptedException {
    return new ModelReader(HubClient.of(vm.engines())).read(context.model());
  }

  @Override
  public LaunchPlan plan(Context context, GpuInventory inventory, ModelFacts model)
      throws StageFailure {
    LaunchPlan made = new Planner().plan(context, inventory, model);
    made.reasons().forEach(log::info);
    return made;
  }

  @Override
  public RunningDeployment serve(Deployment deployment) throws StageFailure, InterruptedException {
    requireProgram("vllm");
    Context context = deployment.context();
    LaunchPlan plan = deployment.plan();
    front.start(context.serving().api().port(), plan.command().port());
    ServerStart start =
        ServerStart.untilReady(
            plan,
            context,
            ServeSettings.of(vm.engines(), vm.state(), plan.command().port(), vm.secrets()),
            context.serving().startupTimeout(),
            progress,
            server -> started = new Started(deployment, server));
    StartupFacts facts = start.server().facts();
    ServedModel served =
        new ServedModel(
            ServedModel.settings(context),
            start.plan(),
            PredictionCheck.of(start.plan(), facts.kvCacheTokens(), facts.modelMemoryGib()),
            deployment.inventory().machine(),
            facts.version().orElse(""),
            deployment.inventory().driverVersion(),
            publicUrl(context, "/report/"));
    return new RunningDeployment(
        deployment.startedAs(start.plan()),
        start.server(),
        served,
        api(context, start.server()),
        start.remedy());
  }

  @Override
  public RunningDeployment adopt(RunningDeployment running, Deployment deployment) {
    Context context = deployment.context();
    ServedModel served = running.served().with(context, publicUrl(context, "/report/"));
    served.write(vm.state().root());
    return new RunningDeployment(
        deployment, running.server(), served, api(context, running.server()), running.remedy());
  }

  @Override
  public Certificate benchmark(RunningDeployment running)
      throws StageFailure, InterruptedException {
    return measurement.measure(running.subject(), progress);
  }

  @Override
  public void end() {
    ServedModel.forget(vm.state().root());
    Started running = started;
    started = null;
    if (running == null) {
      return;
    }
    if (!running.server().stop()) {
      log.error("processes of vLLM are left after SIGKILL");
    }
    Deployment deployment = running.deployment();
    if (!deployment.plan().layout().gpus().isEmpty()) {
      FreedMemory.await(
              deployment.inventory(), deployment.plan().layout().gpus(), vm.gpus()::detect)
          .ifPresent(log::error);
    }
  }

  @Override
  public void close() {
    if (!front.end()) {
      log.error("processes of nginx are left after SIGKILL");
    }
    end();
  }

  @Override
  public void reached(Stage stage) {
    front.reached(stage);
  }

  @Override
  public Optional<OpenNebulaAccess> openNebulaAccess() {
    return Optional.of(
            OpenNebulaAccessReader.read(
                vm.context().raw(), vm.context().oneGateToken(), vm.secrets()))
        .filter(access -> access.vmId().isPresent());
  }

  @Override
  public boolean isBenchmarkDue(RunningDeployment running) {
    return measurement.isDue(running.subject());
  }

  @Override
  public Optional<String> missingCertificate(RunningDeployment running) {
    return measurement.missingCertificate(running.subject());
  }

  @Override
  public int finishedBenchmarks() {
    return measurement.finished();
  }

  @Override
  public boolean isMeasuredElsewhere() {
    return measurement.isRunningElsewhere();
  }

  private String api(Context context, RunningServer server) {
    return publicUrl(context, "/v1").orElseGet(() -> server.endpoint().resolve("/v1").toString());
  }

  /** Where users reach {@code path}; nothing when vLLM answers on loopback alone. */
  private Optional<String> publicUrl(Context context, String path) {
    return front.isPublic()
        ? Optional.of(
            Text.format(
                "http://%s:%d%s",
                VmAddress.of(vm.context().raw()), context.serving().api().port(), path))
        : Optional.empty();
  }

  private void requireProgram(String name) throws StageFailure {
    Path program = vm.engines().program(name);
    if (!Files.isExecutable(program)) {
      throw new StageFailure(
          Stage.LOADING,
          Category.INTERNAL,
          "there is no program " + program + ": give the folder of the engines with --engines");
    }
  }
}
