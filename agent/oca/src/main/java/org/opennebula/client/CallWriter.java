package org.opennebula.client;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * An XML-RPC call as UTF-8 text; strings, 32 and 64 bit integers and booleans are its arguments.
 */
final class CallWriter {
  private CallWriter() {}

  static byte[] write(String method, String session, Object... arguments) throws CallFailure {
    StringBuilder xml = new StringBuilder(512);
    xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<methodCall><methodName>");
    appendText(xml, method, "the method's name");
    xml.append("</methodName><params>");
    appendParameter(xml, session, "the session string");
    for (int i = 0; i < arguments.length; i++) {
      appendParameter(xml, arguments[i], "argument " + (i + 1) + " of " + method);
    }
    xml.append("</params></methodCall>");
    return xml.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void appendParameter(StringBuilder xml, Object argument, String what)
      throws CallFailure {
    xml.append("<param><value>");
    switch (argument) {
      case String text -> {
        xml.append("<string>");
        appendText(xml, text, what);
        xml.append("</string>");
      }
      case Integer number -> xml.append("<i4>").append(number).append("</i4>");
      case Long number -> xml.append("<i8>").append(number).append("</i8>");
      case Boolean bool -> xml.append("<boolean>").append(bool ? '1' : '0').append("</boolean>");
      default ->
          throw CallFailure.lasting("Unsupported Java type: " + argument.getClass().getName());
    }
    xml.append("</value></param>");
  }

  private static void appendText(StringBuilder xml, String text, String what) throws CallFailure {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (!isXmlCharacter(c)) {
        throw CallFailure.lasting(
            String.format(
                Locale.ROOT,
                "%s%s holds U+%04X, which XML does not allow",
                CallFailure.GENERATE,
                what,
                c));
      }
      switch (c) {
        case '<' -> xml.append("&lt;");
        case '>' -> xml.append("&gt;");
        case '&' -> xml.append("&amp;");
        // A parser turns a bare CR into LF.
        case '\r' -> xml.append("&#13;");
        default -> xml.appendCodePoint(c);
      }
    }
  }

  /** Production 2, Char, of XML 1.0; a lone surrogate is none. */
  static boolean isXmlCharacter(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }
}
