package oneapp.agent.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Holds {@link JsonSchema} against another validator of JSON Schema 2020-12, networknt's. */
public final class SchemaWitness {
  /** Where relative references lead; nothing is fetched from there. */
  private static final String BASE = "https://schema.invalid/";

  private final JsonSchema ours;
  private final Schema witness;

  private SchemaWitness(JsonSchema ours, Schema witness) {
    this.ours = ours;
    this.witness = witness;
  }

  /** A published schema, such as {@code result-1.schema.json}. */
  public static SchemaWitness of(String name) {
    SchemaRegistry registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder ->
                builder.schemas(
                    iri ->
                        iri.startsWith(BASE)
                            ? Yaml.resourceText("appliance/schema/" + iri.substring(BASE.length()))
                            : null));
    return new SchemaWitness(
        JsonSchema.resource(name), registry.getSchema(SchemaLocation.of(BASE + name)));
  }

  /** Any schema without references. */
  static SchemaWitness ofText(String schema) {
    JsonNode tree = Json.MAPPER.readTree(schema);
    return new SchemaWitness(
        JsonSchema.of(tree),
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(tree));
  }

  /**
   * What {@link JsonSchema} finds wrong, after a check that the witness finds fault, too, or not.
   */
  public List<String> violations(JsonNode document) {
    List<String> violations = ours.violations(document);
    assertThat(accepts(document))
        .as(
            () ->
                Text.format(
                    "of %s the agent says %s",
                    Text.shortened(document.toString(), 2000), violations))
        .isEqualTo(violations.isEmpty());
    return violations;
  }

  /** What the witness alone says. */
  boolean accepts(JsonNode document) {
    return witness.validate(document).isEmpty();
  }

  /** What the agent alone says. */
  boolean oursAccepts(JsonNode document) {
    return ours.violations(document).isEmpty();
  }
}
