package oneapp.agent.gpu;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import oneapp.agent.data.Yaml;

/**
 * An error report of the NVIDIA driver.
 *
 * @param address of the GPU on the PCI bus, as in 0000:9b:00
 * @param number in NVIDIA's Xid catalogue
 */
public record Xid(String address, int number) {
  private static final Pattern LINE =
      Pattern.compile(
          "NVRM: Xid \\(PCI:([0-9a-fA-F]{4,8}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2})[^)]*\\): ([0-9]{1,4})\\b");

  private enum Whose {
    APPLICATION,
    HARDWARE
  }

  private record Entry(int number, Whose whose, String meaning) {}

  private record Catalogue(List<Entry> xids) {
    static final Catalogue SHIPPED =
        Yaml.resource("appliance/catalogue/xids.yaml", Catalogue.class);

    Optional<Entry> find(int number) {
      return xids.stream().filter(entry -> entry.number == number).findFirst();
    }
  }

  /** The error that a line of the kernel log reports, if it does. */
  public static Optional<Xid> in(String line) {
    Matcher matcher = LINE.matcher(line);
    return matcher.find()
        ? Optional.of(new Xid(matcher.group(1), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  /** What the number means, if it is in the catalogue. */
  Optional<String> meaning() {
    return Catalogue.SHIPPED.find(number).map(Entry::meaning);
  }

  /** False if the process that used the GPU caused the error; true also for unknown numbers. */
  public boolean isOfHardware() {
    return Catalogue.SHIPPED.find(number).map(Entry::whose).orElse(Whose.HARDWARE)
        == Whose.HARDWARE;
  }
}
