package oneapp.agent.gpu;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import oneapp.agent.data.Text;
import oneapp.agent.stage.Category;

/** The meaning of nvidia-smi's error messages, and what to do about each. */
final class SmiFailure {
  private record Rule(Pattern words, Category category, String advice) {}

  private static final List<Rule> RULES =
      List.of(
          rule(
              "(?i)driver/library version mismatch",
              Category.DRIVER_PROBLEM,
              "the loaded kernel module and the driver's libraries are of different versions:"
                  + " reboot the VM, and pin the driver's packages together"),
          rule(
              "(?i)GPU is lost|fallen off the bus",
              Category.DRIVER_PROBLEM,
              "a GPU has fallen off the bus: power the VM off and on; if it happens again,"
                  + " have the card and its power supply checked on the host"),
          rule(
              "(?i)couldn't communicate with the NVIDIA driver",
              Category.DRIVER_PROBLEM,
              "the NVIDIA kernel module is not loaded: install a driver for the running kernel"
                  + " and look at `dmesg | grep NVRM`; with Secure Boot the module must be signed"),
          rule(
              "(?i)No devices were found",
              Category.NO_GPU,
              "the driver is loaded and finds no GPU: give the VM a PCI device (CLASS 0302,"
                  + " VENDOR 10de) in its template"),
          rule(
              "(?i)error while loading shared libraries|libnvidia-ml",
              Category.DRIVER_PROBLEM,
              "the driver's libraries are missing: install the complete driver in one version"),
          rule(
              "(?i)command not found|No such file or directory|not found$",
              Category.NO_GPU,
              "nvidia-smi is not installed: use an image with the NVIDIA driver"),
          rule(
              "(?i)Insufficient permissions|Permission denied",
              Category.DRIVER_PROBLEM,
              "the agent may not use the GPU: check the access rights of /dev/nvidia*"),
          rule(
              "(?i)Unable to determine the device handle|Failed to initialize NVML"
                  + "|NVIDIA-SMI has failed|Unknown Error",
              Category.DRIVER_PROBLEM,
              "the NVIDIA driver does not work: look at `dmesg | grep -E 'NVRM|Xid'` and reboot"));

  private SmiFailure() {}

  private static Rule rule(String words, Category category, String advice) {
    return new Rule(Pattern.compile(words, Pattern.MULTILINE), category, advice);
  }

  /** The meaning of the text if it is a failure of nvidia-smi. */
  static Optional<GpuInventory.Problem> of(String text) {
    for (Rule rule : RULES) {
      if (rule.words().matcher(text).find()) {
        return Optional.of(
            new GpuInventory.Problem(
                rule.category(),
                "nvidia-smi says \"" + Text.firstLine(text) + "\": " + rule.advice()));
      }
    }
    return Optional.empty();
  }
}
