package oneapp.tests.faults;

/** A process that a fault hits. */
enum Victim {
  API_SERVER("the API server"),
  ENGINE_CORE("the engine core"),
  WORKER("a worker"),
  LOAD_GENERATOR("GuideLLM"),
  AGENT("the agent");

  private final String text;

  Victim(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
