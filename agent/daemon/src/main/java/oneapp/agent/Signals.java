package oneapp.agent;

import java.util.List;
import java.util.function.Consumer;
import sun.misc.Signal;

/**
 * Turns signals into calls: without it the JVM would end at once on each of them. The JDK has no
 * other way to catch a signal.
 */
final class Signals {
  private Signals() {}

  /** SIGTERM and SIGINT (Ctrl-C) stop; SIGHUP says that the context may have changed. */
  static void install(Consumer<String> stop, Runnable reload) {
    for (String name : List.of("TERM", "INT")) {
      Signal.handle(new Signal(name), signal -> stop.accept("SIG" + signal.getName()));
    }
    Signal.handle(new Signal("HUP"), _ -> reload.run());
  }
}
