package oneapp.agent.plan;

import java.util.OptionalDouble;

/**
 * What a launch plan expects to be seen after the start.
 *
 * @param memory of each GPU, or of each process on a CPU
 * @param kvTokensLow tokens that the KV cache of one replica holds at least
 * @param kvTokens tokens by the middle figures
 * @param kvTokensHigh tokens at most
 * @param itlFloorMs least time between two tokens that memory bandwidth allows, in milliseconds;
 *     none with speculative decoding, where one step may give several
 * @param ttftFloorMs least time to the first token of the workload's prompt, in milliseconds
 * @param diskGib space for the weights in the cache
 * @param hostMemoryGib memory of the VM that all processes take
 * @param sharedMemoryGib of /dev/shm
 */
public record Prediction(
    MemoryBudget memory,
    long kvTokensLow,
    long kvTokens,
    long kvTokensHigh,
    OptionalDouble itlFloorMs,
    OptionalDouble ttftFloorMs,
    double diskGib,
    double hostMemoryGib,
    double sharedMemoryGib) {
  /** The same with figures that a person reads. */
  Prediction rounded() {
    return new Prediction(
        memory.rounded(),
        kvTokensLow,
        kvTokens,
        kvTokensHigh,
        itlFloorMs,
        ttftFloorMs,
        MemoryBudget.round(diskGib),
        MemoryBudget.round(hostMemoryGib),
        MemoryBudget.round(sharedMemoryGib));
  }
}
