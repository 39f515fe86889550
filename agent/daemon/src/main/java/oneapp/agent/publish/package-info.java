/**
 * Room: in: states, results and answers to requests; out: attributes of the VM, its template and
 * the user, and requests from outside. Another object that carries results is a case of {@link
 * oneapp.agent.context.OpenNebulaAccess.Target} and of {@link oneapp.agent.publish.OpenNebula};
 * another attribute is a line of contextualization/attributes.yaml and a name in {@link
 * oneapp.agent.publish.Attributes}.
 */
@NullMarked
package oneapp.agent.publish;

import org.jspecify.annotations.NullMarked;
