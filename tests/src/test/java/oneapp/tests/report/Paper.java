package oneapp.tests.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Reads a PDF by Debian's poppler-utils. */
final class Paper {
  private Paper() {}

  /** The text of each page. */
  static List<String> sheets(Path pdf) throws IOException, InterruptedException {
    Path text = pdf.resolveSibling("report.txt");
    Process process =
        new ProcessBuilder("pdftotext", "-layout", pdf.toString(), text.toString())
            .inheritIO()
            .start();
    if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError("pdftotext cannot read " + pdf);
    }
    String all = Files.readString(text);
    return List.of(all.substring(0, all.lastIndexOf('\f')).split("\f", -1));
  }
}
