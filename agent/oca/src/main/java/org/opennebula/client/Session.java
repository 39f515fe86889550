package org.opennebula.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The session string {@code user:password}, which no text that leaves the client may hold. */
final class Session {
  private static final int SHORTEST_HIDDEN = 4;

  private final String secret;
  private final List<String> hidden;

  Session(String given) throws ClientConfigurationException {
    secret = given.strip();
    if (secret.isEmpty()) {
      throw new ClientConfigurationException("The authorization string is empty");
    }
    if (!secret.codePoints().allMatch(CallWriter::isXmlCharacter)) {
      throw new ClientConfigurationException(
          "The authorization string holds a character that XML does not allow");
    }
    hidden = hidden(secret);
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
