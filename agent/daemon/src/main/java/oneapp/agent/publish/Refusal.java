package oneapp.agent.publish;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oneapp.agent.data.Text;
import oneapp.agent.stage.Category;

/**
 * What the text of an error means: the client's API has no error codes. Each kind is recognised by
 * the words that oned, or the client's transport, always writes.
 */
final class Refusal {
  private static final String AUTHENTICATION = "couldn't be authenticated";
  private static final Pattern AUTHORISATION =
      Pattern.compile("Not authorized to perform ([A-Z]+) ([A-Z ]+?)(?: \\[(\\d+)])?\\.");
  private static final Pattern MISSING = Pattern.compile("Error getting ([a-z ]+) \\[(\\d+)]");
  private static final Pattern RESTRICTED = Pattern.compile("restricted attribute ([A-Z0-9_/]+)");
  private static final String TRANSPORT = "Failed to read server's response: ";
  private static final String STATUS = "HTTP server returned unexpected status: ";
  private static final String UNREADABLE = "Failed to parse server's response: ";

  private Refusal() {}

  static boolean isAuthentication(String text) {
    return text.contains(AUTHENTICATION);
  }

  /** The text without the forms of an address, longest first: no log names the endpoint. */
  static String without(List<String> address, String text) {
    String clean = text;
    for (String form : address) {
      clean = clean.replace(form, "[endpoint]");
    }
    return clean;
  }

  /**
   * The failure that an error text stands for.
   *
   * @param locked true when the object is known to be locked
   */
  static OpenNebulaFailure of(String text, boolean locked) {
    return authorisation(text, locked)
        .or(() -> missing(text))
        .or(() -> restricted(text))
        .orElseGet(() -> transport(text));
  }

  private static Optional<OpenNebulaFailure> authorisation(String text, boolean locked) {
    Matcher match = AUTHORISATION.matcher(text);
    if (!match.find()) {
      return Optional.empty();
    }
    String object = named(match.group(2), match.group(3));
    String sentence =
        locked
            ? Text.format("%s is locked: unlock it, or ask its owner to", object)
            : Text.format(
                "the user of ONEAPP_VLLM_ONE_AUTH has no %s right on %s: grant it with oneacl or chmod",
                match.group(1), object);
    return Optional.of(new OpenNebulaFailure(Category.OPENNEBULA_FORBIDDEN, sentence));
  }

  private static Optional<OpenNebulaFailure> missing(String text) {
    Matcher match = MISSING.matcher(text);
    return match.find()
        ? Optional.of(
            new OpenNebulaFailure(
                Category.OPENNEBULA_FORBIDDEN,
                named(match.group(1), match.group(2)) + " does not exist, or was deleted"))
        : Optional.empty();
  }

  private static Optional<OpenNebulaFailure> restricted(String text) {
    Matcher match = RESTRICTED.matcher(text);
    return match.find()
        ? Optional.of(
            new OpenNebulaFailure(
                Category.OPENNEBULA_FORBIDDEN,
                Text.format(
                    "oned.conf restricts the attribute %s: remove it from the *_RESTRICTED_ATTR there",
                    match.group(1))))
        : Optional.empty();
  }

  private static OpenNebulaFailure transport(String text) {
    String line = TemplateXml.stored(text).replaceAll("\\s+", " ");
    if (line.startsWith(TRANSPORT)) {
      return unreachable("oned does not answer (%s)", line.substring(TRANSPORT.length()));
    }
    if (line.startsWith(STATUS)) {
      return unreachable(
          "ONEAPP_VLLM_ONE_ENDPOINT answered HTTP %s: it is not oned, or oned is overloaded",
          line.substring(STATUS.length()));
    }
    if (line.startsWith(UNREADABLE)) {
      return unreachable(
          "ONEAPP_VLLM_ONE_ENDPOINT did not answer in XML-RPC (%s)",
          line.substring(UNREADABLE.length()));
    }
    return unreachable("oned reported an error (%s)", line);
  }

  @FormatMethod
  static OpenNebulaFailure unreachable(@FormatString String form, String detail) {
    return new OpenNebulaFailure(
        Category.OPENNEBULA_UNREACHABLE, Text.format(form, Text.shortened(detail, 200)));
  }

  private static String named(String kind, String id) {
    String lower = kind.toLowerCase(Locale.ROOT);
    String noun =
        switch (lower) {
          case "vm", "virtual machine" -> "VM";
          case "virtual machine template" -> "template";
          case String other -> other;
        };
    return id == null ? noun : noun + " " + id;
  }
}
