package oneapp.tests.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import oneapp.agent.data.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The argument list of every golden case is taken by the parser of the real vLLM. */
@Tag("real")
class RealArgumentParserTest {
  private static final Path CASES =
      Engines.HOUSE.resolve("agent/daemon/src/test/resources/plan-cases");

  /** Prints, for each list, the values that vLLM understood; a refused list ends the program. */
  private static final String SCRIPT =
      """
      import json, sys
      from vllm.engine.arg_utils import AsyncEngineArgs
      from vllm.entrypoints.launchers.cli_args import make_arg_parser
      from vllm.utils.argparse_utils import FlexibleArgumentParser
      parser = make_arg_parser(FlexibleArgumentParser(prog="vllm serve"))
      options = {name for action in parser._actions for name in action.option_strings}
      lists, names = json.load(open(sys.argv[1]))
      unknown = [name for name in names if name not in options]
      if unknown:
          sys.exit(f"not arguments of this vllm: {unknown}")
      for argv in lists:
          args = parser.parse_args(argv[2:])
          print("UNDERSTOOD", json.dumps([args.model_tag or args.model, args.tensor_parallel_size,
              args.data_parallel_size, args.max_model_len, args.port]))
      """;

  @TempDir Path folder;

  @Test
  void everyPlanAndEveryKnownArgumentIsTaken() throws Exception {
    List<JsonNode> plans = plans();
    assertThat(plans).hasSizeGreaterThan(30);
    Path input = folder.resolve("lists.json");
    Files.writeString(
        input,
        Json.MAPPER.writeValueAsString(
            List.of(plans.stream().map(plan -> plan.get("argv")).toList(), knownArguments())));
    String printed =
        Engines.output(
            List.of(
                Engines.folder().resolve("bin/python").toString(), "-c", SCRIPT, input.toString()));
    List<String> understood =
        printed.lines().filter(line -> line.startsWith("UNDERSTOOD ")).toList();
    assertThat(understood).hasSameSizeAs(plans);
    for (int i = 0; i < plans.size(); i++) {
      JsonNode values = Json.MAPPER.readTree(understood.get(i).substring("UNDERSTOOD ".length()));
      JsonNode plan = plans.get(i);
      assertThat(values.get(0)).isEqualTo(plan.get("model"));
      assertThat(values.get(1)).isEqualTo(plan.get("tensor_parallel_size"));
      assertThat(values.get(2)).isEqualTo(plan.get("data_parallel_size"));
      assertThat(values.get(3)).isEqualTo(plan.get("max_model_len"));
      assertThat(values.get(4)).isEqualTo(plan.get("port"));
    }
  }

  private static List<JsonNode> plans() throws Exception {
    List<JsonNode> plans = new ArrayList<>();
    try (Stream<Path> folders = Files.list(CASES)) {
      for (Path folder : folders.sorted().toList()) {
        JsonNode plan = Json.MAPPER.readTree(folder.resolve("expected.json").toFile());
        if (plan.get("fits").booleanValue()) {
          plans.add(plan);
        }
      }
    }
    return plans;
  }

  private static List<String> knownArguments() throws Exception {
    return Files.readAllLines(Engines.HOUSE.resolve("appliance/catalogue/arguments.yaml")).stream()
        .filter(line -> line.strip().startsWith("- {name: "))
        .map(line -> line.replaceFirst(".*name: (--[a-z-]+),.*", "$1"))
        .toList();
  }
}
