package oneapp.tests.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import oneapp.agent.certify.Certificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The report as a reader meets it: telephone, desk, dark, paper; and with hostile words in it. */
@Tag("browser")
class ReportInBrowserTest {
  /** WCAG 2.1, 1.4.3: text of any size. */
  private static final double READABLE = 4.5;

  private static final List<View> VIEWS =
      List.of(new View(360, "light"), new View(800, "dark"), new View(1400, "light"));

  private static final String HARMLESS = "a word";
  private static final Path PICTURES =
      Path.of(System.getProperty("house"), "tests", "target", "reports");

  /** How wide the window is, and which colours the reader prefers. */
  private record View(int width, String colours) {}

  @TempDir(cleanup = CleanupMode.ALWAYS)
  static Path folder;

  private static Browser browser;
  private static JsonNode harmless;

  @BeforeAll
  static void start() throws Exception {
    browser = Browser.start(folder);
    harmless = facts(Specimen.hostile("harmless", HARMLESS));
  }

  @AfterAll
  static void stop() throws Exception {
    browser.close();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ReportInBrowserTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static String word(Certificate certificate) {
    return certificate.state().name().replace('_', ' ');
  }

  static Stream<Specimen> specimens() {
    return Specimen.all().stream();
  }

  static List<Path> hostile() throws Exception {
    Path cases = Path.of(ReportInBrowserTest.class.getResource("hostile").toURI());
    try (Stream<Path> files = Files.list(cases)) {
      return files.sorted().toList();
    }
  }

  @Test
  void whatItLooksForItWouldSee() throws Exception {
    Path file = Files.writeString(folder.resolve("bad.html"), resource("bad.html"));
    try (Page page = browser.open(file)) {
      page.size(360, 900);
      JsonNode facts = page.value(resource("page.js"));
      assertThat(facts.path("width").asInt()).isGreaterThan(1000);
      assertThat(facts.path("lowestContrast").path(0).path("contrast").asDouble()).isLessThan(2);
      assertThat(facts.path("links").toString()).contains("javascript:");
      assertThat(facts.path("outside").toString()).contains("cut off").doesNotContain("one");
      assertThat(facts.path("overlapping").path(0).asString()).isEqualTo("one / other");
      assertThat(facts.path("beyond").toString()).contains("away").doesNotContain("far");
      assertThat(page.requests()).hasSizeGreaterThan(1);
      assertThat(page.complaints().toString()).contains("said by a script", "violates");
    }
  }

  @ParameterizedTest
  @MethodSource("specimens")
  void aReportIsQuietFitsEveryScreenAndCanBeRead(Specimen specimen) throws Exception {
    Path file = specimen.write(PICTURES);
    try (Page page = browser.open(file)) {
      for (View view : VIEWS) {
        page.size(view.width(), 900);
        page.media("screen", view.colours());
        JsonNode facts = page.value(resource("page.js"));
        assertThat(facts.path("width").asInt()).as("width of " + view).isEqualTo(view.width());
        assertThat(facts.path("charts"))
            .allMatch(box -> box.path("width").asInt() > 200 && box.path("height").asInt() > 90);
        assertThat(facts.path("outside")).as("words outside a chart").isEmpty();
        assertThat(facts.path("overlapping")).as("words of a chart on others").isEmpty();
        assertThat(facts.path("beyond")).as("cells of the reference out of sight").isEmpty();
        assertThat(facts.path("scrolled")).allMatch(ReportInBrowserTest::keepsItsFirstColumn);
        assertThat(facts.path("lowestContrast"))
            .isNotEmpty()
            .allMatch(text -> text.path("contrast").asDouble() >= READABLE);
        assertThat(facts.path("verdict").path("text").asString())
            .isEqualTo(word(specimen.certificate()));
        page.picture(file.resolveSibling("%d-%s.png".formatted(view.width(), view.colours())));
      }
      assertThat(page.requests()).containsExactly(file.toUri().toString());
      assertThat(page.complaints()).isEmpty();
    }
  }

  private static boolean keepsItsFirstColumn(JsonNode table) {
    return table.path("by").asInt() > 0
        && Math.abs(table.path("moved").asDouble()) < 1
        && table.path("shadow").asBoolean();
  }

  @ParameterizedTest
  @MethodSource("specimens")
  void onPaperTheVerdictIsOnTheFirstOfFewPages(Specimen specimen) throws Exception {
    Path file = specimen.write(PICTURES);
    Path pdf = file.resolveSibling("report.pdf");
    try (Page page = browser.open(file)) {
      page.print(pdf);
      assertThat(page.complaints()).isEmpty();
    }
    List<String> sheets = Paper.sheets(pdf);
    assertThat(sheets).hasSizeBetween(1, 6);
    assertThat(sheets.getLast().lines().filter(line -> !line.isBlank())).hasSizeGreaterThan(9);
    assertThat(Paper.isFramed(pdf)).as("the verdict's box has both its sides").isTrue();
    assertThat(sheets.getFirst())
        .contains(word(specimen.certificate()))
        .contains(specimen.certificate().evidence().model().name());
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void hostileWordsStayWords(Path words) throws Exception {
    String text = Files.readString(words);
    JsonNode facts = facts(Specimen.hostile(words.getFileName().toString(), text));
    assertThat(facts.path("skeleton").asString())
        .as("elements and attributes")
        .isEqualTo(harmless.path("skeleton").asString());
    assertThat(facts.path("tags").valueStream().map(JsonNode::asString))
        .doesNotContain("script", "iframe", "img", "foreignObject", "a", "base", "object");
    assertThat(facts.path("attributes").valueStream().map(JsonNode::asString))
        .noneMatch(name -> name.startsWith("on") || name.equals("src") || name.equals("style"));
    assertThat(facts.path("links")).isEqualTo(harmless.path("links"));
    assertThat(facts.path("width").asInt()).isEqualTo(360);
  }

  private static JsonNode facts(Specimen specimen) throws Exception {
    Path file = specimen.write(PICTURES.resolve("hostile"));
    try (Page page = browser.open(file)) {
      page.size(360, 900);
      JsonNode facts = page.value(resource("page.js"));
      assertThat(page.requests()).containsExactly(file.toUri().toString());
      assertThat(page.complaints()).isEmpty();
      return facts;
    }
  }
}
