package oneapp.tests.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;

/** Reads a PDF by Debian's poppler-utils. */
final class Paper {
  /** Blue of a frame's line (#d9dee5) and a little more: half a line is paler. */
  private static final int FAINTEST = 0xea;

  private Paper() {}

  /** The text of each page. */
  static List<String> sheets(Path pdf) throws IOException, InterruptedException {
    Path text = pdf.resolveSibling("report.txt");
    run("pdftotext", "-layout", pdf.toString(), text.toString());
    String all = Files.readString(text);
    return List.of(all.substring(0, all.lastIndexOf('\f')).split("\f", -1));
  }

  /** True when the first page has an upright line near its left edge and one near its right. */
  static boolean isFramed(Path pdf) throws IOException, InterruptedException {
    Path stem = pdf.resolveSibling("first");
    run("pdftoppm", "-png", "-singlefile", "-r", "144", pdf.toString(), stem.toString());
    BufferedImage page = ImageIO.read(stem.resolveSibling("first.png").toFile());
    int margin = page.getWidth() / 12;
    return hasUprightLine(page, 0, margin)
        && hasUprightLine(page, page.getWidth() - margin, page.getWidth());
  }

  private static boolean hasUprightLine(BufferedImage page, int from, int to) {
    for (int x = from; x < to; x++) {
      int length = 0;
      for (int y = 0; y < page.getHeight(); y++) {
        boolean line = (page.getRGB(x, y) & 0xff) <= FAINTEST;
        length = line ? length + 1 : 0;
        if (length > page.getHeight() / 15) {
          return true;
        }
      }
    }
    return false;
  }

  private static void run(String... words) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(words).inheritIO().start();
    if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError("failed: " + String.join(" ", words));
    }
  }
}
