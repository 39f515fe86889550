package oneapp.tests.opennebula;

import oneapp.tests.opennebula.OnedRefusal.Code;
import oneapp.tests.opennebula.StoredUser.Token;
import org.jspecify.annotations.Nullable;

/** The calls about users and their login tokens. */
final class UserCalls {
  private final Cloud cloud;

  UserCalls(Cloud cloud) {
    this.cloud = cloud;
  }

  @Nullable Object answer(Call call) throws RpcFault, OnedRefusal {
    return switch (call.method()) {
      case "one.user.info" -> info(call);
      case "one.user.update" -> update(call);
      case "one.user.login" -> login(call);
      case "one.user.allocate" -> allocate(call);
      case "one.user.enable" -> enable(call);
      case "one.user.passwd" -> passwd(call);
      default -> null;
    };
  }

  private String info(Call call) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    int wanted = call.integer(1);
    StoredUser user = cloud.user(wanted == -1 ? caller.id() : wanted);
    cloud.authorize(caller, user.id(), Right.USE);
    return user.toXml(cloud.vmQuota(user.id()));
  }

  private Integer update(Call call) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    int id = call.integer(1);
    String text = call.string(2);
    int type = Calls.updateType(call);
    StoredUser user = managed(caller, id);
    Attributes old = user.attributes();
    cloud.put(user.with(cloud.updated(caller, old, text, type, Code.INTERNAL, Restricted.USER)));
    return id;
  }

  private StoredUser managed(StoredUser caller, int id) throws OnedRefusal {
    if (id < 0) {
      cloud.authorize(caller, id, Right.MANAGE);
    }
    StoredUser user = cloud.user(id);
    cloud.authorize(caller, id, Right.MANAGE);
    return user;
  }

  private String login(Call call) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    String name = call.string(1);
    String secret = call.string(2);
    int seconds = call.integer(3);
    call.integer(4, -1);
    StoredUser user =
        cloud.user(name).orElseThrow(() -> new OnedRefusal(Code.NO_EXISTS, "User does not exist"));
    cloud.authorize(caller, user.id(), Right.MANAGE);
    if (seconds == 0) {
      if (!user.tokens().containsKey(secret)) {
        throw new OnedRefusal(Code.INTERNAL, "Could not find token: " + secret);
      }
      cloud.put(user.withoutToken(secret));
      return "";
    }
    String token = secret.isEmpty() ? Hash.random() : secret;
    cloud.put(user.withToken(token, new Token(seconds < 0 ? -1 : cloud.now() + seconds)));
    return token;
  }

  private Integer allocate(Call call) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    String name = call.string(1);
    String password = call.string(2);
    cloud.authorizeAdmin(caller, "CREATE USER");
    return cloud.addUser(name, password, 1);
  }

  private Integer enable(Call call) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    int id = call.integer(1);
    boolean enabled = call.bool(2, true);
    StoredUser user = cloud.user(id);
    cloud.authorize(caller, id, Right.ADMIN);
    cloud.put(user.withEnabled(enabled));
    return id;
  }

  private Integer passwd(Call call) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    int id = call.integer(1);
    String password = call.string(2);
    cloud.put(managed(caller, id).withPassword(password));
    return id;
  }

  @Nullable Object pool(Call call) throws RpcFault, OnedRefusal {
    if (!call.method().equals("one.userpool.info")) {
      return null;
    }
    StoredUser caller = cloud.authenticate(call.string(0));
    StringBuilder xml = new StringBuilder("<USER_POOL>");
    for (StoredUser user : cloud.users.values()) {
      if (caller.isAdmin() || user.id() == caller.id()) {
        xml.append(user.toXml(cloud.vmQuota(user.id())));
      }
    }
    return xml.append("</USER_POOL>").toString();
  }
}
