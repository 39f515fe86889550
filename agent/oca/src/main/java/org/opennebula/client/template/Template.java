package org.opennebula.client.template;

import org.opennebula.client.Client;
import org.opennebula.client.OneResponse;
import org.opennebula.client.PoolElement;

/** A VM template. */
public class Template extends PoolElement {
  public Template(int id, Client client) {
    super(id, client);
  }

  /** Reads a template: its XML is the message. */
  public static OneResponse info(Client client, int id) {
    return client.call("template.info", id, false);
  }

  /** Merges attributes into a template, or without {@code append} replaces all of them. */
  public static OneResponse update(Client client, int id, String attributes, boolean append) {
    return client.call("template.update", id, attributes, append ? 1 : 0);
  }

  /** Reads this template and keeps what was read. */
  public OneResponse info() {
    return keep(info(client, id));
  }

  /** Replaces all attributes of this template. */
  public OneResponse update(String attributes) {
    return update(attributes, false);
  }

  /** Merges attributes into this template, or without {@code append} replaces all of them. */
  public OneResponse update(String attributes, boolean append) {
    return update(client, id, attributes, append);
  }
}
