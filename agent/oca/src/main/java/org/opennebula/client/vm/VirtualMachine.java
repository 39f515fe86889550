package org.opennebula.client.vm;

import org.opennebula.client.Client;
import org.opennebula.client.OneResponse;

/** The calls on a virtual machine. */
public final class VirtualMachine {
  private VirtualMachine() {}

  /** Reads a VM: its XML is the message. */
  public static OneResponse info(Client client, int id) {
    return client.call("vm.info", id);
  }

  /** Merges attributes into a VM's USER_TEMPLATE, or without {@code append} replaces it. */
  public static OneResponse update(Client client, int id, String attributes, boolean append) {
    return client.call("vm.update", id, attributes, append ? 1 : 0);
  }
}
