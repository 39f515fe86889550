package oneapp.tests.opennebula;

import java.util.ArrayList;
import java.util.List;
import oneapp.tests.opennebula.Markup.Element;

/** One XML-RPC call: the method, and its parameters with their types. */
record Call(String method, List<Object> parameters) {

  /** Anything that is neither a string, an i4 nor a boolean. */
  record OtherType(String type) {}

  /** Reads a body that has one char for each byte. */
  static Call read(String body) throws RpcFault {
    Element root;
    try {
      root = Markup.call(body);
    } catch (MarkupException malformed) {
      RpcFault fault = improper("Call is not valid XML.  " + malformed.getMessage());
      fault.initCause(malformed);
      throw fault;
    }
    if (!root.name().equals("methodCall")) {
      throw improper("XML-RPC call should be a <methodCall> element.");
    }
    String method = "";
    List<Object> parameters = new ArrayList<>();
    for (Element part : root.elements()) {
      if (part.name().equals("methodName")) {
        method = Utf8.decode(part.text());
      } else if (part.name().equals("params")) {
        for (Element parameter : part.elements()) {
          parameters.add(value(parameter));
        }
      }
    }
    return new Call(method, List.copyOf(parameters));
  }

  private static Object value(Element parameter) throws RpcFault {
    if (parameter.elements().size() != 1
        || !parameter.elements().getFirst().name().equals("value")) {
      throw improper("<param> element should have one <value> child.");
    }
    Element value = parameter.elements().getFirst();
    if (value.elements().isEmpty()) {
      return Utf8.decode(value.text());
    }
    Element typed = value.elements().getFirst();
    String text = typed.text().strip();
    try {
      if (typed.name().equals("string")) {
        return Utf8.decode(typed.text());
      } else if (typed.name().equals("i4") || typed.name().equals("int")) {
        return Integer.valueOf(text);
      } else if (typed.name().equals("boolean") && (text.equals("0") || text.equals("1"))) {
        return text.equals("1");
      }
    } catch (NumberFormatException notANumber) {
      throw improper("\"" + Utf8.decode(text) + "\" is not a 32 bit integer.");
    }
    return new OtherType(typed.name());
  }

  static RpcFault improper(String why) {
    return new RpcFault(RpcFault.XML, "Call XML not a proper XML-RPC call.  " + why);
  }

  boolean has(int index) {
    return index < parameters.size();
  }

  String string(int index) throws RpcFault {
    return parameter(index, String.class, "string");
  }

  int integer(int index) throws RpcFault {
    return parameter(index, Integer.class, "integer");
  }

  int integer(int index, int absent) throws RpcFault {
    return has(index) ? integer(index) : absent;
  }

  boolean bool(int index, boolean absent) throws RpcFault {
    return has(index) ? parameter(index, Boolean.class, "boolean") : absent;
  }

  private <T> T parameter(int index, Class<T> type, String name) throws RpcFault {
    if (!has(index)) {
      throw new RpcFault(RpcFault.PARAMETERS, "Not enough parameters");
    }
    Object parameter = parameters.get(index);
    if (!type.isInstance(parameter)) {
      throw new RpcFault(RpcFault.TYPE, "Parameter that is supposed to be " + name + " is not");
    }
    return type.cast(parameter);
  }
}
