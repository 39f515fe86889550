package oneapp.agent.benchmark;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of the server and the VM while a run went on; differences from its start to its
 * end.
 *
 * @param requests requests that the server finished
 * @param promptTokens tokens of prompts that it read
 * @param generationTokens tokens that it generated
 * @param prefixQueries tokens that it looked up in its prefix cache
 * @param prefixHits tokens that it found there
 * @param preemptions requests that it pushed out of memory and began again
 * @param clockStepMs how far the wall clock moved against the monotonic one, milliseconds
 * @param stealShare share of the CPU time that the hypervisor gave to others, 0 to 1
 * @param gpu what the GPUs did, or null when there is none
 */
public record Observation(
    OptionalDouble requests,
    OptionalDouble promptTokens,
    OptionalDouble generationTokens,
    OptionalDouble prefixQueries,
    OptionalDouble prefixHits,
    OptionalDouble preemptions,
    double clockStepMs,
    OptionalDouble stealShare,
    @Nullable GpuUse gpu) {

  /** Two observations, one after the other, as one; null when either is missing. */
  static @Nullable Observation joined(@Nullable Observation first, @Nullable Observation second) {
    if (first == null || second == null) {
      return null;
    }
    return new Observation(
        sum(first.requests, second.requests),
        sum(first.promptTokens, second.promptTokens),
        sum(first.generationTokens, second.generationTokens),
        sum(first.prefixQueries, second.prefixQueries),
        sum(first.prefixHits, second.prefixHits),
        sum(first.preemptions, second.preemptions),
        Math.abs(first.clockStepMs) > Math.abs(second.clockStepMs)
            ? first.clockStepMs
            : second.clockStepMs,
        first.stealShare.isPresent() && second.stealShare.isPresent()
            ? OptionalDouble.of(
                Math.max(first.stealShare.getAsDouble(), second.stealShare.getAsDouble()))
            : OptionalDouble.empty(),
        first.gpu == null
            ? second.gpu
            : second.gpu == null ? first.gpu : first.gpu.and(second.gpu));
  }

  private static OptionalDouble sum(OptionalDouble first, OptionalDouble second) {
    return first.isPresent() && second.isPresent()
        ? OptionalDouble.of(first.getAsDouble() + second.getAsDouble())
        : OptionalDouble.empty();
  }
}
