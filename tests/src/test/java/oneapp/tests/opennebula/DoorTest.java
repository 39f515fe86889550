package oneapp.tests.opennebula;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ports: limits of oned's web server, restarts, state on disk, and what is left at the end. */
class DoorTest {
  private static final String ALICE = "alice:alicepass-01";

  private static int vm(FakeOpenNebula one) {
    int alice = one.addUser("alice", "alicepass-01");
    return one.instantiate(one.addTemplate(alice, "tmpl", "CPU=1"), "vm");
  }

  private static Socket connect(FakeOpenNebula one) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), one.endpoint().getPort());
  }

  @Test
  void chunkedBodyIsRefused() throws IOException {
    try (FakeOpenNebula one = FakeOpenNebula.start()) {
      String head = "POST /RPC2 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
      Rpc.Answer answer = Rpc.send(one.endpoint(), head, new byte[0]);
      assertThat(answer.statusLine()).startsWith("HTTP/1.1 411 ");
      assertThat(answer.head()).contains("Connection: close");
    }
  }

  @Test
  void tooLargeABodyIsRefused() throws IOException {
    try (FakeOpenNebula one = FakeOpenNebula.start()) {
      String head = "POST /RPC2 HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n";
      assertThat(Rpc.send(one.endpoint(), head, new byte[0]).statusLine()).contains(" 413 ");
    }
  }

  /** Nobody is served before one of the idle connections has ended. */
  @Test
  void idleConnectionsKeepOthersWaiting() throws IOException {
    List<Socket> sockets = new ArrayList<>();
    Options options = Options.standard().withIdle(Duration.ofMillis(600));
    try (FakeOpenNebula one = FakeOpenNebula.start(options)) {
      for (int i = 0; i < Door.CONNECTIONS; i++) {
        sockets.add(connect(one));
      }
      String reply = Rpc.call(one.endpoint(), "one.system.version", "oneadmin:adminpass-0001");
      assertThat(reply).contains("7.4.0");
      assertThat(sockets).anyMatch(DoorTest::isEnded);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static boolean isEnded(Socket socket) {
    try {
      socket.setSoTimeout(1);
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void httpErrorsComeOnDemand() throws IOException {
    try (FakeOpenNebula one = FakeOpenNebula.start()) {
      one.faults().answerHttp(503, 1);
      byte[] none = new byte[0];
      assertThat(Rpc.post(one.endpoint(), "/RPC2", none).statusLine()).contains(" 503 ");
      assertThat(Rpc.post(one.endpoint(), "/RPC2", none).statusLine()).contains(" 200 OK");
    }
  }

  @Test
  void restartsOnTheSamePortsWithItsState() throws IOException {
    try (FakeOpenNebula one = FakeOpenNebula.start()) {
      int vm = vm(one);
      one.updateVm(vm, "A=1");
      one.stop();
      assertThatThrownBy(() -> Rpc.call(one.endpoint(), "one.system.version", ALICE))
          .isInstanceOf(IOException.class);
      one.restart();
      assertThat(Rpc.call(one.endpoint(), "one.vm.info", ALICE, vm)).contains("CDATA[1]");
    }
  }

  @Test
  void stateSurvivesInItsFile(@TempDir Path folder) throws IOException {
    Options options = Options.standard().withState(folder.resolve("state.json"));
    try (FakeOpenNebula one = FakeOpenNebula.start(options)) {
      Rpc.call(one.endpoint(), "one.vm.update", ALICE, vm(one), "A=1\nV=[B=2]", 1);
      Rpc.call(one.endpoint(), "one.vm.update", ALICE, 0, "C=3", 1);
    }
    try (FakeOpenNebula one = FakeOpenNebula.start(options)) {
      assertThat(one.userTemplate(0)).containsKeys("A", "C", "V");
      assertThat(Rpc.call(one.endpoint(), "one.vm.info", ALICE, 0)).contains("<boolean>1");
    }
  }

  @Test
  void damagedStateIsAnError(@TempDir Path folder) throws IOException {
    Path state = Files.writeString(folder.resolve("state.json"), "{");
    assertThatThrownBy(() -> FakeOpenNebula.start(Options.standard().withState(state)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(state.toString())
        .hasMessageContaining("damaged");
  }

  @Test
  void takenPortIsAnError() throws IOException {
    try (FakeOpenNebula one = FakeOpenNebula.start()) {
      Options same = Options.standard().withPort(one.endpoint().getPort());
      assertThatThrownBy(() -> FakeOpenNebula.start(same)).hasMessageContaining("taken");
    }
  }

  @Test
  void concurrentMergesAreEachWhole() throws Exception {
    try (FakeOpenNebula one = FakeOpenNebula.start();
        ExecutorService clients = Executors.newFixedThreadPool(8)) {
      int vm = vm(one);
      List<Future<String>> replies = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String text = "A" + i + "=1\nB" + i + "=1";
        replies.add(
            clients.submit(() -> Rpc.call(one.endpoint(), "one.vm.update", ALICE, vm, text, 1)));
      }
      for (Future<String> reply : replies) {
        assertThat(reply.get()).contains("<boolean>1</boolean>");
      }
      assertThat(one.userTemplate(vm)).hasSize(80);
    }
  }

  @Test
  void noThreadIsLeft() throws IOException {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    FakeOpenNebula one = FakeOpenNebula.start();
    one.faults().delay(Duration.ofHours(1));
    try (Socket idle = connect(one);
        Socket held = connect(one)) {
      held.getOutputStream()
          .write(
              "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(idle.isConnected()).isTrue();
      one.close();
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> !before.contains(thread))
        .extracting(Thread::getName)
        .noneMatch(name -> name.contains("Abyss") || name.contains("thin"));
  }
}
