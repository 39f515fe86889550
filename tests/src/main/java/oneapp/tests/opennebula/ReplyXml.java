package oneapp.tests.opennebula;

/** Writes XML-RPC replies byte for byte as oned does. */
final class ReplyXml {
  private static final String END = "\r\n";
  private static final String HEAD =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + END + "<methodResponse>" + END;

  private ReplyXml() {}

  static String success(Object value) {
    String shown = value instanceof Integer number ? i4(number) : string(value.toString());
    return array(bool(true), shown, i4(0));
  }

  static String refusal(String method, OnedRefusal refusal) {
    return array(
        bool(false),
        string("[" + method + "] " + refusal.getMessage()),
        i4(refusal.code().number),
        i4(refusal.id()),
        "<i8>-1</i8>");
  }

  static String fault(RpcFault fault) {
    String message = fault.getMessage() == null ? "" : fault.getMessage();
    return HEAD
        + String.join(
            END,
            "<fault>",
            "<value><struct>",
            "<member><name>faultCode</name>",
            "<value>" + i4(fault.code()) + "</value></member>",
            "<member><name>faultString</name>",
            "<value>" + string(message) + "</value></member>",
            "</struct></value>",
            "</fault>",
            "</methodResponse>",
            "");
  }

  private static String array(String... values) {
    StringBuilder reply = new StringBuilder(HEAD).append("<params>").append(END);
    reply.append("<param><value><array><data>").append(END);
    for (String value : values) {
      reply.append("<value>").append(value).append("</value>").append(END);
    }
    reply.append("</data></array></value></param>").append(END).append("</params>").append(END);
    return reply.append("</methodResponse>").append(END).toString();
  }

  private static String bool(boolean value) {
    return "<boolean>" + (value ? 1 : 0) + "</boolean>";
  }

  private static String i4(int value) {
    return "<i4>" + value + "</i4>";
  }

  private static String string(String text) {
    String escaped =
        text.replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\r", "&#x0d;");
    return "<string>" + escaped + "</string>";
  }
}
