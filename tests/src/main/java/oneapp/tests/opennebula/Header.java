package oneapp.tests.opennebula;

import oneapp.agent.data.Text;
import org.jspecify.annotations.Nullable;

/** What a VM and a template have in common: number, name, owner, permissions and lock. */
record Header(
    int id,
    int uid,
    int gid,
    String uname,
    String gname,
    String name,
    String permissions,
    @Nullable Lock lock) {

  /** Owner USE and MANAGE, nothing for anybody else: oned's default. */
  static final String OWNER_ONLY = "110000000";

  private static final String[] PERMISSION_NAMES = {
    "OWNER_U", "OWNER_M", "OWNER_A", "GROUP_U", "GROUP_M", "GROUP_A", "OTHER_U", "OTHER_M",
    "OTHER_A"
  };

  /** A lock: level 1 blocks USE and more, 2 MANAGE and more, 3 ADMIN only, 4 all. */
  record Lock(int level, int owner, long time) {
    boolean blocks(Right right) {
      return level == 4 || right.place + 1 >= level;
    }

    String toXml() {
      return Text.format(
          "<LOCK><LOCKED>%d</LOCKED><OWNER>%d</OWNER><TIME>%d</TIME><REQ_ID>-1</REQ_ID></LOCK>",
          level, owner, time);
    }
  }

  boolean permits(StoredUser user, Right right) {
    return (user.id() == uid && permitted(right.place))
        || (user.gid() == gid && permitted(3 + right.place))
        || permitted(6 + right.place);
  }

  private boolean permitted(int index) {
    return permissions.charAt(index) == '1';
  }

  Header withPermissions(String changed) {
    return new Header(id, uid, gid, uname, gname, name, changed, lock);
  }

  Header withLock(@Nullable Lock changed) {
    return new Header(id, uid, gid, uname, gname, name, permissions, changed);
  }

  String ownerXml() {
    return Text.format(
        "<ID>%d</ID><UID>%d</UID><GID>%d</GID><UNAME>%s</UNAME><GNAME>%s</GNAME><NAME>%s</NAME>",
        id, uid, gid, escaped(uname), escaped(gname), escaped(name));
  }

  String lockXml() {
    return lock == null ? "" : lock.toXml();
  }

  String permissionsXml() {
    StringBuilder xml = new StringBuilder("<PERMISSIONS>");
    for (int i = 0; i < PERMISSION_NAMES.length; i++) {
      String tag = PERMISSION_NAMES[i];
      xml.append(Text.format("<%s>%s</%s>", tag, permissions.charAt(i), tag));
    }
    return xml.append("</PERMISSIONS>").toString();
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
