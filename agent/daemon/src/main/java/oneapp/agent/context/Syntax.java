package oneapp.agent.context;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import oneapp.agent.context.Variables.Variable;
import oneapp.agent.data.Text;

/** The values that a variable of each type takes, and how an error message describes them. */
final class Syntax {
  private static final Pattern HUB_ID =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9._-]+)?");
  private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,254}");
  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
  private static final Pattern CREDENTIALS =
      Pattern.compile("[^:\\s\\p{Cntrl}]+:[^\\s\\p{Cntrl}]+");

  /** Keys and tokens travel in HTTP headers, which take no other character. */
  private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7E]+");

  private Syntax() {}

  /**
   * Parses a value.
   *
   * @return a Boolean, Integer, Double, List of String, URI, byte[] or String, as the variable's
   *     type says; empty if the text is not of that type
   */
  static Optional<?> parse(Variable variable, String value) {
    String upper = value.toUpperCase(Locale.ROOT);
    return switch (variable.shape()) {
      case TEXT -> matching(PRINTABLE, value);
      case MODEL -> Optional.of(value).filter(Syntax::isModel);
      case REVISION -> matching(REVISION, value).filter(name -> !name.contains(".."));
      case BOOLEAN -> flag(upper);
      case INTEGER ->
          matching(Pattern.compile("[+-]?[0-9]{1,10}"), value)
              .filter(digits -> isInRange(variable, Double.parseDouble(digits)))
              .map(Integer::valueOf);
      case NUMBER ->
          matching(Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)"), value)
              .map(Double::valueOf)
              .filter(number -> isInRange(variable, number));
      case CHOICE -> choice(variable, value);
      case CHOICES -> choices(variable, value);
      case URL -> url(value);
      case CREDENTIALS -> matching(CREDENTIALS, value);
      case BASE64 -> base64(value);
      case CURRENCY -> matching(CURRENCY, upper);
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

  private static Optional<String> matching(Pattern pattern, String value) {
    return Optional.of(value).filter(text -> pattern.matcher(text).matches());
  }

  private static Optional<Boolean> flag(String upper) {
    return switch (upper) {
      case "YES", "TRUE", "1" -> Optional.of(true);
      case "NO", "FALSE", "0" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static boolean isModel(String value) {
    if (value.startsWith("/")) {
      return value.length() > 1
          && value.chars().noneMatch(Character::isISOControl)
          && Path.of(value).normalize().toString().equals(value);
    }
    return HUB_ID.matcher(value).matches() && !value.endsWith("/..") && !value.endsWith("/.");
  }

  private static boolean isInRange(Variable variable, double value) {
    return (variable.min() == null || value >= variable.min())
        && (variable.max() == null || value <= variable.max());
  }

  private static Optional<String> choice(Variable variable, String value) {
    return variable.choices().stream().filter(value::equalsIgnoreCase).findFirst();
  }

  private static Optional<List<String>> choices(Variable variable, String value) {
    List<String> chosen = new ArrayList<>();
    for (String part : value.split(",", -1)) {
      Optional<String> choice = choice(variable, part.strip());
      if (choice.isEmpty()) {
        return Optional.empty();
      }
      chosen.add(choice.get());
    }
    return Optional.of(chosen);
  }

  /** An http or https address without credentials in it. */
  static Optional<URI> url(String value) {
    try {
      URI uri = new URI(value);
      boolean usable =
          ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
              && uri.getHost() != null
              && uri.getUserInfo() == null;
      return usable ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Line breaks are allowed, as base64(1) makes them. */
  private static Optional<byte[]> base64(String value) {
    try {
      byte[] bytes = Base64.getDecoder().decode(value.replaceAll("\\s", ""));
      return Optional.of(bytes).filter(decoded -> decoded.length > 0);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
