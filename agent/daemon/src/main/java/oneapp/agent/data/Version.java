package oneapp.agent.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The agent's own version, written into the jar by the build. */
public final class Version {
  public static final String AGENT = read();

  private Version() {}

  private static String read() {
    try (InputStream in = Version.class.getResourceAsStream("/oneapp/agent/version")) {
      if (in == null) {
        throw new IllegalStateException("the jar has no version");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("reading the version from the jar", e);
    }
  }
}
