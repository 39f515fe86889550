package oneapp.agent;

import java.util.Map;
import java.util.Optional;
import oneapp.agent.publish.PlanAttributes;

/** How far the line has come, and with what. */
sealed interface Position {
  /** What was planned; nothing before that. */
  Optional<Deployment> deployment();

  /**
   * Attributes of the VM that are known by now.
   *
   * @param pciFindings how the GPUs differ from what OpenNebula gave, or empty
   */
  Map<String, String> attributes(String pciFindings);

  /** Nothing is planned yet. */
  record Unplanned() implements Position {
    @Override
    public Optional<Deployment> deployment() {
      return Optional.empty();
    }

    @Override
    public Map<String, String> attributes(String pciFindings) {
      return Map.of();
    }
  }

  /**
   * vLLM is being started.
   *
   * @param again it was ready before, so that a failure may be followed by another start
   */
  record Starting(Deployment started, boolean again) implements Position {
    @Override
    public Optional<Deployment> deployment() {
      return Optional.of(started);
    }

    @Override
    public Map<String, String> attributes(String pciFindings) {
      return PlanAttributes.of(started.context(), started.plan(), pciFindings, Optional.empty());
    }
  }

  /** vLLM serves. */
  record Serving(RunningDeployment running) implements Position {
    @Override
    public Optional<Deployment> deployment() {
      return Optional.of(running.deployment());
    }

    @Override
    public Map<String, String> attributes(String pciFindings) {
      return running.attributes(pciFindings);
    }
  }
}
