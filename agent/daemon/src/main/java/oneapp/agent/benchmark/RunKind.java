package oneapp.agent.benchmark;

/** How the requests of a run follow each other. */
public enum RunKind {
  /** Evenly spaced at a fixed rate. */
  CONSTANT,
  /** At a fixed rate, with the gaps of a Poisson process. */
  POISSON,
  /** As many at once as the concurrency allows: finds the rate that the server can do. */
  THROUGHPUT,
  /** One after the other, a fixed number at once, or a shape not known here. */
  OTHER;

  /** Only an open schedule says when a request was due, so only such runs are judged. */
  public boolean isJudged() {
    return this == CONSTANT || this == POISSON;
  }
}
