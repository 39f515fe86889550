package org.opennebula.client;

/** The OpenNebula server itself. */
public class OneSystem {
  private final Client client;

  public OneSystem(Client client) {
    this.client = client;
  }

  /** The version of oned, such as {@code 7.4.0}. */
  public OneResponse getOnedVersion() {
    return client.get_version();
  }
}
