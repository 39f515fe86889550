package oneapp.agent.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VmAddressTest {
  private static String address(Map<String, String> context) {
    return VmAddress.of(new RawContext(context, List.of()));
  }

  @Test
  void theFirstCardOfOpenNebulaComesFirst() {
    assertThat(address(Map.of("ETH0_IP", "192.0.2.7", "ETH0_IP6", "2001:db8::7")))
        .isEqualTo("192.0.2.7");
    assertThat(address(Map.of("ETH0_IP", "", "ETH0_IP6", "2001:db8::7")))
        .isEqualTo("[2001:db8::7]");
  }

  @Test
  void whatIsNoAddressIsNotPublished() {
    assertThat(address(Map.of("ETH0_IP", "vm.example/x", "ETH0_IP6", "none")))
        .matches("\\d+(\\.\\d+){3}");
  }
}
