package oneapp.tests.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A page in the browser, watched from before its first byte. */
final class Page implements AutoCloseable {
  /** A4 in inches, as the protocol wants it. */
  private static final Map<String, ?> A4 =
      Map.of("paperWidth", 8.27, "paperHeight", 11.69, "printBackground", false);

  private final DevTools tools;
  private final String session;
  private final String target;

  private Page(DevTools tools, String session, String target) {
    this.tools = tools;
    this.session = session;
    this.target = target;
  }

  static Page open(DevTools tools, String session, String target, Path file) {
    Page page = new Page(tools, session, target);
    for (String domain : List.of("Page", "Runtime", "Log", "Network", "Audits", "Security")) {
      page.call(domain + ".enable", Map.of());
    }
    page.call("Page.navigate", Map.of("url", file.toUri().toString()));
    tools.awaitEvent(session, "Page.loadEventFired");
    return page;
  }

  private JsonNode call(String method, Map<String, ?> params) {
    return tools.call(session, method, params);
  }

  /** The size of the window, in CSS pixels. */
  void size(int width, int height) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  /** {@code screen} or {@code print}, with {@code light} or {@code dark} wished for. */
  void media(String media, String colours) {
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "media",
            media,
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
  }

  /** The value of an expression in the page, whose policy does not bind the debugger. */
  JsonNode value(String expression) {
    JsonNode answer =
        call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
    if (answer.has("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.path("exceptionDetails"));
    }
    return answer.path("result").path("value");
  }

  /** The addresses that it asked for, its own first. */
  List<String> requests() {
    return tools.events(session).stream()
        .filter(event -> event.method().equals("Network.requestWillBeSent"))
        .map(event -> event.params().path("request").path("url").asString())
        .toList();
  }

  /** What a developer would see in the console: errors, warnings, violations, dialogs. */
  List<String> complaints() {
    List<String> names =
        List.of(
            "Runtime.consoleAPICalled",
            "Runtime.exceptionThrown",
            "Log.entryAdded",
            "Audits.issueAdded",
            "Page.javascriptDialogOpening",
            "Page.windowOpen",
            "Page.downloadWillBegin");
    return tools.events(session).stream()
        .filter(event -> names.contains(event.method()))
        .map(DevTools.Event::toString)
        .toList();
  }

  /** The whole page as a picture. */
  void picture(Path png) throws IOException {
    JsonNode answer =
        call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    Files.write(png, Base64.getDecoder().decode(answer.path("data").asString()));
  }

  /** The page on paper. */
  void print(Path pdf) throws IOException {
    JsonNode answer = call("Page.printToPDF", A4);
    Files.write(pdf, Base64.getDecoder().decode(answer.path("data").asString()));
  }

  @Override
  public void close() {
    tools.call("", "Target.closeTarget", Map.of("targetId", target));
  }
}
