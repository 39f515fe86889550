package oneapp.tests.opennebula;

import oneapp.tests.opennebula.OnedRefusal.Code;
import org.jspecify.annotations.Nullable;

/** The calls about access rules; masks travel as hexadecimal strings. */
final class RuleCalls {
  private final Cloud cloud;

  RuleCalls(Cloud cloud) {
    this.cloud = cloud;
  }

  @Nullable Object answer(Call call) throws RpcFault, OnedRefusal {
    return switch (call.method()) {
      case "one.acl.addrule" -> add(call);
      case "one.acl.delrule" -> delete(call);
      case "one.acl.info" -> info(call);
      default -> null;
    };
  }

  private Integer add(Call call) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    long user = mask(call.string(1));
    long resource = mask(call.string(2));
    long rights = mask(call.string(3));
    cloud.authorizeAdmin(caller, "MANAGE ACL");
    return cloud.addRule(user, resource, rights);
  }

  private Integer delete(Call call) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    int id = call.integer(1);
    cloud.authorizeAdmin(caller, "MANAGE ACL");
    if (cloud.rules.remove(id) == null) {
      throw new OnedRefusal(Code.INTERNAL, "Rule " + id + " does not exist");
    }
    return id;
  }

  private String info(Call call) throws RpcFault, OnedRefusal {
    StoredUser caller = cloud.authenticate(call.string(0));
    cloud.authorizeAdmin(caller, "MANAGE ACL");
    StringBuilder xml = new StringBuilder("<ACL_POOL>");
    cloud.rules.values().forEach(rule -> xml.append(rule.toXml()));
    return xml.append("</ACL_POOL>").toString();
  }

  private static long mask(String hexadecimal) throws OnedRefusal {
    try {
      String digits = hexadecimal.startsWith("0x") ? hexadecimal.substring(2) : hexadecimal;
      return Long.parseLong(digits, 16);
    } catch (NumberFormatException notHexadecimal) {
      throw new OnedRefusal(Code.INTERNAL, "Malformed rule: " + hexadecimal);
    }
  }
}
