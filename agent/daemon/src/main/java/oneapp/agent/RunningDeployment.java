package oneapp.agent;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import oneapp.agent.context.Context;
import oneapp.agent.publish.PlanAttributes;
import oneapp.agent.publish.RequestRules;
import oneapp.agent.serve.Remedy;
import oneapp.agent.serve.RunningServer;
import oneapp.agent.serve.ServedModel;

/**
 * What is served.
 *
 * @param served what the command that measures it must know
 * @param api where users call it
 * @param remedy the change of the second try, when one was needed
 */
record RunningDeployment(
    Deployment deployment,
    RunningServer server,
    ServedModel served,
    String api,
    Optional<Remedy> remedy) {

  /** The same server as what {@code context} asks to measure. */
  Subject subject() {
    return new Subject(deployment.context(), served, server.endpoint(), true);
  }

  Context context() {
    return deployment.context();
  }

  /** When benchmarks are accepted from outside. */
  RequestRules requestRules() {
    Context.Benchmark asked = context().benchmark();
    return new RequestRules(asked.when() != Context.When.NEVER, asked.minInterval());
  }

  /** Attributes of the VM that the plan and the running server decide. */
  Map<String, String> attributes(String pciFindings) {
    Map<String, String> attributes =
        new TreeMap<>(
            PlanAttributes.of(
                context(), deployment.plan(), pciFindings, served.prediction().remark()));
    attributes.putAll(PlanAttributes.ofServer(api, served.vllm()));
    return attributes;
  }

  /** {@code serving MODEL on the CPU; second try: ...}. */
  String reason() {
    return "serving "
        + deployment
        + remedy.map(change -> "; second try: " + change.sentence()).orElse("");
  }
}
