package oneapp.agent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ServeSettingsTest {
  @Test
  void vllmInheritsOnlyWhatItNeeds() {
    Map<String, String> own =
        Map.of(
            "PATH", "/usr/bin",
            "HTTPS_PROXY", "http://proxy:3128",
            "ONEAPP_VLLM_ONE_AUTH", "user:token",
            "VLLM_SERVER_DEV_MODE", "1",
            "PYTHONPATH", "/elsewhere");
    assertThat(ServeSettings.inherited(own)).containsOnlyKeys("PATH", "HTTPS_PROXY");
  }
}
