package oneapp.tests.opennebula;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import oneapp.agent.data.Text;

/** A user account with its password hash, login tokens and template. */
record StoredUser(
    int id,
    String name,
    int gid,
    String passwordHash,
    boolean enabled,
    SortedMap<String, Token> tokens,
    Attributes attributes) {

  private static final String QUOTAS =
      "<DATASTORE_QUOTA></DATASTORE_QUOTA><NETWORK_QUOTA></NETWORK_QUOTA>"
          + "<VM_QUOTA>%s</VM_QUOTA><IMAGE_QUOTA></IMAGE_QUOTA>";

  /** Until when a login token is good, in epoch seconds; -1 is for ever. */
  record Token(long expires) {
    boolean isGoodAt(Instant now) {
      return expires < 0 || now.getEpochSecond() < expires;
    }
  }

  StoredUser {
    tokens = Collections.unmodifiableSortedMap(new TreeMap<>(tokens));
  }

  boolean isAdmin() {
    return gid == 0;
  }

  String gname() {
    return isAdmin() ? "oneadmin" : "users";
  }

  boolean accepts(String secret, Instant now) {
    Token token = tokens.get(secret);
    return enabled
        && (Hash.sha256(secret).equals(passwordHash) || (token != null && token.isGoodAt(now)));
  }

  StoredUser with(Attributes changed) {
    return new StoredUser(id, name, gid, passwordHash, enabled, tokens, changed);
  }

  StoredUser withEnabled(boolean changed) {
    return new StoredUser(id, name, gid, passwordHash, changed, tokens, attributes);
  }

  StoredUser withPassword(String password) {
    return new StoredUser(id, name, gid, Hash.sha256(password), enabled, tokens, attributes);
  }

  StoredUser withToken(String secret, Token token) {
    SortedMap<String, Token> changed = new TreeMap<>(tokens);
    changed.put(secret, token);
    return new StoredUser(id, name, gid, passwordHash, enabled, changed, attributes);
  }

  StoredUser withoutToken(String secret) {
    SortedMap<String, Token> changed = new TreeMap<>(tokens);
    changed.remove(secret);
    return new StoredUser(id, name, gid, passwordHash, enabled, changed, attributes);
  }

  /** As in one.user.info, password hash and login tokens included. */
  String toXml(String vmQuota) {
    StringBuilder xml = new StringBuilder("<USER>");
    xml.append(Text.format("<ID>%d</ID><GID>%d</GID><GROUPS><ID>%d</ID></GROUPS>", id, gid, gid));
    xml.append("<GNAME>").append(gname()).append("</GNAME>");
    xml.append("<NAME>").append(Header.escaped(name)).append("</NAME>");
    xml.append("<PASSWORD><![CDATA[").append(passwordHash).append("]]></PASSWORD>");
    xml.append("<AUTH_DRIVER><![CDATA[core]]></AUTH_DRIVER>");
    xml.append("<ENABLED>").append(enabled ? 1 : 0).append("</ENABLED>");
    tokens.forEach(
        (secret, token) ->
            xml.append("<LOGIN_TOKEN><TOKEN>")
                .append(Header.escaped(secret))
                .append("</TOKEN>")
                .append("<EXPIRATION_TIME>")
                .append(token.expires())
                .append("</EXPIRATION_TIME>")
                .append("<EGID>-1</EGID></LOGIN_TOKEN>"));
    xml.append(attributes.toXml("TEMPLATE"));
    xml.append(Text.format(QUOTAS, vmQuota));
    xml.append("<DEFAULT_USER_QUOTAS>").append(Text.format(QUOTAS, ""));
    return xml.append("</DEFAULT_USER_QUOTAS></USER>").toString();
  }
}
