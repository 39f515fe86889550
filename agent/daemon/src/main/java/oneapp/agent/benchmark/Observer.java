package oneapp.agent.benchmark;

/** Looks at the server, the VM and the GPUs beside the load generator. */
interface Observer {
  /** Begins to watch one run. */
  Watch watch() throws InterruptedException;

  /** A run that is being watched. */
  @FunctionalInterface
  interface Watch {
    /** Ends it: what was seen since it began. */
    Observation end() throws InterruptedException;
  }
}
