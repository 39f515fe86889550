package org.opennebula.client.template;

import org.opennebula.client.Client;
import org.opennebula.client.OneResponse;

/** The calls on a VM template. */
public final class Template {
  private Template() {}

  /** Reads a template: its XML is the message. */
  public static OneResponse info(Client client, int id) {
    return client.call("template.info", id, false);
  }

  /** Merges attributes into a template, or without {@code append} replaces all of them. */
  public static OneResponse update(Client client, int id, String attributes, boolean append) {
    return client.call("template.update", id, attributes, append ? 1 : 0);
  }
}
