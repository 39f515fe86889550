package oneapp.agent.cli;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.util.concurrent.Callable;
import oneapp.agent.Measurement;
import oneapp.agent.Subject;
import oneapp.agent.ThisVm;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.context.Context;
import oneapp.agent.context.ContextReader;
import oneapp.agent.context.ContextSource;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.context.OpenNebulaAccessReader;
import oneapp.agent.data.Secrets;
import oneapp.agent.data.Text;
import oneapp.agent.process.Signals;
import oneapp.agent.publish.DeliveryReport;
import oneapp.agent.publish.Publisher;
import oneapp.agent.publish.report.TextReport;
import oneapp.agent.serve.Endpoint;
import oneapp.agent.serve.ServedModel;
import oneapp.agent.serve.VllmServer;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.Outcome;
import oneapp.agent.stage.StageFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vllm-agent benchmark}: measures the server that the daemon keeps running. */
@Command(
    name = "benchmark",
    mixinStandardHelpOptions = true,
    description = "Measures the running server, prints the certificate and publishes it.")
public final class BenchmarkCommand implements Callable<Integer> {
  /** As a shell says of a program that Ctrl-C ended. */
  static final int INTERRUPTED = 130;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** How long the end may take after Ctrl-C: GuideLLM's grace and the kill. */
  private static final Duration END = Duration.ofSeconds(60);

  @Mixin PlaceOptions places = new PlaceOptions();

  @Mixin ReferenceOptions rows = new ReferenceOptions();

  @Mixin Overrides overrides = new Overrides();

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "How long to wait for the end of a benchmark that runs (${DEFAULT-VALUE}).")
  int wait;

  @Option(
      names = "--exit-by-verdict",
      description = "Exit with 0 for CERTIFIED only; the other codes are in docs/exit-codes.md.")
  boolean exitByVerdict;

  @Spec CommandSpec spec;

  private volatile boolean stopped;

  @Override
  public Integer call() {
    places.requireOwner(spec, "run /root/benchmark.sh, or this as that user");
    Secrets secrets = new Secrets();
    ContextSource context = places.context();
    OpenNebulaAccess access =
        OpenNebulaAccessReader.read(context.raw(), context.oneGateToken(), secrets);
    Logging.configure(secrets, Level.ERROR, false);
    Console console = Console.standard(secrets);
    Thread worker = Thread.currentThread();
    Signals signals =
        Signals.install(
            () -> {
              stopped = true;
              worker.interrupt();
            },
            END);
    int code = Category.INTERNAL.exitCode();
    try (Publisher publisher = new Publisher(access, secrets, places.state)) {
      code = measured(publisher, access, secrets, console);
      return code;
    } finally {
      console.rest();
      signals.ended(code);
    }
  }

  private int measured(
      Publisher publisher, OpenNebulaAccess access, Secrets secrets, Console console) {
    ThisVm vm = places.vm(secrets);
    Measurement measurement =
        new Measurement(
            vm, publisher, access.vmId(), () -> rows.references().standards(console::note));
    try {
      Certificate certificate = certificate(vm, measurement, console);
      console.note(TextReport.render(certificate).stripTrailing());
      console.note("report and signed certificate: " + measurement.folder(certificate));
      DeliveryReport report = publisher.flush(PATIENCE);
      Outcome outcome = report.judged(Outcome.GOOD);
      int code = said(outcome, secrets);
      return code == 0 && exitByVerdict ? ExitStatus.of(certificate.state()).exitCode() : code;
    } catch (InterruptedException e) {
      return interrupted(measurement, console);
    } catch (StageFailure e) {
      console.rest();
      return stopped ? interrupted(measurement, console) : said(Outcome.failed(e), secrets);
    }
  }

  private Certificate certificate(ThisVm vm, Measurement measurement, Console console)
      throws StageFailure, InterruptedException {
    Context asked = asked(vm); // Wrong options are refused before anything is waited for.
    measurement.awaitTurn(Duration.ofSeconds(wait));
    vm.engines().prepare();
    Context context = ContextReader.read(vm.context().raw());
    ServedModel served = ServedModel.as(context, vm.state().root());
    Endpoint endpoint = Endpoint.of(served.plan(), context);
    VllmServer.requireAnswering(endpoint);
    boolean asTheContextSays = asked.benchmark().equals(context.benchmark());
    return measurement.measure(
        new Subject(asked, served, endpoint, asTheContextSays), console::progress);
  }

  private Context asked(ThisVm vm) throws StageFailure {
    return ContextReader.read(vm.context().raw().with(overrides.values()));
  }

  private static int interrupted(Measurement measurement, Console console) {
    console.note(
        Text.format(
            "stopped; kept: %s, from which the next benchmark with the same settings goes on",
            Rounded.count(measurement.keptRuns(), "finished run")));
    return INTERRUPTED;
  }

  private int said(Outcome outcome, Secrets secrets) {
    if (!outcome.message().isEmpty()) {
      spec.commandLine().getErr().println("vllm-agent: " + secrets.redact(outcome.message()));
    }
    return outcome.exitCode();
  }
}
