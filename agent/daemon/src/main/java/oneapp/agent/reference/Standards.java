package oneapp.agent.reference;

import oneapp.agent.certify.Slo;
import oneapp.agent.certify.compare.ReferenceDatabase;
import oneapp.agent.data.Yaml;

/**
 * What results are judged by: the limits of the use cases and the rows to compare with.
 *
 * @param slos from contextualization/slos.yaml
 * @param references from appliance/reference, and from folders of the site
 */
public record Standards(Slo.Table slos, ReferenceDatabase references) {
  /** Those that ship with the appliance. */
  public static Standards load() {
    return with(References.shipped().database());
  }

  /** The limits that ship with the appliance, with these rows. */
  public static Standards with(ReferenceDatabase references) {
    return new Standards(Yaml.resource("contextualization/slos.yaml", Slo.Table.class), references);
  }
}
