package oneapp.agent.benchmark.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import oneapp.agent.serve.ServerMetrics;
import org.jspecify.annotations.Nullable;

/** Watches runs: counters of vLLM and of the VM before and after, and both over time between. */
public final class ServerObserver implements Observer, AutoCloseable {
  /** Prometheus asks as often; more would cost the server's event loop time that is measured. */
  public static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Path PROC = Path.of("/proc");

  private final ServerMetrics metrics;
  private final GpuWatch gpus;
  private final Duration interval;
  private final Thread sampler;
  private Series<ServerUse.Point> server = new Series<>();
  private Series<VmUse.Point> vm = new Series<>();
  private @Nullable Snapshot start;
  private Consumer<String> live = text -> {};
  private double clockStepMs;

  private ServerObserver(ServerMetrics metrics, GpuWatch gpus, Duration interval) {
    this.metrics = metrics;
    this.gpus = gpus;
    this.interval = interval;
    this.sampler = Thread.ofVirtual().name("benchmark-observer").unstarted(this::sample);
  }

  /** Starts to sample. */
  public static ServerObserver start(ServerMetrics metrics, GpuWatch gpus, Duration interval) {
    ServerObserver observer = new ServerObserver(metrics, gpus, interval);
    observer.sampler.start();
    return observer;
  }

  @Override
  public Watch watch(Consumer<String> figures) throws InterruptedException {
    Optional<GpuState> gpuBefore = gpus.begin();
    Snapshot before = snapshot();
    synchronized (this) {
      server = new Series<>();
      vm = new Series<>();
      start = before;
      live = figures;
      clockStepMs = 0;
    }
    return () -> end(before, gpuBefore);
  }

  private Observation end(Snapshot before, Optional<GpuState> gpuBefore)
      throws InterruptedException {
    Snapshot after = snapshot();
    Optional<GpuUse> gpu =
        gpuBefore.isPresent() ? Optional.of(gpus.end(gpuBefore.get())) : Optional.empty();
    synchronized (this) {
      live = text -> {};
      clock(after.vm());
      return new Observation(
          before.server(after, server.points()), before.vm(after, clockStepMs, vm.points()), gpu);
    }
  }

  /** Keeps the largest step: a clock that was set and set back was wrong meanwhile, too. */
  private void clock(VmReading now) {
    double step = start == null ? 0 : start.vm().clockStepMs(now);
    clockStepMs = Math.abs(step) > Math.abs(clockStepMs) ? step : clockStepMs;
  }

  private Snapshot snapshot() throws InterruptedException {
    return new Snapshot(metrics.read(), VmReading.of(PROC));
  }

  private void sample() {
    VmReading last = VmReading.of(PROC);
    try {
      while (true) {
        Thread.sleep(interval);
        Map<String, Double> counters = metrics.read();
        VmReading now = VmReading.of(PROC);
        double seconds = last.secondsUntil(now);
        synchronized (this) {
          server.add(ServerUse.Point.of(now.wallNanos(), seconds, counters));
          vm.add(last.until(now));
          clock(now);
          if (start != null) {
            live.accept(LiveFigures.text(start, new Snapshot(counters, now)));
          }
        }
        last = now;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    sampler.interrupt();
    metrics.close();
  }
}
