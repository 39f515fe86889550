package oneapp.agent.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts a child's output, or a log, into lines at LF, CR (progress bars) or CR LF, at constant
 * memory: a line longer than {@link #MAX_LINE_BYTES} is cut and marked.
 */
public final class LinePump implements Runnable {
  public static final int MAX_LINE_BYTES = 16 * 1024;
  private static final String CUT_MARK = " [line cut]";

  private final InputStream in;
  private final Consumer<String> sink;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
  private boolean cut;

  LinePump(InputStream in, Consumer<String> sink) {
    this.in = in;
    this.sink = sink;
  }

  /** Reads {@code in} to its end; each line goes to {@code sink}, empty ones are left out. */
  public static void read(InputStream in, Consumer<String> sink) throws IOException {
    new LinePump(in, sink).pump();
  }

  @Override
  public void run() {
    try {
      pump();
    } catch (IOException e) {
      // The child has ended and its pipe is broken; the lines before it were delivered.
    }
  }

  private void pump() throws IOException {
    byte[] buffer = new byte[16 * 1024];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        int begin = 0;
        for (int i = 0; i < count; i++) {
          if (buffer[i] == '\n' || buffer[i] == '\r') {
            keep(buffer, begin, i - begin);
            emit();
            begin = i + 1;
          }
        }
        keep(buffer, begin, count - begin);
      }
    } finally {
      emit();
    }
  }

  private void keep(byte[] bytes, int offset, int length) {
    int room = MAX_LINE_BYTES - line.size();
    line.write(bytes, offset, Math.min(length, room));
    cut |= length > room;
  }

  /** Gives the line to the sink; empty ones, as between CR and LF, are left out. */
  private void emit() {
    if (line.size() > 0) {
      String text = line.toString(StandardCharsets.UTF_8);
      line.reset();
      sink.accept(cut ? text + CUT_MARK : text);
      cut = false;
    }
  }
}
