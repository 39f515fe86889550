package org.opennebula.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The session string {@code user:password}, which no text that leaves the client may hold. */
final class Session {
  private static final int SHORTEST_HIDDEN = 4;

  private final String secret;
  private final List<String> hidden;

  private Session(String secret) {
    this.secret = secret;
    this.hidden = hidden(secret);
  }

  /** The given secret, or the first line of {@code $ONE_AUTH}, else of ~/.one/one_auth. */
  static Session of(@Nullable String given, Map<String, String> environment)
      throws ClientConfigurationException {
    String secret = (given == null ? firstLine(environment) : given).strip();
    if (secret.isEmpty()) {
      throw new ClientConfigurationException("The authorization string is empty");
    }
    if (!secret.codePoints().allMatch(CallWriter::isXmlCharacter)) {
      throw new ClientConfigurationException(
          "The authorization string holds a character that XML does not allow");
    }
    return new Session(secret);
  }

  private static String firstLine(Map<String, String> environment)
      throws ClientConfigurationException {
    String named = environment.getOrDefault("ONE_AUTH", "");
    try {
      Path file =
          named.isEmpty()
              ? Path.of(environment.getOrDefault("HOME", ""), ".one", "one_auth")
              : Path.of(named);
      try (BufferedReader lines = Files.newBufferedReader(file)) {
        String line = lines.readLine();
        return line == null ? "" : line;
      }
    } catch (NoSuchFileException e) {
      throw new ClientConfigurationException("ONE_AUTH file not present");
    } catch (IOException | InvalidPathException e) {
      throw new ClientConfigurationException("ONE_AUTH file unreadable");
    }
  }

  private static List<String> hidden(String secret) {
    List<String> texts = new ArrayList<>();
    for (String text : List.of(secret, secret.substring(secret.indexOf(':') + 1))) {
      texts.add(text);
      texts.add(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
    }
    return texts.stream()
        .filter(text -> text.length() >= SHORTEST_HIDDEN)
        .distinct()
        .sorted(Comparator.comparingInt(String::length).reversed())
        .toList();
  }

  String secret() {
    return secret;
  }

  /** The text without the session string and without its password. */
  String hide(String text) {
    String safe = text;
    for (String part : hidden) {
      safe = safe.replace(part, "***");
    }
    return safe;
  }

  @Override
  public String toString() {
    return "***";
  }
}
