package oneapp.agent.model;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import oneapp.agent.data.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The header of a safetensors file: its length in 8 bytes, the lowest first, then JSON with the
 * shape of each tensor.
 */
final class SafetensorsHeader {
  /** The format's own limit. */
  private static final long LARGEST = 100_000_000;

  private static final String METADATA = "__metadata__";

  private SafetensorsHeader() {}

  /**
   * How many numbers the file holds, of any type; empty if it is not such a file, which vLLM
   * reports better.
   */
  static OptionalLong parameters(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      long length = Long.reverseBytes(new DataInputStream(in).readLong());
      if (length < 2 || length > Math.min(LARGEST, Files.size(file) - Long.BYTES)) {
        return OptionalLong.empty();
      }
      try (JsonParser header = Json.MAPPER.createParser(in)) {
        return sum(header);
      }
    } catch (IOException | JacksonException | ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  /** Read as a stream: the header of a model with many experts is large. */
  private static OptionalLong sum(JsonParser header) {
    if (header.nextToken() != JsonToken.START_OBJECT) {
      return OptionalLong.empty();
    }
    long sum = 0;
    while (header.nextToken() == JsonToken.PROPERTY_NAME) {
      boolean tensor = !header.currentName().equals(METADATA);
      if (header.nextToken() == JsonToken.START_OBJECT && tensor) {
        sum = Math.addExact(sum, numbers(header));
      } else {
        header.skipChildren();
      }
    }
    return sum > 0 ? OptionalLong.of(sum) : OptionalLong.empty();
  }

  /** The product of a tensor's shape; 0 for one without. */
  private static long numbers(JsonParser header) {
    long numbers = 0;
    while (header.nextToken() == JsonToken.PROPERTY_NAME) {
      boolean shape = header.currentName().equals("shape");
      if (header.nextToken() == JsonToken.START_ARRAY && shape) {
        numbers = 1;
        while (header.nextToken() == JsonToken.VALUE_NUMBER_INT) {
          numbers = Math.multiplyExact(numbers, header.getLongValue());
        }
      } else {
        header.skipChildren();
      }
    }
    return numbers;
  }
}
