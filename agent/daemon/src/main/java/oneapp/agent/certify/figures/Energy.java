package oneapp.agent.certify.figures;

import java.util.Optional;

/**
 * What serving costs in energy of the GPUs alone, at the measured throughput; not that of CPUs,
 * memory, cooling and power supply.
 *
 * @param watts of all GPUs of the plan together, mean
 * @param joulesPerRequest for each answered request
 * @param joulesPerOutputToken for each token of the answered requests
 * @param wattHoursPerThousandRequests the same for a thousand requests
 */
public record Energy(
    double watts,
    double joulesPerRequest,
    double joulesPerOutputToken,
    double wattHoursPerThousandRequests) {

  public static Optional<Energy> of(GpuFigures gpu) {
    if (gpu.watts().isEmpty()
        || gpu.joulesPerRequest().isEmpty()
        || gpu.joulesPerOutputToken().isEmpty()) {
      return Optional.empty();
    }
    double perRequest = gpu.joulesPerRequest().getAsDouble();
    return Optional.of(
        new Energy(
            gpu.watts().getAsDouble(),
            perRequest,
            gpu.joulesPerOutputToken().getAsDouble(),
            1000 * perRequest / 3600));
  }
}
