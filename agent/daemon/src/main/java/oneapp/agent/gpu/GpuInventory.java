package oneapp.agent.gpu;

/** scratch. */
public record GpuInventory(int count) {}
