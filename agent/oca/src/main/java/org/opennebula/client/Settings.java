package org.opennebula.client;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

/** The limits of a client, from the system properties {@code oneapp.oca.*}. */
record Settings(
    Duration connectTimeout,
    Duration readTimeout,
    Duration totalTimeout,
    int maxTries,
    Duration retryDelay,
    int maxReplyBytes,
    Optional<Path> caFile) {
  private static final String PREFIX = "oneapp.oca.";

  static Settings from(Properties properties) throws ClientConfigurationException {
    return new Settings(
        Duration.ofMillis(number(properties, "connect_timeout_ms", 5_000)),
        Duration.ofMillis(number(properties, "read_timeout_ms", 15_000)),
        Duration.ofMillis(number(properties, "total_timeout_ms", 30_000)),
        number(properties, "max_tries", 3),
        Duration.ofMillis(number(properties, "retry_delay_ms", 500)),
        number(properties, "max_reply_bytes", 16 << 20),
        path(properties, "ca_file"));
  }

  private static int number(Properties properties, String name, int fallback)
      throws ClientConfigurationException {
    String text = properties.getProperty(PREFIX + name, "").strip();
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      int number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below, together with a number that is too small.
    }
    throw new ClientConfigurationException(
        PREFIX + name + " is \"" + text + "\"; a whole number above 0 is expected");
  }

  private static Optional<Path> path(Properties properties, String name)
      throws ClientConfigurationException {
    String text = properties.getProperty(PREFIX + name, "").strip();
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      throw new ClientConfigurationException(PREFIX + name + " is no path");
    }
  }
}
