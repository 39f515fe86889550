/**
 * In: this VM, or what nvidia-smi printed on another. Out: a {@code GpuInventory}, or why there is
 * none. To add a GPU: a row in appliance/catalogue/gpus.yaml; a new failure of nvidia-smi: a rule
 * in {@code SmiFailure}.
 */
@NullMarked
package oneapp.agent.gpu;

import org.jspecify.annotations.NullMarked;
