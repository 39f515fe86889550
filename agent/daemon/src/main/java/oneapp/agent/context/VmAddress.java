package oneapp.agent.context;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;
import java.util.regex.Pattern;

/** The address at which other machines reach this VM, in the form of a URL's host. */
public final class VmAddress {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private VmAddress() {}

  /** OpenNebula's address of the first network card, else one of this machine, else loopback. */
  public static String of(RawContext context) {
    return given(context)
        .or(VmAddress::own)
        .orElseGet(() -> InetAddress.getLoopbackAddress().getHostAddress());
  }

  private static Optional<String> given(RawContext context) {
    return context
        .get("ETH0_IP")
        .filter(ip -> IPV4.matcher(ip).matches())
        .or(
            () ->
                context
                    .get("ETH0_IP6")
                    .filter(ip -> IPV6.matcher(ip).matches())
                    .map(ip -> "[" + ip + "]"));
  }

  private static Optional<String> own() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> address instanceof Inet4Address)
          .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
          .map(InetAddress::getHostAddress)
          .findFirst();
    } catch (SocketException e) {
      return Optional.empty();
    }
  }
}
