package oneapp.agent.publish;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Values as they survive the server of OneGate, which corrupts or refuses many: plain text of safe
 * characters as it is, anything else as {@code base64url:} and base64url of its UTF-8 without
 * padding. What begins with that word itself is encoded too, so that reading is unambiguous.
 */
public final class OneGateText {
  private static final String MARK = "base64url:";
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 _\\-.:/]*");
  private static final Pattern ENCODED = Pattern.compile(MARK + "[A-Za-z0-9_-]*");

  private OneGateText() {}

  static String encode(String value) {
    return SAFE.matcher(value).matches() && !value.startsWith(MARK)
        ? value
        : MARK
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(value.getBytes(StandardCharsets.UTF_8));
  }

  /** The value that was meant; a text that is not encoded is returned as it is. */
  public static String decode(String stored) {
    if (!ENCODED.matcher(stored).matches()) {
      return stored;
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(stored.substring(MARK.length()));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return stored;
    }
  }
}
