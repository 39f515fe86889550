package oneapp.agent.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import oneapp.agent.context.Environment;
import oneapp.agent.data.Secrets;
import oneapp.agent.data.Text;
import oneapp.agent.stage.Display;
import oneapp.agent.stage.Progress;
import oneapp.agent.stage.State;

/**
 * Shows a person where the line stands: on a terminal one line for each stage and a bar that moves
 * over what was measured so far, elsewhere plain lines.
 */
public interface Console extends Display {
  /** A line of its own, such as a warning. */
  void note(String line);

  /** Nothing moves any more: whoever writes next begins on a line of its own. */
  void rest();

  /** The console on this process's standard output. */
  @SuppressWarnings("SystemConsoleNull") // it is null without a terminal unless JLine is there
  static Console standard(Secrets secrets) {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    java.io.Console console = System.console();
    boolean dumb = Environment.ofProcess().get("TERM").orElse("dumb").equals("dumb");
    return on(out, console != null && console.isTerminal() && !dumb, secrets);
  }

  /** The console for {@code out}; every line passes {@code secrets}. */
  static Console on(PrintStream out, boolean terminal, Secrets secrets) {
    Consumer<String> print = text -> out.print(secrets.redact(text));
    return terminal ? new TerminalConsole(print) : new PlainConsole(print, System::nanoTime);
  }

  /**
   * On a terminal: the last lines are rewritten in place, and the terminal cuts what is too wide.
   */
  final class TerminalConsole implements Console {
    private static final int BAR_WIDTH = 24;
    private static final String NO_WRAP = "\033[?7l";
    private static final String WRAP = "\033[?7h";
    private static final String UP = "\033[A";
    private static final String CLEAR = "\r\033[J";

    private final Consumer<String> print;
    private int pending;

    TerminalConsole(Consumer<String> print) {
      this.print = print;
    }

    @Override
    public synchronized void stage(State state) {
      note(state.line());
    }

    @Override
    public synchronized void note(String line) {
      print.accept(rewrite() + line + "\n");
      pending = 0;
    }

    @Override
    public synchronized void progress(Progress.Update update) {
      List<String> lines = new ArrayList<>();
      if (update.fraction().isPresent()) {
        double fraction = update.fraction().getAsDouble();
        lines.add(
            Text.format(
                "%s %3d %%  %s", bar(fraction), Math.round(fraction * 100), update.timeLeft()));
      }
      lines.add(update.text());
      if (!update.figures().isEmpty()) {
        lines.add(update.figures());
      }
      print.accept(rewrite() + NO_WRAP + "  " + String.join("\n  ", lines) + WRAP);
      pending = lines.size();
    }

    @Override
    public synchronized void rest() {
      if (pending > 0) {
        print.accept("\n");
        pending = 0;
      }
    }

    /** From the last of the pending lines back to the start of the first. */
    private String rewrite() {
      return pending == 0 ? "" : UP.repeat(pending - 1) + CLEAR;
    }

    private static String bar(double fraction) {
      int full = (int) Math.round(fraction * BAR_WIDTH);
      return "[" + "#".repeat(full) + "-".repeat(BAR_WIDTH - full) + "]";
    }
  }

  /** Not on a terminal: progress is printed when its text is new, and at most every few seconds. */
  final class PlainConsole implements Console {
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Consumer<String> print;
    private final LongSupplier nanoTime;
    private String last = "";
    private long lastAt;

    PlainConsole(Consumer<String> print, LongSupplier nanoTime) {
      this.print = print;
      this.nanoTime = nanoTime;
      this.lastAt = nanoTime.getAsLong() - INTERVAL.toNanos();
    }

    @Override
    public synchronized void stage(State state) {
      note(state.line());
    }

    @Override
    public synchronized void note(String line) {
      print.accept(line + "\n");
    }

    @Override
    public void rest() {}

    @Override
    public synchronized void progress(Progress.Update update) {
      long now = nanoTime.getAsLong();
      if (!update.line().equals(last) && now - lastAt >= INTERVAL.toNanos()) {
        print.accept("  " + update.line() + "\n");
        last = update.line();
        lastAt = now;
      }
    }
  }
}
