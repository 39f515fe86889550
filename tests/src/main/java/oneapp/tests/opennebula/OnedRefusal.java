package oneapp.tests.opennebula;

/** A call that oned answers with {@code false}: a code, a message, and the object it is about. */
final class OnedRefusal extends Exception {
  private static final long serialVersionUID = 1L;

  /** oned's kinds of refusal. */
  enum Code {
    AUTHENTICATION(256),
    AUTHORIZATION(512),
    NO_EXISTS(1024),
    ACTION(2048),
    API(4096),
    INTERNAL(8192),
    ALLOCATE(16384);

    final int number;

    Code(int number) {
      this.number = number;
    }
  }

  private final Code code;
  private final int id;

  OnedRefusal(Code code, String message) {
    this(code, message, -1);
  }

  OnedRefusal(Code code, String message, int id) {
    super(message);
    this.code = code;
    this.id = id;
  }

  Code code() {
    return code;
  }

  int id() {
    return id;
  }
}
