package org.opennebula.client;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Clients and settings for tests: one try, limits far beyond what a local exchange takes. */
final class Clients {
  static final String SECRET = "alice:pass<&>word-17";
  static final Settings PATIENT =
      new Settings(
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(40),
          1,
          Duration.ofMillis(1),
          1 << 20,
          Optional.empty());

  private Clients() {}

  static Client of(RawServer server, Settings settings) throws ClientConfigurationException {
    return of(server.url(), settings);
  }

  static Client of(String url, Settings settings) throws ClientConfigurationException {
    return new Client(SECRET, url, settings);
  }

  static Settings tries(int tries) {
    return new Settings(
        PATIENT.connectTimeout(),
        PATIENT.readTimeout(),
        PATIENT.totalTimeout(),
        tries,
        PATIENT.retryDelay(),
        PATIENT.maxReplyBytes(),
        Optional.empty());
  }

  static Settings times(Duration connect, Duration read, Duration total) {
    return new Settings(
        connect, read, total, 1, PATIENT.retryDelay(), PATIENT.maxReplyBytes(), Optional.empty());
  }

  static String success(String value) {
    return array("<value><boolean>1</boolean></value>" + value + "<value><i4>0</i4></value>");
  }

  static String array(String values) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<methodResponse><params><param><value>"
        + "<array><data>"
        + values
        + "</data></array></value></param></params></methodResponse>";
  }

  static String error(OneResponse response) {
    @Nullable String text = response.getErrorMessage();
    return text == null ? "no error" : text;
  }
}
