package oneapp.agent.plan;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import oneapp.agent.data.Text;
import oneapp.agent.model.ModelFacts;
import oneapp.agent.model.ModelFacts.Quantisation;

/** The rules by which vLLM accepts a tensor-parallel size; an objection names the figure. */
final class TensorParallelRules {
  private static final int VOCABULARY_PADDING = 64;

  private final ModelFacts model;
  private final boolean wholeExperts;

  /**
   * The rules for a model.
   *
   * @param wholeExperts experts are dealt out whole (expert parallel) and not split
   */
  TensorParallelRules(ModelFacts model, boolean wholeExperts) {
    this.model = model;
    this.wholeExperts = wholeExperts;
  }

  /** The sizes up to {@code most} that are valid with one replica, ascending. */
  List<Integer> valid(int most) {
    List<Integer> sizes = new ArrayList<>();
    for (int size = 1; size <= most; size++) {
      if (objection(size, 1).isEmpty()) {
        sizes.add(size);
      }
    }
    return sizes;
  }

  /** Why vLLM refuses this size, or nothing. */
  Optional<String> objection(int size, int replicas) {
    if (model.attention().heads() % size != 0) {
      return refuse("%d attention heads are not divisible by %d", model.attention().heads(), size);
    }
    if (model.attention().latent().isEmpty()
        && model.attention().kvHeads() % size != 0
        && size % model.attention().kvHeads() != 0) {
      return refuse(
          "%d key-value heads neither divide %d nor are divisible by it",
          model.attention().kvHeads(), size);
    }
    if (model.mlp().width() % size != 0) {
      return refuse("the MLP width %d is not divisible by %d", model.mlp().width(), size);
    }
    int padded = Math.ceilDiv(model.vocabSize(), VOCABULARY_PADDING) * VOCABULARY_PADDING;
    if (padded % size != 0) {
      return refuse("the padded vocabulary of %d is not divisible by %d", padded, size);
    }
    return experts(size * replicas).or(() -> quantised(size));
  }

  /** Routed experts are split over all GPUs of all replicas. */
  private Optional<String> experts(int gpus) {
    if (model.mlp().experts().isEmpty()) {
      return Optional.empty();
    }
    if (wholeExperts) {
      int count = model.mlp().experts().get().count();
      return gpus <= count
          ? Optional.empty()
          : refuse("%d experts are fewer than %d GPUs", count, gpus);
    }
    int width = model.mlp().experts().get().width();
    if (width % gpus != 0) {
      return refuse("the expert width %d is not divisible by %d GPUs", width, gpus);
    }
    if (model.quantisation().isEmpty() || !model.quantisation().get().hasBlocks()) {
      return Optional.empty();
    }
    Quantisation format = model.quantisation().get();
    int part = width / gpus;
    if (part % format.blockN() != 0 || (gpus > 1 && part % format.blockK() != 0)) {
      return refuse(
          "%d columns of an expert are not a multiple of the block size %d", part, format.blockN());
    }
    return Optional.empty();
  }

  private Optional<String> quantised(int size) {
    if (model.quantisation().isEmpty()) {
      return Optional.empty();
    }
    Quantisation format = model.quantisation().get();
    if (format.method().equals("bitsandbytes") && size > 1) {
      return Optional.of(
          "vLLM cannot split a checkpoint that is already quantised with bitsandbytes");
    }
    return format.hasBlocks() ? blocks(size, format) : groups(size, format);
  }

  private Optional<String> blocks(int size, Quantisation format) {
    if (model.attention().latent().isEmpty()) {
      int keyValue = Math.max(1, model.attention().kvHeads() / size) * model.attention().headDim();
      int query = model.attention().heads() / size * model.attention().headDim();
      if (query % format.blockN() != 0 || keyValue % format.blockN() != 0) {
        return refuse(
            "%d key-value columns per GPU are not a multiple of the block size %d",
            keyValue, format.blockN());
      }
    }
    int output = model.attention().heads() / size * model.attention().headDim();
    if (size > 1 && model.attention().latent().isEmpty() && output % format.blockK() != 0) {
      return refuse(
          "%d attention rows per GPU are not a multiple of the block size %d",
          output, format.blockK());
    }
    int width = denseWidth() / size;
    if (width > 0 && (width % format.blockN() != 0 || (size > 1 && width % format.blockK() != 0))) {
      return refuse(
          "%d MLP columns per GPU are not a multiple of the block size %d", width, format.blockN());
    }
    return Optional.empty();
  }

  /** The input of a row-parallel layer must be whole groups that share a scale. */
  private Optional<String> groups(int size, Quantisation format) {
    int group = format.groupSize();
    if (group <= 0 || size == 1) {
      return Optional.empty();
    }
    int width = denseWidth() / size;
    return width % group == 0
        ? Optional.empty()
        : refuse("%d MLP rows per GPU are not a multiple of the group size %d", width, group);
  }

  /**
   * Where every layer has experts, config.json often still names a dense width that nothing has.
   */
  private int denseWidth() {
    return model.mlp().experts().isPresent() ? 0 : model.mlp().width();
  }

  @FormatMethod
  private static Optional<String> refuse(@FormatString String form, int figure, int size) {
    return Optional.of(Text.format(form, figure, size));
  }
}
