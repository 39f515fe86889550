package oneapp.agent.model;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import oneapp.agent.data.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

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
   * How many numbers the file holds, whatever type they are kept in; empty when it is no such file,
   * which vLLM will say better.
   */
  static OptionalLong parameters(Path file) {
    try (InputStream in = Files.newInputStream(file);
        DataInputStream data = new DataInputStream(in)) {
      long length = Long.reverseBytes(data.readLong());
      if (length < 2 || length > Math.min(LARGEST, Files.size(file) - Long.BYTES)) {
        return OptionalLong.empty();
      }
      return sum(Json.MAPPER.readTree(data.readNBytes((int) length)));
    } catch (IOException | JacksonException | ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong sum(JsonNode header) {
    long sum = 0;
    for (String name : header.propertyNames()) {
      if (!name.equals(METADATA)) {
        long numbers = 1;
        for (JsonNode size : header.path(name).path("shape")) {
          numbers = Math.multiplyExact(numbers, size.asLong(0));
        }
        sum = Math.addExact(sum, numbers);
      }
    }
    return sum > 0 ? OptionalLong.of(sum) : OptionalLong.empty();
  }
}
