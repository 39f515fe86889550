package oneapp.agent.benchmark;

import java.util.OptionalDouble;

/**
 * What a load generator itself says of one run: means over the answered requests, to be held
 * against the requests one by one.
 *
 * @param answered requests that it counts as successful
 * @param latencyMs end - real start
 * @param ttftMs first token - real start
 * @param itlMs time between tokens, each gap weighing the same
 * @param outputTokens of a request
 */
public record EngineSummary(
    long answered,
    OptionalDouble latencyMs,
    OptionalDouble ttftMs,
    OptionalDouble itlMs,
    OptionalDouble outputTokens) {}
