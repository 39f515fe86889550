package oneapp.tests.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import oneapp.agent.benchmark.BenchmarkResult;
import oneapp.agent.benchmark.BenchmarkRun;
import oneapp.agent.certify.Certificate;
import oneapp.agent.certify.Certifier;
import oneapp.agent.certify.Price;
import oneapp.agent.certify.figures.Evidence;
import oneapp.agent.publish.report.ReportFiles;
import oneapp.agent.publish.report.Signature;
import oneapp.agent.reference.Standards;

/** Certificates of every kind, from known requests. */
record Specimen(String name, BenchmarkResult result, Certificate certificate) {
  private static final String MODEL = "Qwen/Qwen2.5-3B-Instruct";
  private static final Signature SIGNATURE =
      new Signature.Signed("1782de757bc25a4907298cb9c1a5f6d6497c897cde22d29bafb92327a85ec1eb");
  private static final Load L40S = new Load(12.4, 42, 12.9, 0, 1, "HTTP 500");
  private static final Load H100 = new Load(34.6, 17, 6.6, 0, 1, "HTTP 500");

  /** One for each state and for each thing that a report may lack. */
  static List<Specimen> all() {
    return List.of(
        of("certified", runs(L40S, 1000, 0), evidence(MODEL, "NVIDIA L40S"), Set.of("CHAT")),
        of("within", runs(H100, 1000, 0), evidence(MODEL, "NVIDIA H100 NVL"), Set.of("CHAT")),
        of(
            "regressed",
            runs(new Load(21, 24, 6.6, 0, 1, "HTTP 500"), 1000, 0),
            evidence(MODEL, "NVIDIA H100 NVL"),
            Set.of("CHAT")),
        of(
            "not-certified",
            runs(new Load(6.4, 260, 13.1, 0, 1, "HTTP 500"), 1000, 0),
            evidence(MODEL, "NVIDIA L40S"),
            Set.of("CHAT", "CODE_COMPLETION")),
        of(
            "void",
            runs(new Load(31, 20, 3.1, 0.42, 1, "HTTP 500"), 1000, 3),
            evidence(MODEL, "NVIDIA L40S"),
            Set.of("CHAT")),
        of(
            "inconclusive",
            runs(L40S, 240, 0),
            evidence(MODEL, "NVIDIA L40S"),
            Set.of("CHAT", "RAG")),
        of("none-required", runs(L40S, 1000, 0), evidence(MODEL, "NVIDIA L40S"), Set.of()),
        of(
            "no-reference",
            runs(new Load(3.1, 90, 30, 0, 0, "HTTP 500"), 528, 0),
            evidence("acme/Tiny-0.5B", "AMD EPYC 9354 32-Core Processor"),
            Set.of("CONTENT_GENERATION")),
        of(
            "many-gpus",
            withHalvedRun(new Load(9.4, 150, 20, 0, 8, "HTTP 500")),
            evidence(MODEL, "NVIDIA L40S"),
            Set.of("CHAT", "RAG", "CODE_GENERATION", "CONTENT_GENERATION")),
        of(
            "throughput-only",
            List.of(L40S.throughput(400, 1042)),
            evidence(MODEL, "NVIDIA L40S"),
            Set.of("CHAT")),
        of("no-runs", List.of(), Evidence.ofModel(""), Set.of()));
  }

  /** Wherever a site, a model or a server can say something, it says {@code text}. */
  static Specimen hostile(String name, String text) {
    Evidence evidence = evidence(text, text);
    BenchmarkResult result =
        new BenchmarkResult(
            BenchmarkResult.SCHEMA,
            text,
            text,
            text,
            2,
            runs(new Load(12.4, 42, 12.9, 0, 1, text), 60, 3),
            List.of(text));
    return certify(name, result, evidence, Set.of("CHAT"));
  }

  /** Its files as the agent writes them; the report is {@code report.html}. */
  Path write(Path folder) throws IOException {
    ReportFiles files = ReportFiles.in(folder.resolve(name));
    files.writeData(result, certificate);
    files.writeReport(result, certificate, SIGNATURE);
    return files.html();
  }

  private static List<BenchmarkRun> runs(Load load, int requests, int failing) {
    List<BenchmarkRun> runs = new ArrayList<>();
    runs.add(load.throughput(requests, 1042));
    long start = Math.round(1000 * requests / load.capacity()) + 30_000;
    for (int i = 0; i < 10; i++) {
      double rate = Math.round(load.capacity() * (50 + 5 * i)) / 100.0;
      runs.add(load.constant(rate, requests, failing, start, 1043 + i));
      start += Math.round(1000 * requests / rate) + 25_000;
    }
    return runs;
  }

  /** Its lowest rate was run last, as when no other passes. */
  private static List<BenchmarkRun> withHalvedRun(Load load) {
    List<BenchmarkRun> runs = new ArrayList<>(runs(load, 1000, 0));
    runs.add(1, load.constant(load.capacity() / 4, 400, 0, 2_100_000, 1053));
    return runs;
  }

  private static Specimen of(
      String name, List<BenchmarkRun> runs, Evidence evidence, Set<String> required) {
    BenchmarkResult result =
        new BenchmarkResult(
            BenchmarkResult.SCHEMA, "guidellm", "0.8.1", "CERTIFICATION", 2, runs, List.of());
    return certify(name, result, evidence, required);
  }

  private static Specimen certify(
      String name, BenchmarkResult result, Evidence evidence, Set<String> required) {
    Standards standards = Standards.load();
    return new Specimen(
        name,
        result,
        Certifier.certify(
            result,
            evidence,
            standards.slos(),
            standards.references(),
            required,
            Optional.of(new Price(1.2, "EUR"))));
  }

  @Override
  public String toString() {
    return name;
  }

  private static Evidence evidence(String model, String gpu) {
    boolean onCpu = gpu.startsWith("AMD");
    Map<String, String> provenance = new TreeMap<>();
    provenance.put("agent", "0.1.0");
    provenance.put("vLLM", "0.32.0");
    provenance.put("driver", "570.133.20");
    provenance.put("model", model);
    provenance.put(
        "plan",
        "vllm serve %s --host 127.0.0.1 --port 8001 --served-model-name %s --dtype auto --max-model-len 32768 --gpu-memory-utilization 0.9 --tensor-parallel-size 1"
            .formatted(model, model));
    provenance.put("plan reason 01", "one GPU holds the model: no tensor parallelism");
    provenance.put(
        "plan reason 02", "the KV cache holds 1,210,000 tokens, 37 requests of 32768 tokens");
    provenance.put(
        "KV cache tokens", "1210000 predicted, 1198720 logged by vLLM, within the predicted range");
    provenance.put("ONEAPP_VLLM_MODEL_ID", model);
    provenance.put("ONEAPP_VLLM_BENCHMARK_SAMPLES", "1000");
    provenance.put("ONEAPP_VLLM_SLO_USE_CASES", "CHAT");
    return new Evidence(
        new Evidence.Model(model, onCpu ? "" : "aa8e72537993ba99e69dfaafa59ed015b17504d1", 0),
        new Evidence.Hardware(
            gpu,
            onCpu,
            onCpu ? OptionalInt.empty() : OptionalInt.of(1),
            OptionalInt.of(1),
            OptionalInt.of(1),
            OptionalInt.of(32),
            OptionalInt.of(32768)),
        Evidence.Floors.UNKNOWN,
        provenance);
  }
}
