package oneapp.agent.certify;

/** What one GPU costs for one hour, and in which currency. */
public record Price(double gpuHour, String currency) {}
