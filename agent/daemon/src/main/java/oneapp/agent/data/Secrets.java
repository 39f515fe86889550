package oneapp.agent.data;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The exact values that must never leave the agent. Every line for a log, a report, an attribute or
 * a terminal passes {@link #redact}.
 */
public final class Secrets {
  /** What a reader sees in the place of a secret. */
  public static final String MASK = "[secret]";

  /** Shorter values would mask ordinary text; they are no secrets worth the name. */
  private static final int SHORTEST = 4;

  private final List<String> values = new CopyOnWriteArrayList<>();

  /** Adds a value, and its parts when it is {@code user:token} or has several lines. */
  public void add(String value) {
    addOne(value.strip());
    value.lines().forEach(line -> addOne(line.strip()));
    int colon = value.indexOf(':');
    if (colon >= 0) {
      addOne(value.substring(colon + 1).strip());
    }
  }

  private void addOne(String value) {
    if (value.length() >= SHORTEST && !values.contains(value)) {
      values.add(value);
      values.sort(Comparator.comparingInt(String::length).reversed());
    }
  }

  public String redact(String text) {
    String clean = text;
    for (String value : values) {
      if (clean.contains(value)) {
        clean = clean.replace(value, MASK);
      }
    }
    return clean;
  }
}
