package oneapp.agent.benchmark;

import org.jspecify.annotations.Nullable;

/** Looks at the server and the VM beside the load generator. */
interface Observer {
  Snapshot snapshot() throws InterruptedException;

  /** What the GPUs did since the last call; null when nothing is known. */
  @Nullable GpuUse gpuUse();
}
