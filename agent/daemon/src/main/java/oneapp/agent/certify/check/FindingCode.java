package oneapp.agent.certify.check;

import oneapp.agent.benchmark.watch.ServerUse;
import oneapp.agent.certify.figures.GpuFigures;
import oneapp.agent.certify.figures.Rounded;
import oneapp.agent.data.Text;

/** Every check of a certificate: the one list; docs/certificate-findings.md shows it. */
public enum FindingCode {
  ALL_REQUESTS_FAILED("WARNING", "Every request of a run failed; all count as over the limit"),
  CLIENT_LATE(
      "WARNING",
      Text.format(
          "The client sent 1 %% of the requests more than %.0f ms after they were due; that counts as latency, and a client that is too slow lowers the result",
          ScheduleChecks.LATE_WARNING_MS)),
  CLIENT_OVERHEAD(
      "WARNING",
      Text.format(
          "The first token took the client more than %.0f ms longer than the server says: the client or the VM is busy, and the server is better than the figures",
          ServerChecks.OVERHEAD_MS)),
  CLOCK_STEP(
      "WARNING or VOID",
      Text.format(
          "The wall clock, by which requests are timed, moved against the monotonic one: more than %.0f ms WARNING, more than %.0f ms VOID",
          MachineChecks.CLOCK_WARNING_MS, MachineChecks.CLOCK_VOID_MS)),
  CONCURRENCY(
      "WARNING",
      "Requests at once by rate x latency (Little's law) are not those that the server itself counted while it was asked, or that the load generator says"),
  CPU_BUSY(
      "WARNING",
      Text.format(
          "The CPUs of a VM that serves on GPUs worked for more than %s of the time: the client may have waited for them",
          percent(MachineChecks.BUSY_WARNING))),
  CPU_STEAL(
      "WARNING",
      Text.format(
          "The hypervisor kept more than %s of the CPU time from the VM",
          percent(MachineChecks.STEAL_WARNING))),
  ENGINE_SUMMARY(
      "INFO, WARNING or VOID",
      Text.format(
          "The load generator's own means are not those of its requests: more than %s apart, or of fewer requests, WARNING; more than %s, or of more requests, or a percentile that cannot be, VOID. INFO: they leave out requests that began after its own end of the measurement",
          percent(SummaryChecks.WARNING), percent(SummaryChecks.VOID))),
  FOREIGN_TRAFFIC(
      "WARNING or VOID",
      Text.format(
          "The server answered requests that the benchmark did not send: up to %s WARNING, more VOID",
          percent(ServerUse.FOREIGN_SHARE))),
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
      Text.format(
          "The GPUs were read for less than %s of the time, or do not say their power, so that no energy is given",
          percent(GpuFigures.FEWEST_READ))),
  GPU_XID(
      "WARNING or VOID",
      "The driver reported an error (Xid) during a run; WARNING if it is one that an application causes, VOID for all others"),
  KERNEL_LOG_UNREADABLE(
      "INFO",
      "The kernel log may not be read, so that nobody can say whether the driver reported errors"),
  LATENCY_SUM(
      "WARNING",
      Text.format(
          "Of more than %s of the requests the latency is not TTFT + (N - 1) x ITL, within %s and %.0f ms",
          percent(ClientChecks.REST_REQUESTS),
          percent(ClientChecks.REST_SHARE),
          ClientChecks.REST_MICROS / 1000)),
  MEMORY_PRESSURE(
      "WARNING",
      Text.format(
          "Processes waited for memory for more than %s of the time",
          percent(MachineChecks.MEMORY_WARNING))),
  NO_SCHEDULE(
      "WARNING",
      "The intended start of some requests is not known, their real start stands for it"),
  OUTPUT_TOKENS(
      "WARNING or VOID",
      Text.format(
          "The answers are longer or shorter than was asked for: more than %s WARNING; more than %s shorter, which makes every time better, VOID",
          percent(ClientChecks.TOKENS_WARNING), percent(ClientChecks.TOKENS_VOID))),
  PERCENTILE("WARNING", "Of a reference row: a 99th percentile is below the mean"),
  PREEMPTIONS("INFO", "The server pushed requests out of memory and began them again"),
  PREFIX_CACHE(
      "VOID",
      Text.format(
          "The server took more than %s of the prompt tokens from its prefix cache: the prompts were not new",
          percent(ServerChecks.PREFIX_CACHE_SHARE))),
  RATE_NOT_REACHED(
      "WARNING or VOID",
      Text.format(
          "Fewer requests than asked were due or sent: less than %s WARNING; less than %s due VOID",
          percent(ScheduleChecks.RATE_WARNING), percent(ScheduleChecks.RATE_VOID))),
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
      Text.format(
          "A time between tokens below %s of what reading the weights alone takes is impossible",
          Roofline.MARGIN)),
  SERVER_REQUESTS("VOID", "The client has answers to more requests than the server finished"),
  SERVER_RESTARTED(
      "VOID", "A counter of the server went backwards: it was started again during the run"),
  SERVER_TIMES("VOID", "The client has answers sooner than the server gave them"),
  SERVER_TOKENS(
      "WARNING or VOID",
      Text.format(
          "Tokens that the client counts and the server does not are VOID; more than %s the other way WARNING",
          percent(ServerChecks.COUNT_SHARE))),
  SERVER_UNSEEN(
      "INFO", "The server gave no counters, so that the client's counts are not confirmed"),
  SLOW(
      "WARNING",
      Text.format(
          "A median time between tokens of more than %.0f times what reading weights and KV cache takes: look for a reason",
          Roofline.SLOW)),
  STREAMING_LOST(
      "WARNING or VOID",
      "Answers of several tokens came all at once: there is no time between tokens; at a fixed rate VOID when it is more than half"),
  TIMES_IMPOSSIBLE(
      "VOID",
      Text.format(
          "Requests end before they begin, or were sent more than %.0f ms before they were due",
          ClientChecks.EARLIEST_MICROS / 1000)),
  UNKNOWN_SETUP("INFO", "Of a reference row: GPUs and tensor-parallel size are not known");

  private final String severity;
  private final String meaning;

  FindingCode(String severity, String meaning) {
    this.severity = severity;
    this.meaning = meaning;
  }

  private static String percent(double share) {
    return Rounded.plain(100 * share) + " %";
  }

  /** How much it may weigh, for the reader of a table. */
  public String severity() {
    return severity;
  }

  public String meaning() {
    return meaning;
  }
}
