package oneapp.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import oneapp.agent.data.Secrets;
import oneapp.agent.stage.Progress;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.State;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final Secrets secrets = new Secrets();

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static Progress.Update update(String text, double fraction, long seconds) {
    return new Progress.Update(
        text, OptionalDouble.of(fraction), Optional.of(Duration.ofSeconds(seconds)));
  }

  private static State ready(String reason) {
    return State.initial(Instant.EPOCH).at(Stage.READY, reason, Instant.EPOCH);
  }

  @Test
  void aTerminalShowsABarThatIsRewritten() {
    Console console = Console.on(out, true, secrets);
    console.progress(update("run 4/11", 0.5, 700));
    console.stage(ready("serving"));
    assertThat(printed())
        .isEqualTo(
            "\033[?7l  [############------------]  50 %  about 12 min left\n  run 4/11\033[?7h"
                + "\033[A\r\033[JREADY         serving\n");
  }

  @Test
  void figuresHaveALineOfTheirOwnAndNoneIsWiderThanSixtyColumns() {
    Console console = Console.on(out, true, secrets);
    Progress.Update update = update("run 10/11 at 123.4 req/s, 1000 of 1000 requests", 1, 5999);
    console.progress(
        new Progress.Update(
            update.text(),
            update.fraction(),
            update.left(),
            "117.4 req/s, TTFT 1061.8 ms, ITL 115.2 ms so far"));
    console.progress(update);
    assertThat(printed().replaceAll("\033\\[[?0-9]*[a-zA-Z]", "").lines())
        .hasSize(5)
        .allMatch(line -> line.length() < 60);
    assertThat(printed()).contains("\033[A\033[A\r\033[J");
  }

  @Test
  void plainLinesAreNewAndFarBetween() {
    AtomicLong nanos = new AtomicLong();
    Console console = new Console.PlainConsole(text -> out.print(text), nanos::get);
    console.progress(update("a", 0.1, 60));
    console.progress(update("b", 0.2, 50));
    nanos.addAndGet(Duration.ofSeconds(6).toNanos());
    console.progress(update("a", 0.1, 60));
    console.progress(update("c", 0.3, 40));
    assertThat(printed()).isEqualTo("  a, 10 %, about 60 s left\n  c, 30 %, about 40 s left\n");
  }

  @Test
  void noSecretIsPrinted() {
    secrets.add("alice:token-of-alice");
    Console console = Console.on(out, false, secrets);
    console.stage(ready("token-of-alice"));
    assertThat(printed()).isEqualTo("READY         [secret]\n");
  }
}
