package oneapp.agent;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import oneapp.agent.certify.Certificate;
import oneapp.agent.context.Context;
import oneapp.agent.context.ContextReader;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.context.OpenNebulaAccessReader;
import oneapp.agent.context.VmAddress;
import oneapp.agent.data.Secrets;
import oneapp.agent.data.Text;
import oneapp.agent.gpu.FreedMemory;
import oneapp.agent.gpu.GpuInventory;
import oneapp.agent.gpu.TemplateComparison;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.model.ModelReader;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.plan.Planner;
import oneapp.agent.plan.PredictionCheck;
import oneapp.agent.publish.PlanAttributes;
import oneapp.agent.publish.RequestRules;
import oneapp.agent.serve.Endpoint;
import oneapp.agent.serve.Front;
import oneapp.agent.serve.Remedy;
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

/**
 * The rooms of the line, and what each has found so far. The steps are called one after the other,
 * by one thread at a time; {@link #end} by any.
 */
public final class Deployment {
  private static final Logger log = LoggerFactory.getLogger(Deployment.class);

  private final Places places;
  private final Secrets secrets;
  private final Measurement measurement;
  private final Front front;
  private final Progress progress;

  private @Nullable Context context;
  private @Nullable GpuInventory inventory;
  private @Nullable ModelFacts model;
  private @Nullable LaunchPlan planned;
  private @Nullable LaunchPlan plan; // as started: a second try may differ from what was planned
  private volatile @Nullable ServedModel served;
  private volatile @Nullable VllmServer server;
  private String remedy = "";
  private String pciFindings = "";
  private boolean asTheContextSays = true;

  /** What a context asks for. */
  record Intent(Context context, ModelFacts model, LaunchPlan plan) {}

  public Deployment(
      Places places, Secrets secrets, Measurement measurement, Front front, Progress progress) {
    this.places = places;
    this.secrets = secrets;
    this.measurement = measurement;
    this.front = front;
    this.progress = progress;
  }

  /** How OpenNebula is reached now; nothing when the context does not even say which VM this is. */
  Optional<OpenNebulaAccess> reach() {
    return Optional.of(
            OpenNebulaAccessReader.read(places.rawContext(), places.oneGateToken(), secrets))
        .filter(read -> read.vmId().isPresent());
  }

  public Context context() throws StageFailure {
    places.settle();
    Context read = read();
    context = read;
    return read;
  }

  private Context read() throws StageFailure {
    Context read = ContextReader.read(places.rawContext());
    read.warnings().forEach(log::warn);
    return read;
  }

  /** The GPUs, when nothing of an agent that was killed holds them any more. */
  GpuInventory gpus() throws StageFailure {
    ServedModel.forget(places.state);
    GpuInventory found =
        VllmServer.endLeftOver(places.state) ? FreedMemory.afterKill(this::detect) : detect();
    found.notes().forEach(log::info);
    inventory = found;
    return found;
  }

  private GpuInventory detect() {
    return places.gpuDetector().detect();
  }

  ModelFacts model() throws StageFailure, InterruptedException {
    ModelFacts read = read(known(context).model());
    model = read;
    return read;
  }

  private ModelFacts read(Context.Model asked) throws StageFailure, InterruptedException {
    return new ModelReader(places.hub()).read(asked);
  }

  LaunchPlan plan() throws StageFailure {
    LaunchPlan made = plan(known(context), known(model));
    planned = made;
    plan = made;
    return made;
  }

  private LaunchPlan plan(Context asked, ModelFacts facts) throws StageFailure {
    LaunchPlan made = new Planner().plan(asked, known(inventory), facts);
    made.reasons().forEach(log::info);
    return made;
  }

  /** Takes what the daemon of this VM serves for what this process does. */
  public void adopt() throws StageFailure {
    served = ServedModel.as(known(context), places.state);
  }

  /** True when there is something to compare a changed context with. */
  boolean isPlanned() {
    return planned != null;
  }

  /**
   * Reads and plans anew, and changes nothing. The GPUs are those that were found at the start:
   * their memory now is full of what runs.
   */
  Intent planAgain() throws StageFailure, InterruptedException {
    Context read = read();
    ModelFacts facts = read(read.model());
    return new Intent(read, facts, plan(read, facts));
  }

  /** True when vLLM would be started otherwise than it was. */
  boolean needsRestart(Intent next) {
    LaunchPlan before = known(planned);
    return !before.argv().equals(next.plan().argv())
        || !before.environment().equals(next.plan().environment())
        || !known(context).serving().apiKey().equals(next.context().serving().apiKey());
  }

  /** True when a benchmark would measure or judge otherwise. */
  boolean needsMeasuring(Intent next) {
    return !known(context).benchmark().equals(next.context().benchmark());
  }

  /** From now on this is what is served; a running server that fits it goes on. */
  void take(Intent next) {
    if (needsRestart(next)) {
      plan = next.plan();
      remedy = "";
    }
    context = next.context();
    model = next.model();
    planned = next.plan();
  }

  /** Starts vLLM and waits until it really serves; when that fails, nothing of it is left. */
  VllmServer serve() throws StageFailure, InterruptedException {
    requireProgram("vllm");
    front.start(known(context).serving().apiPort(), known(plan).port());
    ServerStart start =
        ServerStart.untilReady(
            known(plan),
            known(context),
            places.serveSettings(secrets, known(plan).port()),
            known(context).serving().startupTimeout(),
            progress,
            running -> server = running);
    plan = start.plan();
    remedy = start.remedy().map(Remedy::sentence).orElse("");
    StartupFacts facts = start.server().facts();
    served =
        new ServedModel(
            ServedModel.settings(known(context)),
            start.plan(),
            PredictionCheck.of(start.plan(), facts.kvCacheTokens(), facts.modelMemoryGib()),
            known(inventory).machine(),
            facts.version().orElse(""),
            known(inventory).driverVersion(),
            publicReport());
    return start.server();
  }

