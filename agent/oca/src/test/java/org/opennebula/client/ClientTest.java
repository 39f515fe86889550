package org.opennebula.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opennebula.client.template.Template;
import org.opennebula.client.user.User;
import org.opennebula.client.vm.VirtualMachine;

@Timeout(60)
class ClientTest {
  private static final RawServer.Answer YES = RawServer.reply(Clients.success("<value>x</value>"));

  private static RawServer.Answer failingFirst(int failures, AtomicInteger calls) {
    return (out, connection) -> {
      if (calls.incrementAndGet() > failures) {
        YES.send(out, connection);
      }
    };
  }

  @Test
  void sendsOneClosedRequestWithALength() throws Exception {
    try (RawServer server = new RawServer(YES)) {
      Clients.of(server, Clients.PATIENT).call("vm.info", 1);
      assertThat(server.heads())
          .singleElement()
          .asString()
          .startsWith("post /rpc2 http/1.1\r\n")
          .contains("content-type: text/xml; charset=utf-8\r\n")
          .contains("content-length: " + server.bodies().getFirst().length + "\r\n")
          .doesNotContain("transfer-encoding", "upgrade", "alice");
    }
  }

  @Test
  void sendsOneCallAtATime() throws Exception {
    AtomicInteger atOnce = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    RawServer.Answer slow =
        (out, connection) -> {
          most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
          Thread.sleep(5);
          atOnce.decrementAndGet();
          YES.send(out, connection);
        };
    try (RawServer server = new RawServer(slow)) {
      Client client = Clients.of(server, Clients.PATIENT);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        threads.add(Thread.ofVirtual().start(() -> client.call("vm.info", 1)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(server.heads()).hasSize(8);
      assertThat(most).hasValue(1);
    }
  }

  @Test
  void closesTheConnectionThoughTheServerWouldKeepIt() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    RawServer.Answer keeping =
        (out, connection) -> {
          String reply = Clients.success("<value>x</value>");
          String head = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n".formatted(reply.length());
          out.write((head + reply).getBytes(StandardCharsets.UTF_8));
          RawServer.untilClientLeaves(connection);
          left.countDown();
        };
    try (RawServer server = new RawServer(keeping)) {
      assertThat(Clients.of(server, Clients.PATIENT).call("vm.info", 1).getMessage())
          .isEqualTo("x");
      assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aCallThatWaitsForAnotherHasADeadlineToo() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    RawServer.Answer silent =
        (out, connection) -> {
          first.countDown();
          RawServer.untilClientLeaves(connection);
        };
    try (RawServer server = new RawServer(silent)) {
      Duration limit = Duration.ofMillis(300);
      Client client = Clients.of(server, Clients.times(limit, Duration.ofSeconds(20), limit));
      Thread other = Thread.ofVirtual().start(() -> client.call("vm.info", 1));
      // Should the other be late, this call runs into the same silence and the same limit.
      boolean _ = first.await(5, TimeUnit.SECONDS);
      assertThat(client.call("vm.info", 2).getErrorMessage())
          .isEqualTo("Failed to read server's response: not complete within 300 ms");
      other.join();
    }
  }

  @Test
  void readsAndMergesAreTriedAgain() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (RawServer server = new RawServer(failingFirst(2, calls))) {
      Client client = Clients.of(server, Clients.tries(3));
      assertThat(VirtualMachine.info(client, 1).getMessage()).isEqualTo("x");
      calls.set(0);
      assertThat(VirtualMachine.update(client, 1, "A=b", true).isError()).isFalse();
      calls.set(0);
      assertThat(Template.update(client, 1, "A=b", true).isError()).isFalse();
      calls.set(0);
      assertThat(User.update(client, 1, "A=b", true).isError()).isFalse();
      assertThat(server.heads()).hasSize(12);
    }
  }

  @Test
  void nothingElseIsTriedAgain() throws Exception {
    try (RawServer server = new RawServer(failingFirst(Integer.MAX_VALUE, new AtomicInteger()))) {
      Client client = Clients.of(server, Clients.tries(3));
      assertThat(VirtualMachine.update(client, 1, "A=b", false).isError()).isTrue();
      assertThat(Template.update(client, 1, "A=b", false).isError()).isTrue();
      assertThat(User.update(client, 1, "A=b", false).isError()).isTrue();
      assertThat(client.call("vm.action", "terminate", 1).isError()).isTrue();
      assertThat(server.heads()).hasSize(4);
    }
  }

  @Test
  void triesAreLimited() throws Exception {
    try (RawServer server = new RawServer(failingFirst(Integer.MAX_VALUE, new AtomicInteger()))) {
      assertThat(Clients.of(server, Clients.tries(3)).call("vm.info", 1).isError()).isTrue();
      assertThat(server.heads()).hasSize(3);
    }
  }

  @Test
  void whatOnedOrAProxyAnswersIsNotTriedAgain() throws Exception {
    try (RawServer server = new RawServer(RawServer.status("503 Busy", ""))) {
      assertThat(Clients.of(server, Clients.tries(3)).call("vm.info", 1).isError()).isTrue();
      assertThat(server.heads()).hasSize(1);
    }
  }

  @Test
  void delaysDouble() {
    Duration first = Duration.ofMillis(100);
    assertThat(Retry.delay(first, 1)).isBetween(Duration.ofMillis(50), Duration.ofMillis(150));
    assertThat(Retry.delay(first, 3)).isBetween(Duration.ofMillis(200), Duration.ofMillis(600));
  }

  @Test
  void anInterruptEndsTheCall() throws Exception {
    try (RawServer server = new RawServer(YES)) {
      Client client = Clients.of(server, Clients.PATIENT);
      Thread.currentThread().interrupt();
      assertThat(client.call("vm.info", 1).getErrorMessage())
          .isEqualTo("Failed to read server's response: interrupted");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void noTextHoldsTheSession() throws Exception {
    String echo =
        "<value><string>near alice:pass&amp;lt;&amp;amp;&amp;gt;word-17, that is"
            + " pass&lt;&amp;&gt;word-17</string></value>";
    String reply = Clients.array("<value><boolean>0</boolean></value>" + echo);
    try (RawServer server = new RawServer(RawServer.reply(reply))) {
      OneResponse response = Clients.of(server, Clients.PATIENT).call("vm.info", 1);
      assertThat(response.getErrorMessage()).isEqualTo("near ***, that is ***");
    }
  }

  @Test
  void illegalTextIsNotSent() throws Exception {
    try (RawServer server = new RawServer(YES)) {
      Client client = Clients.of(server, Clients.PATIENT);
      assertThat(VirtualMachine.update(client, 7, "A=\"\u0007\"", true).getErrorMessage())
          .isEqualTo(
              "Failed to generate request: argument 2 of one.vm.update holds U+0007, which XML does"
                  + " not allow");
      assertThat(server.heads()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n", "alice:se\u0001cret"})
  void refusesASessionString(String secret) {
    assertThatThrownBy(() -> new Client(secret, "http://localhost:2633/RPC2"))
        .isInstanceOf(ClientConfigurationException.class)
        .isInstanceOf(OneException.class)
        .hasMessageStartingWith("The authorization string ")
        .hasMessageNotContaining("cret");
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, The URL localhost is malformed.",
    "ftp://localhost/RPC2, The URL ftp://localhost/RPC2 is malformed.",
    "http://local host/, The URL http://local host/ is malformed.",
    "http://localhost:99999/, The URL http://localhost:99999/ is malformed.",
    "'', The URL  is malformed.",
    "http://u:topsecret@host/RPC2, The URL of oned must not hold a user or a password.",
  })
  void refusesAnEndpoint(String url, String text) {
    assertThatThrownBy(() -> Clients.of(url, Clients.PATIENT))
        .isInstanceOf(ClientConfigurationException.class)
        .hasMessage(text);
  }

  @Test
  void readsItsLimitsFromProperties() throws Exception {
    Properties properties = new Properties();
    assertThat(Settings.from(properties).totalTimeout()).isEqualTo(Duration.ofSeconds(30));
    properties.setProperty("oneapp.oca.total_timeout_ms", " 1500 ");
    properties.setProperty("oneapp.oca.max_reply_bytes", "1000");
    properties.setProperty("oneapp.oca.ca_file", "/etc/ca.pem");
    Settings settings = Settings.from(properties);
    assertThat(settings.totalTimeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(settings.maxReplyBytes()).isEqualTo(1000);
    assertThat(settings.caFile()).contains(Path.of("/etc/ca.pem"));
  }

  @Test
  void theReadmeNamesEveryPropertyAndItsDefault() throws Exception {
    Set<String> read = new TreeSet<>();
    Properties stated =
        new Properties() {
          @Override
          public String getProperty(String name, String fallback) {
            read.add(name);
            return super.getProperty(name, fallback);
          }
        };
    Path readme = Path.of(System.getProperty("house"), "agent", "oca", "README.md");
    Matcher row =
        Pattern.compile("\\| `(oneapp\\.oca\\.\\w+)` \\| (\\S+) \\|")
            .matcher(Files.readString(readme));
    while (row.find()) {
      stated.setProperty(row.group(1), row.group(2).equals("(none)") ? "" : row.group(2));
    }
    assertThat(Settings.from(stated)).isEqualTo(Settings.from(new Properties()));
    assertThat(stated.stringPropertyNames()).isEqualTo(read);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "soon", "99999999999"})
  void refusesALimit(String text) {
    Properties properties = new Properties();
    properties.setProperty("oneapp.oca.max_tries", text);
    assertThatThrownBy(() -> Settings.from(properties))
        .isInstanceOf(ClientConfigurationException.class)
        .hasMessage("oneapp.oca.max_tries is \"" + text + "\"; a whole number above 0 is expected");
  }
}
