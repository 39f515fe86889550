package oneapp.agent.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import oneapp.agent.context.Context;
import oneapp.agent.stage.Category;
import oneapp.agent.stage.StageFailure;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReaderTest {
  private static final String TINY =
      """
      {"model_type": "qwen2", "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
       "num_key_value_heads": 2, "intermediate_size": 128, "vocab_size": 8000,
       "max_position_embeddings": 2048, "torch_dtype": "float32", "tie_word_embeddings": true%s}
      """;

  @TempDir Path folder;

  @Test
  void aDirectoryWithoutConfigIsNoModel() {
    assertFails(() -> ModelReader.read("x", folder), Category.MODEL_NOT_FOUND, "no config.json");
    assertFails(
        () -> ModelReader.read("x", folder.resolve("none")),
        Category.MODEL_NOT_FOUND,
        "does not exist");
  }

  @Test
  void aBrokenConfigIsToldWhere() throws IOException {
    assertUnsupported("{\"hidden_size\": ", "is not JSON");
    assertUnsupported("[1]", "not a JSON object");
    assertUnsupported("{}", "hidden_size");
    assertUnsupported(TINY.formatted(", \"num_hidden_layers\": \"two\""), "is not a number");
    assertUnsupported(TINY.formatted(", \"vocab_size\": -5"), "not possible");
    assertUnsupported(TINY.formatted(", \"num_attention_heads\": 0"), "num_attention_heads");
    assertUnsupported(TINY.formatted(", \"num_key_value_heads\": 3"), "do not divide");
    assertUnsupported(TINY.formatted(", \"quantization_config\": {}"), "quant_method");
  }

  @Test
  void namesOfOtherModelClassesAreRead() throws Exception {
    ModelFacts gpt2 =
        parse(
            """
            {"model_type": "gpt2", "n_embd": 768, "n_layer": 12, "n_head": 12,
             "n_positions": 1024, "vocab_size": 50257}
            """);
    assertThat(gpt2.attention().kvHeads()).isEqualTo(12);
    assertThat(gpt2.mlp().width()).isEqualTo(3072);
    assertThat(gpt2.maxLength()).isEqualTo(1024);

    ModelFacts falcon =
        parse(
            """
            {"model_type": "falcon", "hidden_size": 4544, "num_hidden_layers": 32,
             "num_attention_heads": 71, "multi_query": true, "vocab_size": 65024}
            """);
    assertThat(falcon.attention().kvHeads()).isEqualTo(1);

    ModelFacts mpt =
        parse(
            """
            {"model_type": "mpt", "d_model": 4096, "n_layers": 32, "n_heads": 32,
             "max_seq_len": 8192, "vocab_size": 50432, "attn_config": {"kv_n_heads": 8}}
            """);
    assertThat(mpt.attention().kvHeads()).isEqualTo(8);
    assertThat(mpt.maxLength()).isEqualTo(8192);

    ModelFacts chatglm =
        parse(
            """
            {"model_type": "chatglm", "hidden_size": 4096, "num_layers": 40,
             "num_attention_heads": 32, "multi_query_attention": true, "multi_query_group_num": 2,
             "ffn_hidden_size": 13696, "padded_vocab_size": 151552, "kv_channels": 128,
             "seq_length": 131072}
            """);
    assertThat(chatglm.attention().kvHeads()).isEqualTo(2);
    assertThat(chatglm.vocabSize()).isEqualTo(151_552);
  }

  @Test
  void theTextPartOfAMultimodalModelCounts() throws Exception {
    ModelFacts facts =
        parse(
            """
            {"model_type": "gemma3", "torch_dtype": "bfloat16", "text_config": {
             "model_type": "gemma3_text", "hidden_size": 3840, "num_hidden_layers": 48,
             "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 256,
             "intermediate_size": 15360, "vocab_size": 262208, "max_position_embeddings": 131072,
             "rope_scaling": {"rope_type": "linear", "factor": 8.0}}}
            """);
    assertThat(facts.attention().headDim()).isEqualTo(256);
    assertThat(facts.maxLength()).isEqualTo(131_072);
    assertThat(facts.format().dtype()).isEqualTo("bfloat16");
  }

  @Test
  void ropeFactorsCountOnlyWhereVllmCountsThem() throws Exception {
    assertThat(scaled("{\"rope_type\": \"linear\", \"factor\": 4.0}")).isEqualTo(8192);
    assertThat(scaled("{\"type\": \"dynamic\", \"factor\": 2.0}")).isEqualTo(4096);
    assertThat(scaled("{\"rope_type\": \"llama3\", \"factor\": 8.0}")).isEqualTo(2048);
    assertThat(scaled("{\"rope_type\": \"yarn\", \"factor\": 4.0}")).isEqualTo(2048);
    assertThat(scaled("{\"rope_type\": \"default\"}")).isEqualTo(2048);
    assertThat(scaled("null")).isEqualTo(2048);
  }

  private int scaled(String rope) throws Exception {
    return parse(TINY.formatted(", \"rope_scaling\": " + rope)).maxLength();
  }

  @Test
  void quantisationsAreReadInEachForm() throws Exception {
    ModelFacts.Quantisation gptq =
        quantised("{\"quant_method\": \"gptq\", \"bits\": 8, \"group_size\": 128}");
    assertThat(gptq.bits()).isEqualTo(8);
    assertThat(gptq.groupSize()).isEqualTo(128);
    ModelFacts.Quantisation compressed =
        quantised(
            """
            {"quant_method": "compressed-tensors", "config_groups": {"group_0":
             {"weights": {"num_bits": 4, "group_size": 128}}}}
            """);
    assertThat(compressed.bits()).isBetween(4.0, 4.5);
    ModelFacts.Quantisation modelopt =
        quantised("{\"quant_method\": \"modelopt\", \"quant_algo\": \"NVFP4\"}");
    assertThat(modelopt.method()).isEqualTo("modelopt_fp4");
    ModelFacts.Quantisation fp8 =
        quantised("{\"quant_method\": \"fp8\", \"weight_block_size\": [128, 64]}");
    assertThat(fp8.blockN()).isEqualTo(128);
    assertThat(fp8.blockK()).isEqualTo(64);
    ModelFacts.Quantisation unknown = quantised("{\"quant_method\": \"next-year\"}");
    assertThat(unknown.bits()).isEqualTo(16);
  }

  private ModelFacts.Quantisation quantised(String config) throws Exception {
    return parse(TINY.formatted(", \"quantization_config\": " + config))
        .quantisation()
        .orElseThrow();
  }

  @Test
  void theIndexOfTheWeightsCounts() throws Exception {
    Files.writeString(folder.resolve("config.json"), TINY.formatted(""));
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"metadata\": {\"total_size\": 4000000}, \"weight_map\": {}}");
    ModelFacts.Weights weights = ModelReader.read("x", folder).weights();
    assertThat(weights.parameters()).isEqualTo(1_000_000);

    Files.delete(folder.resolve("model.safetensors.index.json"));
    Files.write(folder.resolve("model.safetensors"), new byte[800]);
    Files.write(folder.resolve("consolidated.safetensors"), new byte[800]);
    ModelFacts facts = ModelReader.read("x", folder);
    assertThat(facts.weights().bytes()).isEqualTo(800);
    assertThat(facts.weights().onDisk()).isTrue();
  }

  /** Their type may be another: what is kept in 32 bits may be served in 16. */
  @Test
  void parametersAreCountedByTheShapesInTheFiles() throws Exception {
    Files.writeString(folder.resolve("config.json"), TINY.formatted(""));
    long expected = ModelReader.read("x", folder).weights().parameters();
    tensors("model-00001-of-00002.safetensors", "[%d, 2]".formatted(expected / 4));
    tensors("model-00002-of-00002.safetensors", "[%d]".formatted(expected - expected / 4 * 2));
    ModelFacts facts = ModelReader.read("x", folder);
    assertThat(facts.weights().parameters()).isEqualTo(expected);
    assertThat(facts.notes()).noneMatch(note -> note.contains("the files count"));
  }

  @Test
  void ofFilesWithAnIndexThoseThatItNamesCount() throws Exception {
    Files.writeString(folder.resolve("config.json"), TINY.formatted(""));
    tensors("model-00001-of-00002.safetensors", "[400, 1000]");
    tensors("model-00002-of-00002.safetensors", "[200, 1000]");
    tensors("adapter_model.safetensors", "[1000, 1000]");
    assertThat(indexed("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"))
        .isEqualTo(600_000);
    for (String name : List.of("model-00003-of-00003.safetensors", "../config.json", "..", "")) {
      assertThat(indexed("model-00001-of-00002.safetensors", name))
          .as("by the size alone, with " + name)
          .isEqualTo(1_000_000);
    }
  }

  private long indexed(String first, String second) throws Exception {
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        """
        {"metadata": {"total_size": 4000000}, "weight_map": {"a": "%s", "b": "%s", "c": "%s"}}
        """
            .formatted(first, second, first));
    return ModelReader.read("x", folder).weights().parameters();
  }

  /** A file with the header of one tensor and no numbers. */
  private void tensors(String name, String shape) throws IOException {
    byte[] header =
        "{\"__metadata__\": {\"format\": \"pt\"}, \"w\": {\"dtype\": \"F32\", \"shape\": %s}}"
            .formatted(shape)
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + header.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length);
    Files.write(folder.resolve(name), file.put(header).array());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1234567",
        "\0\0\0\0\0\0\0\0{}",
        "\u0002\0\0\0\0\0\0\0{]",
        "\u0009\0\0\0\0\0\0\0{}"
      })
  void aFileWithoutAHeaderSaysNothing(String content) throws Exception {
    Path file = folder.resolve("broken.safetensors");
    Files.writeString(file, content, StandardCharsets.ISO_8859_1);
    assertThat(SafetensorsHeader.parameters(file)).isEmpty();
  }

  @Test
  void aHeaderOfMoreThanThereCanBeSaysNothing() throws Exception {
    tensors("model.safetensors", "[4611686018427387904, 4]");
    assertThat(SafetensorsHeader.parameters(folder.resolve("model.safetensors"))).isEmpty();
  }

  @Test
  void theHubClientGetsTheTokenInItsEnvironmentAlone() throws Exception {
    Path python =
        python(
            """
            [ "$HF_TOKEN" = secret-token ] && [ "$4" = main ] || exit 9
            case "$*" in *secret-token*) exit 8 ;; esac
            cat "$0.answer"
            """);
    String config = TINY.formatted("").replace("\"", "\\\"").replace("\n", " ");
    Files.writeString(
        Path.of(python + ".answer"),
        "warning\n{\"config\": \""
            + config
            + "\", \"bytes\": 4000, \"parameters\": null,"
            + " \"present\": true}\n");
    ModelFacts facts = hub(python, Duration.ofSeconds(20)).read(model(false));
    assertThat(facts.weights().bytes()).isEqualTo(4000);
    assertThat(facts.weights().onDisk()).isTrue();
  }

  @Test
  void eachRefusalOfTheHubHasItsCategory() throws Exception {
    assertAnswer("DENIED", false, Category.MODEL_ACCESS_DENIED);
    assertAnswer("NOT_FOUND", false, Category.MODEL_NOT_FOUND);
    assertAnswer("DISK_FULL", false, Category.DISK_FULL);
    assertAnswer("NO_CONFIG", false, Category.UNSUPPORTED_MODEL);
    assertAnswer("UNREACHABLE", false, Category.HUB_UNREACHABLE);
    assertAnswer("UNREACHABLE", true, Category.MODEL_NOT_FOUND);
    Path slow = python("sleep 30\n");
    assertFails(
        () -> hub(slow, Duration.ofMillis(300)).read(model(false)),
        Category.HUB_UNREACHABLE,
        "did not answer");
    Path broken = python("echo oops >&2; exit 3\n");
    assertFails(
        () -> hub(broken, Duration.ofSeconds(20)).read(model(false)), Category.INTERNAL, "oops");
  }

  private void assertAnswer(String error, boolean offline, Category category) throws IOException {
    Path python = python("echo '{\"error\": \"" + error + "\", \"message\": \"m\"}'\n");
    assertFails(
        () -> hub(python, Duration.ofSeconds(20)).read(model(offline)), category, "org/model");
  }

  private static HubClient hub(Path python, Duration deadline) {
    return new HubClient(List.of(python.toString()), Map.of("PATH", "/usr/bin:/bin"), deadline);
  }

  private static Context.Model model(boolean offline) {
    return new Context.Model(
        "org/model",
        Optional.of("main"),
        Optional.of("secret-token"),
        offline,
        0,
        OptionalInt.empty(),
        false);
  }

  private Path python(String script) throws IOException {
    Path python = folder.resolve("python");
    Files.writeString(python, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwxr-xr-x"));
    return python;
  }

  @Property(tries = 1000)
  void noConfigIsTooOdd(@ForAll String text, @ForAll int number) {
    for (String config :
        new String[] {text, TINY.formatted(", \"head_dim\": " + number), "{\"text_config\": 1}"}) {
      try {
        assertThat(parse(config).attention().cachedLayers()).isPositive();
      } catch (StageFailure e) {
        assertThat(e.category()).isEqualTo(Category.UNSUPPORTED_MODEL);
      }
    }
  }

  private static ModelFacts parse(String config) throws StageFailure {
    return ModelReader.parse("test", config, WeightFiles.NONE);
  }

  private void assertUnsupported(String config, String why) throws IOException {
    Files.writeString(folder.resolve("config.json"), config);
    assertFails(() -> ModelReader.read("x", folder), Category.UNSUPPORTED_MODEL, why);
  }

  private static void assertFails(ThrowingCallable call, Category category, String why) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StageFailure.class, failure -> assertThat(failure.category()).isEqualTo(category))
        .hasMessageContaining(why);
  }
}
