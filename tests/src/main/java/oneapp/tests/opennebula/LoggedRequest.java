package oneapp.tests.opennebula;

import java.time.Instant;

/**
 * A request that was received, without its secrets.
 *
 * @param method the XML-RPC method, or such as {@code PUT /vm} for OneGate
 * @param user the user that the session named, or empty
 * @param object the id that the call was about, or -1
 * @param template the template or body of an update, or empty
 */
public record LoggedRequest(
    Instant time, String method, String user, int object, String template) {}
