package oneapp.agent.context;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import oneapp.agent.data.Secrets;

/**
 * Reads {@link OpenNebulaAccess}. A wrong value counts as absent; {@link ContextReader} reports it.
 */
public final class OpenNebulaAccessReader {
  private OpenNebulaAccessReader() {}

  /**
   * Reads what is needed to report.
   *
   * @param oneGateToken content of the context's token.txt
   * @param secrets gets every secret of the context, to redact it
   */
  public static OpenNebulaAccess read(
      RawContext raw, Optional<String> oneGateToken, Secrets secrets) {
    Variables.load().variables().stream()
        .filter(Variables.Variable::isSecret)
        .forEach(variable -> raw.get(variable.name()).ifPresent(secrets::add));
    oneGateToken.ifPresent(secrets::add);

    Values values = new Values(raw);
    Set<OpenNebulaAccess.Target> targets = EnumSet.noneOf(OpenNebulaAccess.Target.class);
    for (String name : values.choices("ONEAPP_VLLM_RESULT_TARGETS")) {
      targets.add(OpenNebulaAccess.Target.valueOf(name.toUpperCase(Locale.ROOT)));
    }
    return new OpenNebulaAccess(
        vmId(raw),
        values.find("ONEAPP_VLLM_ONE_ENDPOINT", URI.class),
        values.text("ONEAPP_VLLM_ONE_AUTH"),
        values
            .find("ONEAPP_VLLM_ONE_CA_BASE64", byte[].class)
            .map(bytes -> new String(bytes, StandardCharsets.US_ASCII)),
        raw.get("ONEGATE_ENDPOINT").flatMap(Syntax::url),
        oneGateToken.map(String::strip).filter(token -> !token.isEmpty()),
        targets);
  }

  private static OptionalInt vmId(RawContext raw) {
    return raw.get("VMID")
        .map(String::strip)
        .filter(id -> id.matches("[0-9]{1,9}"))
        .map(id -> OptionalInt.of(Integer.parseInt(id)))
        .orElse(OptionalInt.empty());
  }
}
