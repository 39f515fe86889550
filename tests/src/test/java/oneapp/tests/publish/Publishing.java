package oneapp.tests.publish;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import oneapp.agent.context.OpenNebulaAccess;
import oneapp.agent.data.Secrets;
import oneapp.agent.publish.DeliveryReport;
import oneapp.agent.publish.Publisher;
import oneapp.agent.publish.ResultRecord;
import oneapp.agent.stage.Stage;

/**
 * A process that publishes results, to be killed at any moment. It says the number of each result
 * once the publisher has taken it, and DONE when all is delivered.
 */
final class Publishing {
  private Publishing() {}

  /** Arguments: endpoint, user:password, VM, folder, first number, number after the last. */
  public static void main(String[] args) {
    OpenNebulaAccess reach =
        new OpenNebulaAccess(
            OptionalInt.of(Integer.parseInt(args[2])),
            Optional.of(URI.create(args[0])),
            Optional.of(args[1]),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            EnumSet.allOf(OpenNebulaAccess.Target.class));
    try (Publisher publisher =
        new Publisher(reach, new Secrets(), Path.of(args[3]), Site.QUICK, InstantSource.system())) {
      System.out.println("READY");
      for (int i = Integer.parseInt(args[4]); i < Integer.parseInt(args[5]); i++) {
        if (publisher.result(result(i))) {
          System.out.println(i);
        }
      }
      publisher.state(Site.state(Stage.STOPPED, "all published"));
      DeliveryReport report = publisher.flush(Site.PATIENCE);
      System.out.println(report.isComplete() ? "DONE" : report);
    }
  }

  static String key(int number) {
    return "VLLM_RESULT_%08X".formatted(number);
  }

  static ResultRecord result(int number) {
    return new ResultRecord(
        "r" + number,
        Site.NOW.plusSeconds(number),
        Map.of("VLLM_RESULT_ID", "r" + number),
        key(number),
        Map.of("MODEL", "a/model", "RPS", "5.8"));
  }
}
