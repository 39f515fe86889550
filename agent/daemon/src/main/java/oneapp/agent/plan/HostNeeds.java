package oneapp.agent.plan;

import java.util.Optional;
import oneapp.agent.data.Text;
import oneapp.agent.gpu.Machine;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.stage.Category;

/** What a plan needs beside its GPUs: disk for the weights, memory of the VM, /dev/shm. */
final class HostNeeds {
  /** Measured: API server and engine core 1 GiB each, worker 2 GiB. */
  private static final double SERVER_GIB = 1;

  private static final double ENGINE_GIB = 1;
  private static final double WORKER_GIB = 2;

  /** The broadcast queue of a replica, and what NCCL keeps for each GPU of it. */
  private static final double QUEUE_GIB = 0.16;

  private static final double NCCL_GIB = 0.04;

  private final PlanRequest request;
  private final Prediction prediction;

  HostNeeds(PlanRequest request, Prediction prediction) {
    this.request = request;
    this.prediction = prediction;
  }

  static double diskGib(ModelFacts model) {
    return model.weights().bytes() / MemoryBudget.GIB;
  }

  static double memoryGib(Placement placement) {
    return SERVER_GIB
        + placement.replicas() * (ENGINE_GIB + placement.tensorParallel() * WORKER_GIB);
  }

  static double sharedMemoryGib(Placement placement) {
    return placement.tensorParallel() > 1
        ? placement.replicas() * (QUEUE_GIB + placement.tensorParallel() * NCCL_GIB)
        : 0;
  }

  /**
   * Compares with the machine, when it is known.
   *
   * @throws PlanFailure DOES_NOT_FIT naming the one that is short, and by how much
   */
  void check(Optional<Machine> machine) throws PlanFailure {
    if (machine.isEmpty()) {
      return;
    }
    boolean downloads = !request.model().weights().onDisk() && !request.context().model().isPath();
    if (downloads) {
      check(
          "disk for the weights",
          prediction.diskGib(),
          machine.get().diskMib(),
          "a larger disk, or a model directory on a disk of its own");
    }
    check(
        "memory of the VM",
        prediction.hostMemoryGib(),
        machine.get().memoryMib(),
        "a VM with more memory, or fewer GPUs");
    check(
        "/dev/shm",
        prediction.sharedMemoryGib(),
        machine.get().sharedMemoryMib(),
        "mount -o remount,size=2G /dev/shm");
  }

  private static void check(String what, double neededGib, long haveMib, String nearest)
      throws PlanFailure {
    double missing = neededGib - haveMib / 1024.0;
    if (missing > 0) {
      String amount = Text.format("%.1f GiB of %s", Math.max(0.1, missing), what);
      throw PlanFailure.of(
          Category.DOES_NOT_FIT,
          Text.format(
              "the plan needs %.1f GiB of %s, but only %.1f GiB are available",
              neededGib, what, haveMib / 1024.0),
          amount,
          nearest);
    }
  }
}
