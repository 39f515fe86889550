package oneapp.tests.opennebula;

import java.util.Locale;

/** One access rule: who may do what with which objects, in oned's bit masks. */
record Rule(int id, long user, long resource, long rights) {
  static final long ONE = 0x100000000L;
  private static final long GROUP = 0x200000000L;
  private static final long EVERYONE = 0x400000000L;
  private static final long NUMBER = 0xFFFFFFFFL;

  static Rule single(int id, int user, Kind kind, int object, long rights) {
    return new Rule(id, ONE | user, kind.bit | ONE | object, rights);
  }

  boolean grants(StoredUser who, Kind kind, int object, int objectGroup, Right right) {
    return (rights & right.bit) != 0
        && (resource & kind.bit) != 0
        && covers(user, who.id(), who.gid())
        && covers(resource, object, objectGroup);
  }

  boolean sameAs(Rule other) {
    return user == other.user && resource == other.resource && rights == other.rights;
  }

  private static boolean covers(long mask, int id, int group) {
    return (mask & EVERYONE) != 0
        || ((mask & ONE) != 0 && (mask & NUMBER) == id)
        || ((mask & GROUP) != 0 && (mask & NUMBER) == group);
  }

  String toXml() {
    return String.format(
        Locale.ROOT,
        "<ACL><ID>%d</ID><USER>%x</USER><RESOURCE>%x</RESOURCE><RIGHTS>%x</RIGHTS>"
            + "<ZONE>%x</ZONE><STRING><![CDATA[]]></STRING></ACL>",
        id,
        user,
        resource,
        rights,
        EVERYONE);
  }
}
