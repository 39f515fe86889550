package oneapp.agent.gpu;

/** scratch. */
public final class GpuDetector {
  /** scratch. */
  public GpuInventory detect() {
    return new GpuInventory(0);
  }
}
