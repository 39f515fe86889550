package oneapp.tests.opennebula;

import oneapp.tests.opennebula.OnedRefusal.Code;

/** The XML-RPC methods: each reads its parameters, asks for the right it needs, and acts. */
final class Calls {
  static final String VERSION = "7.4.0";

  private final Cloud cloud;
  private final VmCalls vms;
  private final TemplateCalls templates;
  private final UserCalls users;
  private final RuleCalls rules;

  Calls(Cloud cloud) {
    this.cloud = cloud;
    vms = new VmCalls(cloud);
    templates = new TemplateCalls(cloud);
    users = new UserCalls(cloud);
    rules = new RuleCalls(cloud);
  }

  /** The value of a successful reply: a string or an integer. */
  Object answer(Call call) throws RpcFault, OnedRefusal {
    String method = call.method();
    int dot = method.lastIndexOf('.');
    Object answer =
        switch (dot < 0 ? "" : method.substring(0, dot)) {
          case "one.system" -> method.equals("one.system.version") ? version(call) : null;
          case "one.vm" -> vms.answer(call);
          case "one.vmpool" -> vms.pool(call);
          case "one.template" -> templates.answer(call);
          case "one.templatepool" -> templates.pool(call);
          case "one.user" -> users.answer(call);
          case "one.userpool" -> users.pool(call);
          case "one.acl" -> rules.answer(call);
          default -> null;
        };
    if (answer == null) {
      throw new RpcFault(RpcFault.METHOD, "Method '" + method + "' not defined");
    }
    if (answer instanceof String text && !Utf8.isBasic(text)) {
      throw new RpcFault(RpcFault.UTF8, "String value contains a character that cannot be sent");
    }
    return answer;
  }

  private String version(Call call) throws RpcFault, OnedRefusal {
    cloud.authenticate(call.string(0));
    return VERSION;
  }

  static int updateType(Call call) throws RpcFault, OnedRefusal {
    int type = call.integer(3, 0);
    if (type != 0 && type != 1) {
      throw new OnedRefusal(Code.API, "Wrong update type");
    }
    return type;
  }

  /** The permissions after chmod: nine numbers, -1 leaves one as it is. */
  static String permissions(Call call, String old) throws RpcFault {
    StringBuilder permissions = new StringBuilder();
    for (int i = 0; i < old.length(); i++) {
      int wanted = call.integer(2 + i);
      permissions.append(wanted < 0 ? old.charAt(i) : wanted == 0 ? '0' : '1');
    }
    return permissions.toString();
  }

  /** Which of a pool's objects a filter of a pool call means: -3 own, -1 own group, -2 all. */
  static boolean isWanted(int filter, StoredUser caller, Header header) {
    return switch (filter) {
      case -4 -> header.gid() == caller.gid();
      case -3 -> header.uid() == caller.id();
      case -2 -> true;
      case -1 -> header.uid() == caller.id() || header.gid() == caller.gid();
      default -> header.uid() == filter;
    };
  }

  /** Whether the id is in the range of a pool call; negative numbers mean no limit. */
  static boolean isInRange(Call call, int first, int id) throws RpcFault {
    int start = call.integer(first, -1);
    int end = call.integer(first + 1, -1);
    return (start < 0 || id >= start) && (end < 0 || id <= end);
  }
}
