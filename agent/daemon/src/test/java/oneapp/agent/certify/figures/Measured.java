package oneapp.agent.certify.figures;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** What results of tests were measured on: one GPU, and what else a test says. */
public final class Measured {
  private final String model;
  private final String gpu;
  private boolean onCpu;
  private int replicas = 1;
  private OptionalInt vcpus = OptionalInt.empty();
  private OptionalInt ramMib = OptionalInt.empty();
  private OptionalDouble itlFloorMs = OptionalDouble.empty();
  private OptionalDouble kvReadNs = OptionalDouble.empty();
  private boolean speculative;
  private Map<String, String> provenance = Map.of();

  private Measured(String model, String gpu) {
    this.model = model;
    this.gpu = gpu;
  }

  public static Measured on(String model, String gpu) {
    return new Measured(model, gpu);
  }

  /** In a VM of 32 vCPUs and 32 GiB. */
  public Measured inVm() {
    vcpus = OptionalInt.of(32);
    ramMib = OptionalInt.of(32768);
    return this;
  }

  /** Without a GPU. */
  public Measured onCpu() {
    onCpu = true;
    return this;
  }

  /** Each on a GPU of its own. */
  public Measured replicas(int count) {
    replicas = count;
    return this;
  }

  public Measured itlFloorMs(double floor) {
    itlFloorMs = OptionalDouble.of(floor);
    return this;
  }

  public Measured kvReadNsPerToken(double nanos) {
    kvReadNs = OptionalDouble.of(nanos);
    return this;
  }

  public Measured speculative() {
    speculative = true;
    return this;
  }

  public Measured provenance(Map<String, String> facts) {
    provenance = facts;
    return this;
  }

  public Evidence evidence() {
    return new Evidence(
        new Evidence.Model(model, "", 0),
        new Evidence.Hardware(
            gpu,
            onCpu,
            onCpu ? OptionalInt.empty() : OptionalInt.of(replicas),
            OptionalInt.of(1),
            OptionalInt.of(replicas),
            vcpus,
            ramMib),
        new Evidence.Floors(itlFloorMs, kvReadNs, speculative),
        provenance);
  }
}
