package oneapp.agent.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.StringEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import oneapp.agent.certify.Certificate;
import oneapp.agent.context.Context;
import oneapp.agent.context.Variables;
import oneapp.agent.data.Secrets;
import oneapp.agent.plan.LaunchPlan;
import oneapp.agent.plan.Machines;
import oneapp.agent.plan.Models;
import oneapp.agent.plan.Planner;
import oneapp.agent.reference.Standards;
import oneapp.agent.stage.Stage;
import oneapp.agent.stage.StageFailure;
import oneapp.agent.stage.State;
import org.junit.jupiter.api.Test;

/** The one list, and the code that makes what stands there. */
final class AttributesTest {
  private static final Attributes LIST = Attributes.load();
  private static final Path MAIN =
      Path.of(System.getProperty("house"), "agent", "daemon", "src", "main", "java");

  /** What takes a running server or a request from outside: whole agents make these. */
  private static final Set<String> MAKERS_OF_A_RUNNING_AGENT =
      Set.of("Measurement.class", "RequestWatch.class");

  /** Environment of vLLM. */
  private static final Set<String> OTHERS =
      Set.of(
          "VLLM_HOST_IP",
          "VLLM_NO_USAGE_STATS",
          "VLLM_CPU_KVCACHE_SPACE",
          "VLLM_CPU_OMP_THREADS_BIND",
          "VLLM_API_KEY");

  private static final Pattern NAME = Pattern.compile("(?:ONEAPP_)?VLLM_[A-Z0-9_]+");

  private static Set<String> listed(String writer) {
    return LIST.attributes().stream()
        .filter(item -> item.writer().equals(writer))
        .map(Attributes.Item::name)
        .collect(Collectors.toSet());
  }

  @Test
  void everyListedNameIsMadeAndNoOther() throws IOException, StageFailure {
    Set<String> made = new TreeSet<>(shownInTheVm());
    made.add(
        CertificateAttributes.key(CertificateAttributesTest.certificate().evidence(), 512, 256)
            .replaceFirst("[0-9a-f]{8}$", "xxxxxxxx"));
    Set<String> ofAgent = listed("agent");
    mainClasses()
        .filter(file -> MAKERS_OF_A_RUNNING_AGENT.contains(String.valueOf(file.getFileName())))
        .flatMap(AttributesTest::texts)
        .filter(ofAgent::contains)
        .forEach(made::add);
    assertThat(made).containsExactlyInAnyOrderElementsOf(ofAgent);
  }

  /** All that the VM shows at once while a certified model is served. */
  private static Set<String> shownInTheVm() throws StageFailure {
    Certificate certificate = CertificateAttributesTest.certificate();
    Context context = Machines.context();
    LaunchPlan plan = new Planner().plan(context, Machines.l40s(1), Models.qwen3b());
    State state =
        State.initial(Instant.EPOCH)
            .at(Stage.BENCHMARKING, "benchmarking", Instant.EPOCH)
            .with(PlanAttributes.of(context, plan, "", Optional.empty()))
            .with(PlanAttributes.ofServer("http://192.0.2.1:8000/v1", "0.32.0"))
            .progressing("half");
    ResultRecord result =
        new ResultRecord(
            certificate.resultId(),
            Instant.EPOCH,
            CertificateAttributes.vm(certificate),
            CertificateAttributes.key(certificate.evidence(), 512, 256),
            CertificateAttributes.row(certificate, "7"));
    VmContent content = new VmContent(new Secrets(), Optional.of("service"));
    content.become(state);
    return content.attributes(Optional.of(result)).names();
  }

  @Test
  void rowHasTheListedValues() {
    List<String> values =
        LIST.attributes().stream()
            .filter(item -> item.name().startsWith(Attributes.RESULT + "x"))
            .flatMap(item -> item.values().stream())
            .toList();
    assertThat(CertificateAttributes.row(CertificateAttributesTest.certificate(), "7").keySet())
        .containsExactlyInAnyOrderElementsOf(values);
  }

  @Test
  void everyUseCaseHasAnAttribute() {
    List<String> useCases =
        Standards.load().slos().slos().stream().map(slo -> Attributes.SLO + slo.name()).toList();
    assertThat(listed("agent").stream().filter(name -> name.startsWith(Attributes.SLO)))
        .containsExactlyInAnyOrderElementsOf(useCases);
  }

  /** Whatever a text of the program names is an attribute, a context variable or vLLM's. */
  @Test
  void programKnowsNoOtherName() throws IOException {
    Set<String> known = new HashSet<>(OTHERS);
    known.addAll(listed("agent"));
    known.addAll(listed("user"));
    Variables.load().variables().forEach(variable -> known.add(variable.name()));
    Set<String> named =
        mainClasses()
            .flatMap(AttributesTest::texts)
            .flatMap(text -> NAME.matcher(text).results().map(MatchResult::group))
            .filter(name -> !name.endsWith("_"))
            .collect(Collectors.toCollection(TreeSet::new));
    named.removeAll(known);
    assertThat(named).isEmpty();
  }

  /** Elsewhere a name is a constant, so that a search finds where it is made. */
  @Test
  void namesAreSpelledInOnePlace() throws IOException {
    Pattern literal = Pattern.compile("\"((?:ONEAPP_VLLM_CHATBOT|VLLM)_[A-Z0-9_]*)\"");
    try (Stream<Path> files = Files.walk(MAIN)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        if (!file.endsWith("Attributes.java") || file.endsWith("CertificateAttributes.java")) {
          assertThat(literal.matcher(Files.readString(file)).results().map(one -> one.group(1)))
              .as("%s", file)
              .isSubsetOf(OTHERS);
        }
      }
    }
  }

  @Test
  void listedNamesAreWhatOnedKeeps() {
    assertThat(LIST.attributes()).extracting(Attributes.Item::name).doesNotHaveDuplicates();
    for (Attributes.Item item : LIST.attributes()) {
      String name = item.name().replace("xxxxxxxx", "00000000");
      assertThat(TemplateXml.stored(Map.of(name, new Attribute.Single("x"))).names())
          .containsExactly(name);
      assertThat(Attributes.isOfAppliance(name)).isTrue();
      assertThat(item.description()).isNotBlank();
      assertThat(item.objects()).isSubsetOf("vm", "template", "user");
    }
  }

  /** What an earlier appliance wrote goes too, and what people write stays. */
  @Test
  void ownNamesAreThoseOfAnyAgent() {
    assertThat(LIST.ownOfVm())
        .contains(Attributes.STATE, Attributes.CHATBOT_API, "ONEAPP_VLLM_CHATBOT_WEB")
        .doesNotContain(Attributes.REQUEST, "VLLM_NOTE");
  }

  private static Stream<Path> mainClasses() throws IOException {
    Path classes =
        Path.of(Attributes.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .filter(file -> file.toString().endsWith(".class") && !file.endsWith("Attributes.class"))
          .toList()
          .stream();
    }
  }

  /** The texts that a class uses; constants of other classes are among them. */
  private static Stream<String> texts(Path file) {
    try {
      Set<String> texts = new HashSet<>();
      ClassFile.of()
          .parse(file)
          .constantPool()
          .forEach(
              entry -> {
                if (entry instanceof StringEntry text) {
                  texts.add(text.stringValue());
                }
              });
      return texts.stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
