package oneapp.agent.context;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import oneapp.agent.data.Secrets;

/**
 * Reads {@link OpenNebulaAccess}: a wrong value counts as absent here, and as a problem in the
 * context.
 */
public final class OpenNebulaAccessReader {
  private OpenNebulaAccessReader() {}

  /**
   * Reads what is needed to report.
   *
   * @param oneGateToken content of the context's token.txt
   * @param secrets learns the credentials, and every other secret of the context
   */
  public static OpenNebulaAccess read(
      RawContext raw, Optional<String> oneGateToken, Secrets secrets) {
    Variables variables = Variables.load();
    variables.variables().stream()
        .filter(Variables.Variable::isSecret)
        .forEach(variable -> raw.get(variable.name()).ifPresent(secrets::add));
    oneGateToken.ifPresent(secrets::add);

    List<String> ignored = new ArrayList<>();
    Values values = new Values(raw, variables, ignored);
    Set<OpenNebulaAccess.Target> targets = EnumSet.noneOf(OpenNebulaAccess.Target.class);
    values
        .choices("ONEAPP_VLLM_RESULT_TARGETS")
        .forEach(
            name -> targets.add(OpenNebulaAccess.Target.valueOf(name.toUpperCase(Locale.ROOT))));
    return new OpenNebulaAccess(
        vmId(raw),
        values.text("ONEAPP_VLLM_ONE_ENDPOINT").map(URI::create),
        values.text("ONEAPP_VLLM_ONE_AUTH"),
        values
            .base64("ONEAPP_VLLM_ONE_CA_BASE64")
            .map(bytes -> new String(bytes, StandardCharsets.US_ASCII)),
        raw.get("ONEGATE_ENDPOINT").filter(Syntax::isUrl).map(URI::create),
        oneGateToken.map(String::strip).filter(token -> !token.isEmpty()),
        targets.isEmpty() ? EnumSet.allOf(OpenNebulaAccess.Target.class) : targets);
  }

  private static OptionalInt vmId(RawContext raw) {
    return raw.get("VMID")
        .map(String::strip)
        .filter(id -> id.matches("[0-9]{1,9}"))
        .map(id -> OptionalInt.of(Integer.parseInt(id)))
        .orElse(OptionalInt.empty());
  }
}
