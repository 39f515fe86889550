package oneapp.tests.opennebula;

import java.nio.charset.StandardCharsets;
import oneapp.agent.data.Text;

/** The strict and narrow UTF-8 of oned's XML-RPC library: nothing above U+FFFF. */
final class Utf8 {
  private Utf8() {}

  /** Decodes a string that has one char for each byte. */
  static String decode(String bytes) throws RpcFault {
    int length = bytes.length();
    int i = 0;
    while (i < length) {
      int lead = bytes.charAt(i);
      int more = lead < 0x80 ? 0 : lead >= 0xC2 && lead < 0xE0 ? 1 : lead >> 4 == 0xE ? 2 : -1;
      if (more < 0) {
        throw invalid(
            length,
            lead >= 0xF0 && lead < 0xF5
                ? "UTF-8 string contains a character not in the Basic Multilingual Plane."
                : Text.format("UTF-8 multibyte sequence starts with 0x%02x.", lead));
      }
      if (i + more >= length) {
        throw invalid(length, "UTF-8 multibyte sequence ends too early.");
      }
      for (int k = 1; k <= more; k++) {
        if (bytes.charAt(i + k) >> 6 != 2) {
          throw invalid(
              length,
              Text.format(
                  "UTF-8 multibyte sequence contains character 0x%02x, which does not indicate continuation.",
                  (int) bytes.charAt(i + k)));
        }
      }
      i += more + 1;
    }
    String text = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    boolean replaced = text.indexOf('\uFFFD') >= 0 && !bytes.contains("\u00EF\u00BF\u00BD");
    if (!isBasic(text) || replaced) {
      throw invalid(length, "UTF-8 string contains a character that is not allowed.");
    }
    return text;
  }

  /** Whether oned can send {@code text} in a reply. */
  static boolean isBasic(String text) {
    return text.chars().noneMatch(c -> Character.isSurrogate((char) c) || c == 0xFFFE);
  }

  private static RpcFault invalid(int length, String why) {
    return Call.improper(
        Text.format("%d-byte supposed UTF-8 string is not valid UTF-8.  %s", length, why));
  }
}
