package oneapp.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessGroupTest {
  private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private ProcessGroup sh(String script) throws IOException {
    return ProcessGroup.start(new Command(List.of("sh", "-c", script), PATH), lines::add);
  }

  private String line() throws InterruptedException {
    return String.valueOf(lines.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void givesLinesAndExitCode() throws Exception {
    ProcessGroup group = sh("echo one; printf 'two\\rthree\\r\\n'; exit 7");
    assertThat(group.exit().get(20, TimeUnit.SECONDS)).isEqualTo(7);
    assertThat(lines).containsExactly("one", "two", "three");
  }

  @Test
  void theEnvironmentIsBuiltFromNothing() throws Exception {
    Command env = new Command(List.of("/usr/bin/env"), Map.of("ONLY", "this"));
    ProcessGroup.start(env, lines::add).exit().get(20, TimeUnit.SECONDS);
    assertThat(lines).contains("ONLY=this").noneMatch(text -> text.startsWith("HOME="));
  }

  @Test
  void aMissingProgramIsExitCode127() throws Exception {
    ProcessGroup group =
        ProcessGroup.start(new Command(List.of("/no/such/program"), PATH), lines::add);
    assertThat(group.exit().get(20, TimeUnit.SECONDS)).isEqualTo(127);
    assertThat(line()).contains("/no/such/program");
  }

  @Test
  void stopEndsAGroupThatIgnoresTerm() throws Exception {
    ProcessGroup group =
        sh("trap '' TERM; sh -c 'trap \"\" TERM; echo up; while :; do sleep 1; done' & wait; wait");
    assertThat(line()).isEqualTo("up");
    assertThat(group.alive()).hasSizeGreaterThanOrEqualTo(3);
    assertThat(group.stop(Duration.ofMillis(100))).isTrue();
    assertThat(group.alive()).isEmpty();
    assertThat(group.exit().get(20, TimeUnit.SECONDS)).isEqualTo(128 + 9);
  }

  @Test
  void termIsEnoughForAPoliteGroup() throws Exception {
    ProcessGroup group =
        sh("exec 2>/dev/null; trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.05; done");
    assertThat(line()).isEqualTo("up");
    assertThat(group.stop(Duration.ofSeconds(20))).isTrue();
    assertThat(line()).isEqualTo("bye");
    assertThat(group.exit().get(20, TimeUnit.SECONDS)).isEqualTo(3);
  }

  @Test
  void orphansOfACrashedFirstProcessAreKilled() throws Exception {
    ProcessGroup group = sh("sleep 600 & echo up; kill -KILL $$");
    assertThat(line()).isEqualTo("up");
    assertThat(group.exit().get(20, TimeUnit.SECONDS)).isEqualTo(128 + 9);
    assertThat(group.alive()).isEmpty();
  }

  @Test
  void aMemberThatLeftTheGroupIsKilledWithTheSession() throws Exception {
    ProcessGroup group = sh("exec 2>/dev/null; set -m; sleep 600 & echo up; wait");
    assertThat(line()).isEqualTo("up");
    assertThat(group.stop(Duration.ofMillis(100))).isTrue();
    assertThat(group.alive()).isEmpty();
  }

  @Test
  void aLineWithoutEndIsCut() throws Exception {
    ProcessGroup group = sh("head -c 1000000 /dev/zero | tr '\\0' x; echo; echo after");
    group.exit().get(20, TimeUnit.SECONDS);
    assertThat(line()).hasSize(LinePump.MAX_LINE_BYTES + " [line cut]".length());
    assertThat(line()).isEqualTo("after");
  }

  @Test
  void captureKeepsWhatWasPrintedBeforeTheDeadline() throws Exception {
    Command slow = new Command(List.of("sh", "-c", "echo first; sleep 600"), PATH);
    Capture.Output output = Capture.run(slow, Duration.ofSeconds(1), 1000);
    assertThat(output.timedOut()).isTrue();
    assertThat(output.output()).isEqualTo("first\n");
  }

  @Test
  void captureSeparatesOutputFromErrorsAndBoundsThem() throws Exception {
    Command both =
        new Command(List.of("sh", "-c", "echo out; echo err >&2; yes | head -n 9999"), PATH);
    Capture.Output output = Capture.run(both, Duration.ofSeconds(20), 100);
    assertThat(output.output()).startsWith("out\ny\n").hasSizeLessThanOrEqualTo(100);
    assertThat(output.errors()).isEqualTo("err\n");
  }
}
