package oneapp.agent.context;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import oneapp.agent.context.Variables.Variable;
import oneapp.agent.data.Text;
import org.jspecify.annotations.Nullable;

/** What a value of each type looks like: its normal form, and the words for what was expected. */
final class Syntax {
  static final String AUTO = "AUTO";

  private static final Pattern HUB_ID =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9._-]+)?");
  private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,254}");
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
  private static final Pattern CREDENTIALS =
      Pattern.compile("[^:\\s\\p{Cntrl}]+:[^\\s\\p{Cntrl}]+");

  /** Keys and tokens travel in HTTP headers, which take no other character. */
  private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7E]+");

  private Syntax() {}

  /** The value in its normal form, or null when it is not of the variable's type. */
  static @Nullable String normalise(Variable variable, String value) {
    String upper = value.toUpperCase(Locale.ROOT);
    if (variable.allowsAuto() && upper.equals(AUTO)) {
      return AUTO;
    }
    return switch (variable.shape()) {
      case TEXT -> PRINTABLE.matcher(value).matches() ? value : null;
      case MODEL -> isModel(value) ? value : null;
      case REVISION -> REVISION.matcher(value).matches() && !value.contains("..") ? value : null;
      case BOOLEAN -> isYes(upper) ? "YES" : isNo(upper) ? "NO" : null;
      case INTEGER -> integer(variable, value);
      case NUMBER -> number(variable, value);
      case CHOICE -> choice(variable, value);
      case CHOICES -> choices(variable, value);
      case URL -> isUrl(value) ? value : null;
      case CREDENTIALS -> CREDENTIALS.matcher(value).matches() ? value : null;
      case BASE64 -> base64(value);
      case CURRENCY -> CURRENCY.matcher(upper).matches() ? upper : null;
    };
  }

  static String expected(Variable variable) {
    String range =
        variable.min() == null || variable.max() == null
            ? ""
            : Text.format(" from %s to %s", plain(variable.min()), plain(variable.max()));
    String what =
        switch (variable.shape()) {
          case TEXT -> "text on one line, of ASCII letters, digits and signs";
          case MODEL ->
              "a hub id such as Qwen/Qwen2.5-3B-Instruct, or the absolute path of a model"
                  + " directory without . or .. in it";
          case REVISION -> "a branch, tag or commit";
          case BOOLEAN -> "YES or NO";
          case INTEGER -> "a whole number" + range;
          case NUMBER -> "a number" + range;
          case CHOICE -> "one of " + String.join(", ", variable.choices());
          case CHOICES -> "a comma-separated list of " + String.join(", ", variable.choices());
          case URL -> "an address such as https://one.example.org:2633/RPC2";
          case CREDENTIALS -> "user:token";
          case BASE64 -> "base64 text";
          case CURRENCY -> "a currency of three letters such as EUR";
        };
    return variable.allowsAuto() ? what + ", or AUTO" : what;
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  static boolean isYes(String upper) {
    return upper.equals("YES") || upper.equals("TRUE") || upper.equals("1");
  }

  private static boolean isNo(String upper) {
    return upper.equals("NO") || upper.equals("FALSE") || upper.equals("0");
  }

  private static boolean isModel(String value) {
    if (value.startsWith("/")) {
      return value.length() > 1
          && value.chars().noneMatch(Character::isISOControl)
          && Path.of(value).normalize().toString().equals(value);
    }
    return HUB_ID.matcher(value).matches() && !value.endsWith("/..") && !value.endsWith("/.");
  }

  private static @Nullable String integer(Variable variable, String value) {
    return value.matches("[+-]?[0-9]{1,10}") && inRange(variable, Double.parseDouble(value))
        ? Integer.toString(Integer.parseInt(value))
        : null;
  }

  private static @Nullable String number(Variable variable, String value) {
    return value.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)")
            && inRange(variable, Double.parseDouble(value))
        ? value
        : null;
  }

  private static boolean inRange(Variable variable, double value) {
    return (variable.min() == null || value >= variable.min())
        && (variable.max() == null || value <= variable.max());
  }

  private static @Nullable String choice(Variable variable, String value) {
    return variable.choices().stream()
        .filter(choice -> choice.equalsIgnoreCase(value))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable String choices(Variable variable, String value) {
    List<String> chosen = new ArrayList<>();
    for (String part : value.split(",", -1)) {
      String choice = choice(variable, part.strip());
      if (choice == null) {
        return null;
      }
      chosen.add(choice);
    }
    return String.join(",", chosen);
  }

  static boolean isUrl(String value) {
    try {
      URI uri = new URI(value);
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getUserInfo() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** Line breaks are allowed, as base64(1) makes them. */
  private static @Nullable String base64(String value) {
    String joined = value.replaceAll("\\s", "");
    try {
      byte[] bytes = Base64.getDecoder().decode(joined);
      return bytes.length == 0 ? null : joined;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
