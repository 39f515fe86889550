package oneapp.agent.serve;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What vLLM said about itself while it started; each part is empty until it was said.
 *
 * @param version of vLLM, such as 0.32.0
 * @param kvCacheTokens tokens that the KV cache of one replica holds
 * @param modelMemoryGib memory of the weights on each GPU
 * @param kvCacheGib memory of the KV cache on each GPU
 * @param loadSeconds time to load the weights
 */
public record StartupFacts(
    Optional<String> version,
    OptionalLong kvCacheTokens,
    OptionalDouble modelMemoryGib,
    OptionalDouble kvCacheGib,
    OptionalDouble loadSeconds) {}
