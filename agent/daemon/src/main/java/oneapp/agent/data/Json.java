package oneapp.agent.data;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import java.io.IOException;
import java.io.OutputStream;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one JSON mapper: snake_case names, keys sorted, indented; what a record derives from its
 * components is not written; unknown fields and missing or null values of primitives are errors, so
 * that a file of another version is noticed.
 */
public final class Json {
  public static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .changeDefaultVisibility(
              visible -> visible.withIsGetterVisibility(JsonAutoDetect.Visibility.NONE))
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private static final ObjectWriter LINE =
      MAPPER
          .writer()
          .without(SerializationFeature.INDENT_OUTPUT)
          .without(StreamWriteFeature.AUTO_CLOSE_TARGET);

  private Json() {}

  /** {@code value} without whitespace. */
  public static String line(Object value) {
    return LINE.writeValueAsString(value);
  }

  /** Writes {@code value} without whitespace, piece by piece; the stream stays open. */
  public static void write(Object value, OutputStream out) throws IOException {
    try {
      LINE.writeValue(out, value);
    } catch (JacksonIOException e) {
      throw e.getCause();
    }
  }
}