  /** Notes what is served now for the command that measures it; call it only while it is. */
  void note() {
    ServedModel now = known(served).with(known(context), publicReport());
    served = now;
    now.write(places.state);
  }

  Certificate benchmark() throws StageFailure, InterruptedException {
    return measurement.measure(subject(known(server).endpoint()), progress);
  }

  /** Measures the server that the daemon of this VM keeps running. */
  public Certificate benchmarkAdopted() throws StageFailure, InterruptedException {
    Endpoint endpoint = Endpoint.of(known(served).plan(), known(context));
    VllmServer.requireAnswering(endpoint);
    return measurement.measure(subject(endpoint), progress);
  }

  /** Measures as {@code other} says. */
  public void measureAs(Context other) {
    asTheContextSays = other.benchmark().equals(known(context).benchmark());
    context = other;
  }

  /** True while the command measures the server: it must have it alone. */
  boolean isMeasuredByTheCommand() {
    return measurement.isRunningElsewhere();
  }

  /** How many benchmarks were finished in this VM, by whoever ran them. */
  int finishedBenchmarks() {
    return measurement.finished();
  }

  /** True when the context asks for a benchmark now. */
  boolean benchmarkIsDue() {
    return switch (known(context).benchmark().when()) {
      case NEVER -> false;
      case ALWAYS -> !measurement.isMeasured(subject(known(server).endpoint()));
      case ONCE -> !measurement.isDone(subject(known(server).endpoint()));
    };
  }

  /** Why there is no certificate of what is served now; nothing when there is one. */
  Optional<String> missingCertificate() {
    Subject subject = subject(known(server).endpoint());
    Context.When when = known(context).benchmark().when();
    // Who never measures by the context takes what the command measured, with whatever settings.
    if (when == Context.When.NEVER
        ? measurement.isOfServer(subject)
        : measurement.isDone(subject)) {
      return Optional.empty();
    }
    measurement.withdraw();
    return Optional.of(
        switch (when) {
          case NEVER -> "ONEAPP_VLLM_BENCHMARK is NEVER";
          case ONCE, ALWAYS -> "not measured yet";
        });
  }

  /** When benchmarks are accepted from outside. */
  RequestRules requestRules() {
    Context.Benchmark asked = known(context).benchmark();
    return new RequestRules(asked.when() != Context.When.NEVER, asked.minInterval());
  }

  private Subject subject(Endpoint endpoint) {
    return new Subject(known(context), known(served), endpoint, asTheContextSays);
  }

  /** Attributes of the VM that the plan decides. */
  Map<String, String> planFacts() {
    return PlanAttributes.of(known(context), known(plan), pciFindings);
  }

  /** Compares what OpenNebula gave the VM with what it sees; true when they differ. */
  boolean differsFrom(List<String> pciIds) {
    List<String> findings = TemplateComparison.findings(pciIds, known(inventory));
    findings.forEach(log::warn);
    pciFindings = String.join("; ", findings);
    return !findings.isEmpty();
  }

  /** Attributes of the VM that only a running server has. */
  Map<String, String> serverFacts() {
    String api =
        front.isPublic() ? publicUrl("/v1") : known(server).endpoint().resolve("/v1").toString();
    Map<String, String> facts = new TreeMap<>(planFacts()); // a second try may have changed them
    facts.put("VLLM_ENDPOINT", api);
    facts.put("ONEAPP_VLLM_CHATBOT_API", api);
    facts.put("VLLM_VERSION", known(served).vllm());
    return facts;
  }

  private Optional<String> publicReport() {
    return front.isPublic() ? Optional.of(publicUrl("/report/")) : Optional.empty();
  }

  private String publicUrl(String path) {
    return Text.format(
        "http://%s:%d%s",
        VmAddress.of(places.rawContext()), known(context).serving().apiPort(), path);
  }

  /** {@code starting vLLM for MODEL on the CPU}. */
  String loadingReason() {
    return "starting vLLM for " + known(context).model() + " on " + device();
  }

  /** {@code serving MODEL on the CPU, because ...}. */
  String servingReason() {
    String serving = "serving " + known(context).model() + " on " + device();
    return remedy.isEmpty() ? serving : serving + "; second try: " + remedy;
  }

  private void requireProgram(String name) throws StageFailure {
    Path program = places.program(name);
    if (!Files.isExecutable(program)) {
      throw new StageFailure(
          Stage.LOADING,
          Category.INTERNAL,
          Text.format(
              "there is no program %s: give the folder of the engines with --engines", program));
    }
  }

  private String device() {
    return PlanAttributes.device(known(plan));
  }

  /** The line has come to rest at {@code stage}; see {@link Front#settled}. */
  void settled(Stage stage) {
    front.settled(stage);
  }

  /** Ends vLLM and what stands before it. */
  void close() {
    if (!front.end()) {
      log.error("processes of nginx are left after SIGKILL");
    }
    end();
  }

  /** Ends vLLM with all its processes, and waits until its GPU memory is free. */
  void end() {
    ServedModel.forget(places.state);
    VllmServer running = server;
    server = null;
    if (running == null) {
      return;
    }
    if (!running.stop()) {
      log.error("processes of vLLM are left after SIGKILL");
    }
    if (!known(plan).gpus().isEmpty()) {
      FreedMemory.await(known(inventory), known(plan).gpus(), this::detect).ifPresent(log::error);
    }
  }

  private static <T> T known(@Nullable T value) {
    return Objects.requireNonNull(value, "a step of the line was left out");
  }
}
