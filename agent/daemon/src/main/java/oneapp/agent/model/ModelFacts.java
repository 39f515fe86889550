package oneapp.agent.model;

/** scratch. */
public record ModelFacts(int positions) {}
