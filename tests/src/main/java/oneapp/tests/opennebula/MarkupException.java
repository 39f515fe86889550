package oneapp.tests.opennebula;

/** XML that is not well-formed, in the words of the parser that oned uses for calls. */
final class MarkupException extends Exception {
  private static final long serialVersionUID = 1L;

  MarkupException(String message) {
    super(message);
  }

  MarkupException(String message, Throwable cause) {
    super(message, cause);
  }
}
