package oneapp.tests.opennebula;

/** Reads a template in either of its two forms: XML if it begins with a tag, else KEY="value". */
final class TemplateForms {
  private TemplateForms() {}

  static Attributes parse(String text) throws ParseException {
    return text.startsWith("<") ? XmlForm.parse(text) : KeyForm.parse(text);
  }

  /** A template that oned cannot read; the message is oned's. */
  static final class ParseException extends Exception {
    private static final long serialVersionUID = 1L;

    ParseException(String message) {
      super(message);
    }
  }
}
