package oneapp.agent.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ModelFactsTest {
  @Test
  void groupsThatCannotBeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelFacts.Attention(12, 5, 64, 1, Optional.empty()));
    assertThatIllegalArgumentException().isThrownBy(() -> new ModelFacts.Mlp(0, Optional.empty()));
    assertThatIllegalArgumentException().isThrownBy(() -> new ModelFacts.Experts(8, 9, 768));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelFacts.Weights(0, 0, 0, 0, 1, false));
  }

  @Test
  void aNoteComesLast() {
    ModelFacts facts =
        new ModelFacts(
            "x",
            new ModelFacts.Attention(2, 1, 64, 1, Optional.empty()),
            new ModelFacts.Mlp(256, Optional.empty()),
            1000,
            2048,
            new ModelFacts.NumberFormat("bfloat16", true),
            Optional.empty(),
            new ModelFacts.Weights(100, 0, 10, 20, 200, false),
            List.of("first"));
    assertThat(facts.noting("second").notes()).containsExactly("first", "second");
    assertThat(facts.weightBytes("float32")).isEqualTo(400);
  }
}
