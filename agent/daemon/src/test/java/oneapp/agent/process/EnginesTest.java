package oneapp.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import oneapp.agent.durable.StateFolder;
import org.junit.jupiter.api.Test;

class EnginesTest {
  @Test
  void vllmInheritsOnlyWhatItNeeds() {
    Map<String, String> own =
        Map.of(
            "PATH", "/usr/bin",
            "HTTPS_PROXY", "http://proxy:3128",
            "ONEAPP_VLLM_ONE_AUTH", "user:token",
            "VLLM_SERVER_DEV_MODE", "1",
            "PYTHONPATH", "/elsewhere");
    Engines engines =
        new Engines(
            Path.of("/opt/engines"), new StateFolder(Path.of("/state")), Optional.empty(), own);
    assertThat(engines.environment())
        .containsOnlyKeys("PATH", "HTTPS_PROXY", "HOME", "XDG_CACHE_HOME")
        .containsEntry("HOME", "/state/home")
        .containsEntry("XDG_CACHE_HOME", "/state/cache");
  }
}
