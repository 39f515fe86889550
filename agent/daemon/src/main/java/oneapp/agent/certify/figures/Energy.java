package oneapp.agent.certify.figures;

import java.util.Optional;

/**
 * What serving costs in energy of the GPUs alone, at the measured throughput; not that of CPUs,
 * memory, cooling and power supply.
 *
 * @param watts of all GPUs of the plan together, mean
 * @param joulesPerRequest per answered request
 * @param joulesPerOutputToken per token of the answered requests
 * @param wattHoursPerThousandRequests the same for a thousand requests
 */
public record Energy(
    double watts,
    double joulesPerRequest,
    double joulesPerOutputToken,
    double wattHoursPerThousandRequests) {

  public static Optional<Energy> of(GpuFigures gpu) {
    GpuFigures.Power power = gpu.power();
    if (power.watts().isEmpty()
        || power.joulesPerRequest().isEmpty()
        || power.joulesPerOutputToken().isEmpty()) {
      return Optional.empty();
    }
    double perRequest = power.joulesPerRequest().getAsDouble();
    return Optional.of(
        new Energy(
            power.watts().getAsDouble(),
            perRequest,
            power.joulesPerOutputToken().getAsDouble(),
            1000 * perRequest / 3600));
  }
}
