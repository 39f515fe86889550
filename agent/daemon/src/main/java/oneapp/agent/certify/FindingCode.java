package oneapp.agent.certify;

/** Every check of a certificate: the one list; docs/certificate-findings.md shows it. */
public enum FindingCode {
  ALL_REQUESTS_FAILED("WARNING", "Every request of a run failed; all count as over the limit"),
  CLIENT_LATE(
      "WARNING",
      "The client sent 1 % of the requests more than 50 ms after they were due; that counts as latency, and a client that is too slow lowers the result"),
  CLIENT_OVERHEAD(
      "WARNING",
      "The first token took the client more than 20 ms longer than the server says: the client or the VM is busy, and the server is better than the figures"),
  CLOCK_STEP(
      "WARNING or VOID",
      "The wall clock, by which requests are timed, moved against the monotonic one: more than 10 ms WARNING, more than 100 ms VOID"),
  CONCURRENCY(
      "WARNING",
      "Requests at once by rate x latency (Little's law) are not those that the server itself counted while it was asked"),
  CPU_BUSY(
      "WARNING",
      "The CPUs of a VM that serves on GPUs worked for more than 90 % of the time: the client may have waited for them"),
  CPU_STEAL("WARNING", "The hypervisor kept more than 5 % of the CPU time from the VM"),
  ENGINE_SUMMARY(
      "INFO, WARNING or VOID",
      "The load generator's own means are not those of its requests: more than 1 % apart, or of fewer requests, WARNING; more than 10 %, or of more requests, VOID. INFO: they leave out requests that began after its own end of the measurement"),
  FOREIGN_TRAFFIC(
      "WARNING or VOID",
      "The server answered requests that the benchmark did not send: up to 1 % WARNING, more VOID"),
  GPU_ECC(
      "WARNING or VOID",
      "The memory of a GPU had errors that it could not correct: since the driver was loaded WARNING, during a run VOID"),
  GPU_POWER_CAP("INFO", "The power limit held the clock down, which is usual under full load"),
  GPU_PROCESSES_UNKNOWN(
      "INFO",
      "The driver does not name vLLM's processes, so that nobody can say whether others used the GPUs"),
  GPU_SHARED("WARNING", "Processes that are not vLLM's used the GPUs"),
  GPU_THROTTLED("WARNING", "Heat, the power brake or a fault held a GPU's clock down"),
  GPU_UNREAD(
      "INFO",
      "The GPUs were read for less than 80 % of the time, or do not say their power, so that no energy is given"),
  GPU_XID(
      "WARNING or VOID",
      "The driver reported an error (Xid) during a run; VOID when the GPU does no more work until it is reset"),
  KERNEL_LOG_UNREADABLE(
      "INFO",
      "The kernel log may not be read, so that nobody can say whether the driver reported errors"),
  LATENCY_SUM(
      "WARNING",
      "Of more than 1 % of the requests the latency is not TTFT + (N - 1) x ITL, within 5 % and 50 ms"),
  MEMORY_PRESSURE("WARNING", "Processes waited for memory for more than 1 % of the time"),
  NO_SCHEDULE(
      "WARNING",
      "The intended start of some requests is not known, their real start stands for it"),
  OUTPUT_TOKENS("WARNING", "The answers are more than 2 % longer or shorter than was asked for"),
  PERCENTILE("WARNING", "Of a reference row: a 99th percentile is below the mean"),
  PREEMPTIONS("INFO", "The server pushed requests out of memory and began them again"),
  PREFIX_CACHE(
      "VOID",
      "The server took more than 1 % of the prompt tokens from its prefix cache: the prompts were not new"),
  RATE_NOT_REACHED(
      "WARNING or VOID",
      "Fewer requests than asked were due or sent: less than 95 % WARNING; less than 80 % due VOID"),
  REMARK("INFO", "What happened on the way"),
  REQUESTS_CUT(
      "INFO",
      "The end of the run cut requests off; they are undecided unless they had passed a limit"),
  REQUESTS_FAILED("WARNING", "Some requests failed; they count as over the limit"),
  REQUESTS_MISSING(
      "WARNING",
      "The engine sent more requests than its file lists; the others count as undecided"),
  ROOFLINE(
      "VOID",
      "A time between tokens below 0.95 of what reading the weights alone takes is impossible"),
  SERVER_REQUESTS("VOID", "The client has answers to more requests than the server finished"),
  SERVER_RESTARTED(
      "VOID", "A counter of the server went backwards: it was started again during the run"),
  SERVER_TIMES("VOID", "The client has answers sooner than the server gave them"),
  SERVER_TOKENS(
      "WARNING or VOID",
      "Tokens that the client counts and the server does not are VOID; more than 1 % the other way WARNING"),
  SERVER_UNSEEN(
      "INFO", "The server gave no counters, so that the client's counts are not confirmed"),
  SLOW(
      "WARNING",
      "A median time between tokens of more than 8 times what reading weights and KV cache takes: look for a reason"),
  STREAMING_LOST(
      "WARNING or VOID",
      "Answers of several tokens came all at once: there is no time between tokens; at a fixed rate VOID when it is more than half"),
  TIMES_IMPOSSIBLE(
      "VOID", "Requests end before they begin, or were sent more than 50 ms before they were due"),
  UNKNOWN_SETUP("INFO", "Of a reference row: GPUs and tensor-parallel size are not known");

  private final String severity;
  private final String meaning;

  FindingCode(String severity, String meaning) {
    this.severity = severity;
    this.meaning = meaning;
  }

  /** How much it may weigh, for the reader of a table. */
  public String severity() {
    return severity;
  }

  public String meaning() {
    return meaning;
  }
}
