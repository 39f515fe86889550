package oneapp.agent;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.util.concurrent.Callable;
import oneapp.agent.certify.Certificate;
import oneapp.agent.context.Reach;
import oneapp.agent.context.ReachReader;
import oneapp.agent.data.Secrets;
import oneapp.agent.publish.DeliveryReport;
import oneapp.agent.publish.Publisher;
import oneapp.agent.publish.report.TextReport;
import oneapp.agent.serve.Front;
import oneapp.agent.stage.StageFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code vllm-agent benchmark}: measures the server that the daemon keeps running. */
@Command(
    name = "benchmark",
    mixinStandardHelpOptions = true,
    description = "Measures the running server, prints the certificate and publishes it.")
final class BenchmarkCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Mixin Places places = new Places();

  @Mixin References references = new References();

  @Spec CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Secrets secrets = new Secrets();
    Reach reach = ReachReader.read(places.rawContext(), places.oneGateToken(), secrets);
    Logging.configure(secrets, Level.ERROR, false);
    Console console = Console.standard(secrets);
    try (Publisher publisher = new Publisher(reach, secrets, places.state)) {
      Standards standards = references.standards(console::note);
      Measurement measurement =
          new Measurement(places, secrets, publisher, reach.vmId(), standards);
      Line line = new Line(places, secrets, measurement, Front.NONE, console::progress);
      line.context();
      line.gpus();
      line.model();
      line.plan();
      Certificate certificate = line.benchmark(line.plannedEndpoint());
      console.note(TextReport.render(certificate).stripTrailing());
      DeliveryReport report = publisher.flush(PATIENCE);
      return said(Board.judged(Outcome.GOOD, report), secrets);
    } catch (StageFailure e) {
      return said(Outcome.failed(e), secrets);
    }
  }

  private int said(Outcome outcome, Secrets secrets) {
    if (!outcome.line().isEmpty()) {
      spec.commandLine().getErr().println("vllm-agent: " + secrets.redact(outcome.line()));
    }
    return outcome.exitCode();
  }
}
