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
          "The mean time to the first token is more than %.0f ms longer at the client than at the server: the client or the VM is busy, and the server is better than the figures",
          ServerChecks.OVERHEAD_MS)),
  CLOCK_STEP(
      "WARNING or VOID",
      Text.format(
          "The wall clock, which times the requests, moved against the monotonic clock: by more than %.0f ms WARNING, by more than %.0f ms VOID",
          MachineChecks.CLOCK_WARNING_MS, MachineChecks.CLOCK_VOID_MS)),
  CONCURRENCY(
      "WARNING",
      "Concurrency by rate x latency (Little's law) differs from what the server's gauges showed, or from what the load generator reports"),
  CPU_BUSY(
      "WARNING",
      Text.format(
          "The CPUs of a VM that serves on GPUs were busy for more than %s of the time: the client may have waited for them",
          percent(MachineChecks.BUSY_WARNING))),
  CPU_STEAL(
      "WARNING",
      Text.format(
          "The hypervisor withheld more than %s of the CPU time from the VM",
          percent(MachineChecks.STEAL_WARNING))),
  ENGINE_SUMMARY(
      "INFO, WARNING or VOID",
      Text.format(
          "The load generator's own means differ from those of its requests: by more than %s, or over fewer requests, WARNING; by more than %s, or over more requests, or with an impossible percentile, VOID. INFO: they leave out requests that started after its own end of the measurement",
          percent(SummaryChecks.WARNING), percent(SummaryChecks.VOID))),
  FOREIGN_TRAFFIC(
      "WARNING or VOID",
      Text.format(
          "The server answered requests that the benchmark did not send: up to %s WARNING, more VOID",
          percent(ServerUse.FOREIGN_SHARE))),
  GPU_ECC(
      "WARNING or VOID",
      "A GPU had uncorrectable memory errors: since the driver was loaded WARNING, during a run VOID"),
  GPU_POWER_CAP("INFO", "The power limit reduced the clock, which is usual under full load"),
  GPU_PROCESSES_UNKNOWN(
      "INFO",
      "The driver does not name vLLM's processes: other users of the GPUs would not be known"),
  GPU_SHARED("WARNING", "Processes other than vLLM's used the GPUs"),
  GPU_THROTTLED("WARNING", "Heat, the power brake or a fault limited a GPU's clock"),
  GPU_UNREAD(
      "INFO",
      Text.format(
          "The GPUs were sampled for less than %s of the time or reported no power: no energy figure",
          percent(GpuFigures.FEWEST_READ))),
  GPU_XID(
      "WARNING or VOID",
      "The driver reported an error (Xid) during a run; VOID when the GPU does not work again until it is reset"),
  KERNEL_LOG_UNREADABLE(
      "INFO", "The kernel log cannot be read: errors of the driver would not be known"),
  LATENCY_SUM(
      "WARNING",
      Text.format(
          "In more than %s of the requests the latency exceeds TTFT + (N - 1) x ITL by more than %s and %.0f ms",
          percent(ClientChecks.REST_REQUESTS),
          percent(ClientChecks.REST_SHARE),
          ClientChecks.REST_MICROS / 1000)),
  MEMORY_PRESSURE(
      "WARNING",
      Text.format(
          "Processes waited for memory for more than %s of the time",
          percent(MachineChecks.MEMORY_WARNING))),
  NO_SCHEDULE("WARNING", "Some requests have no intended start: their real start is used"),
  OUTPUT_TOKENS(
      "WARNING or VOID",
      Text.format(
          "The answers are longer or shorter than asked for: by more than %s WARNING; shorter by more than %s, which makes every time better, VOID",
          percent(ClientChecks.TOKENS_WARNING), percent(ClientChecks.TOKENS_VOID))),
  PERCENTILE("WARNING", "In a reference row: a 99th percentile is below the mean"),
  PREEMPTIONS(
      "INFO", "The server preempted requests for lack of cache memory and started them again"),
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
  REMARK("INFO", "An event during the benchmark that a reader should know"),
  REQUESTS_CUT(
      "INFO",
      "Requests were still running when the run ended; they are undecided unless they were already over a limit"),
  REQUESTS_FAILED("WARNING", "Some requests failed; they count as over the limit"),
  REQUESTS_MISSING(
      "WARNING",
      "The engine sent more requests than its file lists; the missing ones count as undecided"),
  ROOFLINE(
      "VOID",
      Text.format(
          "A time between tokens below %s of what reading the weights alone takes is impossible",
          Roofline.MARGIN)),
  SERVER_REQUESTS("VOID", "The client has answers to more requests than the server finished"),
  SERVER_RESTARTED(
      "VOID", "A counter of the server went backwards: it was restarted during the run"),
  SERVER_TIMES("VOID", "The client's mean latency is less than the server's own"),
  SERVER_TOKENS(
      "WARNING or VOID",
      Text.format(
          "The client counts more tokens than the server VOID; more than %s fewer WARNING",
          percent(ServerChecks.COUNT_SHARE))),
  SERVER_UNSEEN("INFO", "The server reported no counters: the client's counts are not confirmed"),
  SLOW(
      "WARNING",
      Text.format(
          "A median time between tokens of more than %.0f times what reading weights and KV cache takes: look for a reason",
          Roofline.SLOW)),
  STREAMING_LOST(
      "WARNING or VOID",
      "Answers with several tokens arrived all at once, without a time between tokens; VOID when more than half of a fixed-rate run did"),
  TIMES_IMPOSSIBLE(
      "VOID",
      Text.format(
          "Requests end before they start, or were sent more than %.0f ms before they were due",
          ClientChecks.EARLIEST_MICROS / 1000)),
  UNKNOWN_SETUP("INFO", "In a reference row: GPUs and tensor-parallel size are not known");

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
