package oneapp.tests.opennebula;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Passwords and login tokens: what opens the door, and until when. */
class SessionTest {
  private static final String REFUSED = "<i4>256</i4>";
  private static final String ACCEPTED = "<boolean>1</boolean>";

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-24T03:00:00Z"));
  private FakeOpenNebula one;

  @BeforeEach
  void start() throws IOException {
    InstantSource source = now::get;
    Clock clock = source.withZone(ZoneId.from(ZoneOffset.UTC));
    one = FakeOpenNebula.start(Options.standard().withClock(clock));
    one.addUser("alice", "alicepass-01");
  }

  @AfterEach
  void close() {
    one.close();
  }

  private String version(String secret) throws IOException {
    return Rpc.call(one.endpoint(), "one.system.version", "alice:" + secret);
  }

  @Test
  void tokenActsAsPasswordUntilItExpires() throws IOException {
    String token = one.issueToken("alice", Duration.ofSeconds(60));
    assertThat(version(token)).contains(ACCEPTED);
    now.updateAndGet(instant -> instant.plusSeconds(60));
    assertThat(version(token)).contains(REFUSED);
    assertThat(version("alicepass-01")).contains(ACCEPTED);
  }

  @Test
  void tokenCanBeExpiredAndRevoked() throws IOException {
    String first = one.issueToken("alice", Duration.ofDays(1));
    String second = one.issueToken("alice", Duration.ofDays(1));
    one.expireToken("alice", first);
    one.revokeToken("alice", second);
    assertThat(version(first)).contains(REFUSED);
    assertThat(version(second)).contains(REFUSED);
  }

  @Test
  void loginMakesAndDeletesATokenOfItsOwn() throws IOException {
    String session = "alice:alicepass-01";
    String reply = Rpc.call(one.endpoint(), "one.user.login", session, "alice", "", 60, -1);
    String token = reply.replaceAll("(?s).*<string>([0-9a-f]{64})</string>.*", "$1");
    assertThat(version(token)).contains(ACCEPTED);
    Rpc.call(one.endpoint(), "one.user.login", session, "alice", token, 0, -1);
    assertThat(version(token)).contains(REFUSED);
  }

  @Test
  void disabledUserIsRefused() throws IOException {
    one.setEnabled("alice", false);
    assertThat(version("alicepass-01")).contains(REFUSED);
    one.setEnabled("alice", true);
    assertThat(version("alicepass-01")).contains(ACCEPTED);
  }
}
