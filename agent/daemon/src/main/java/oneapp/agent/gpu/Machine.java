package oneapp.agent.gpu;

/**
 * What the plan needs to know about the VM besides its GPUs.
 *
 * @param cpus processors that the agent may use
 * @param memoryMib memory of the VM
 * @param sharedMemoryMib free space of /dev/shm
 * @param diskMib free space where weights are kept
 */
public record Machine(int cpus, long memoryMib, long sharedMemoryMib, long diskMib) {}
