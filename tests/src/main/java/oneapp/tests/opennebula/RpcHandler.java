package oneapp.tests.opennebula;

import java.util.function.Consumer;
import oneapp.tests.opennebula.Http.Answer;

/** Turns HTTP requests into calls, and their results into HTTP answers. */
final class RpcHandler implements Door.Handler {
  private static final String PATH = "/RPC2";
  private static final String TYPE = "text/xml; charset=utf-8";

  private final Cloud cloud;
  private final Calls calls;
  private final Consumer<LoggedRequest> log;
  private final Runnable changed;

  RpcHandler(Cloud cloud, Consumer<LoggedRequest> log, Runnable changed) {
    this.cloud = cloud;
    this.log = log;
    this.changed = changed;
    calls = new Calls(cloud);
  }

  @Override
  public Answer answer(Http.Request request) throws InterruptedException {
    cloud.faults.hold();
    int status = cloud.faults.nextHttpStatus();
    if (status != 0) {
      return Answer.error(status, "The server cannot answer at the moment");
    }
    if (!request.path().equals(PATH)) {
      return Answer.error(
          404,
          "This XML-RPC For C/C++ Abyss XML-RPC server responds to only one URI path.  "
              + "I don't know what URI path that is, but it's not the one you requested: '"
              + Header.escaped(request.path())
              + "'.  (Typically, it's '/RPC2')");
    }
    if (!request.method().equals("POST")) {
      return Answer.error(405, "POST is the only HTTP method this server understands");
    }
    return Answer.of(200, TYPE, reply(request.body()));
  }

  private String reply(String body) {
    try {
      Call call = Call.read(body);
      log.accept(shown(call));
      try {
        synchronized (cloud) {
          Object value = calls.answer(call);
          if (!isQuery(call.method())) {
            changed.run();
          }
          return ReplyXml.success(value);
        }
      } catch (OnedRefusal refusal) {
        return ReplyXml.refusal(call.method(), refusal);
      }
    } catch (RpcFault fault) {
      return ReplyXml.fault(fault);
    }
  }

  private static boolean isQuery(String method) {
    return method.endsWith(".info")
        || method.endsWith(".infoextended")
        || method.endsWith(".version");
  }

  private LoggedRequest shown(Call call) {
    String session = call.has(0) && call.parameters().getFirst() instanceof String s ? s : "";
    int object = -1;
    for (int i = call.parameters().size() - 1; i > 0; i--) {
      object = call.parameters().get(i) instanceof Integer id && i < 3 ? id : object;
    }
    String template = "";
    if (call.method().endsWith(".update") && call.has(2)) {
      template = String.valueOf(call.parameters().get(2));
    }
    int colon = session.indexOf(':');
    String user = colon < 0 ? "" : session.substring(0, colon);
    return new LoggedRequest(cloud.clock.instant(), call.method(), user, object, template);
  }
}
