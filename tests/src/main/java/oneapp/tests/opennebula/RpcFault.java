package oneapp.tests.opennebula;

/** A call that is no proper XML-RPC: -500 parameters, -501 type, -503 XML, -506 method. */
final class RpcFault extends Exception {
  private static final long serialVersionUID = 1L;

  static final int PARAMETERS = -500;
  static final int TYPE = -501;
  static final int XML = -503;
  static final int METHOD = -506;
  static final int UTF8 = -510;

  private final int code;

  RpcFault(int code, String message) {
    super(message);
    this.code = code;
  }

  int code() {
    return code;
  }
}
