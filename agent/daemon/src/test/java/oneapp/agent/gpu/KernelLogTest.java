package oneapp.agent.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelLogTest {
  private static final List<String> LOG = List.of("echo", "[ 1.0] Linux version 6");

  private static KernelLog log(List<List<String>> readers) {
    return new KernelLog(readers);
  }

  @Test
  void theFirstCommandThatMayReadIsTaken() {
    assertThat(log(List.of(LOG, List.of("echo", "not asked"))).read())
        .contains("[ 1.0] Linux version 6\n");
    List<String> missing = List.of("/no/such/dmesg");
    List<String> refused = List.of("sh", "-c", "echo half a log; exit 1");
    List<String> empty = List.of("true");
    assertThat(log(List.of(missing, refused, empty, LOG)).read()).isPresent();
    assertThat(log(List.of(missing, refused, empty)).read()).isEmpty();
  }

  @Test
  void anErrorBehindMoreThanFitsIsFound() {
    String much =
        "echo first; yes '[ 2.0] [UFW BLOCK] IN=eth0 OUT= SRC=10.0.0.1' | head -c 9000000; echo;"
            + " echo '[ 9.0] NVRM: Xid (PCI:0000:9b:00): 79, GPU has fallen off the bus.'";
    assertThat(log(List.of(List.of("sh", "-c", much))).read())
        .contains("first\n[ 9.0] NVRM: Xid (PCI:0000:9b:00): 79, GPU has fallen off the bus.\n");
  }

  @Test
  void anInterruptionEndsTheReading() {
    Thread.currentThread().interrupt();
    assertThat(log(List.of(List.of("sleep", "60"), LOG)).read()).isEmpty();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void errorsOfTheDriverAreSaidOncePerGpu() {
    assertThat(
            KernelLog.notes(
                """
                [ 5.0] NVRM: Xid (PCI:0000:9b:00): 31, pid=8, name=python
                [ 6.0] NVRM: Xid (PCI:0000:9b:00): 79, GPU has fallen off the bus.
                [ 7.0] NVRM: loading NVIDIA UNIX Open Kernel Module
                """))
        .containsExactly(
            "the kernel log has Xid 31 (memory page fault), 79 (the GPU has fallen off the bus) for the GPU at"
                + " 0000:9b:00: power the VM off and on before trusting it");
  }

  @ParameterizedTest
  @ValueSource(ints = {13, 31, 43, 45, 68, 109})
  void errorsOfTheApplicationDoNotCondemnTheGpu(int number) {
    assertThat(new Xid("0000:9b:00", number).isOfHardware()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {48, 79, 95, 119, 1, 777, 9999})
  void allOthersAreOfTheHardwareEvenUnknownOnes(int number) {
    assertThat(new Xid("0000:9b:00", number).isOfHardware()).isTrue();
  }

  @Test
  void anUnknownErrorIsNoReasonToTrustTheGpu() {
    assertThat(KernelLog.notes("[ 5.0] NVRM: Xid (PCI:0000:9b:00): 777, pid=8, name=python"))
        .containsExactly(
            "the kernel log has Xid 777 for the GPU at 0000:9b:00: power the VM off and on before"
                + " trusting it");
  }

  @Test
  void aNumberThatIsTooLongIsNoError() {
    assertThat(Xid.in("NVRM: Xid (PCI:0000:9b:00): 123456, x")).isEmpty();
    assertThat(Xid.in("NVRM: Xid (PCI:0000:9b:00): 79, x")).contains(new Xid("0000:9b:00", 79));
  }
}
