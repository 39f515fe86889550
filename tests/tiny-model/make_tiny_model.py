#!/usr/bin/env python3
"""Makes a tiny Qwen2 model with random weights and a byte-level tokenizer, offline and always the same.

It answers nonsense at full protocol: real vLLM loads it in seconds on a CPU. Heads and KV heads are even, so that it
can be split by a tensor-parallel size of 2. Needs numpy, safetensors and tokenizers, which the engines bring.
"""
import argparse
import json
import pathlib

import numpy
from safetensors.numpy import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

END, START_TURN, END_TURN = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
WORDS = (
    "the server answers a request with tokens and counts the time from its start to the first token and the time "
    "between tokens while other requests wait in a queue until memory for their keys and values is free again"
).split()
CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def make_tokenizer(size, seed):
    """Byte-pair merges learned from a made-up text: every byte is covered, and the vocabulary is a few thousand."""
    random = numpy.random.default_rng(seed)
    text = [" ".join(random.choice(WORDS, 12)) + f" {random.integers(10**6)}" for _ in range(4000)]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(text, trainers.BpeTrainer(
        vocab_size=size, special_tokens=[END, START_TURN, END_TURN], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return tokenizer


def make_config(arguments, tokenizer):
    return {
        "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "torch_dtype": "bfloat16",
        "vocab_size": tokenizer.get_vocab_size(), "hidden_size": arguments.hidden, "hidden_act": "silu",
        "intermediate_size": 2 * arguments.hidden, "num_hidden_layers": arguments.layers,
        "num_attention_heads": arguments.heads, "num_key_value_heads": arguments.kv_heads,
        "max_position_embeddings": arguments.positions, "rms_norm_eps": 1e-6, "rope_theta": 10000.0,
        "tie_word_embeddings": True, "initializer_range": 0.02, "use_cache": True,
        "bos_token_id": tokenizer.token_to_id(END), "eos_token_id": tokenizer.token_to_id(END_TURN),
    }


def make_weights(config, seed):
    random = numpy.random.default_rng(seed)
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    kv = hidden // config["num_attention_heads"] * config["num_key_value_heads"]

    def noise(*shape):
        return (0.02 * random.standard_normal(shape)).astype(numpy.float32)

    def ones():
        return numpy.ones(hidden, numpy.float32)

    weights = {"model.embed_tokens.weight": noise(config["vocab_size"], hidden), "model.norm.weight": ones()}
    for layer in range(config["num_hidden_layers"]):
        at = f"model.layers.{layer}"
        for name, rows in (("q", hidden), ("k", kv), ("v", kv)):
            weights[f"{at}.self_attn.{name}_proj.weight"] = noise(rows, hidden)
            weights[f"{at}.self_attn.{name}_proj.bias"] = noise(rows)
        weights[f"{at}.self_attn.o_proj.weight"] = noise(hidden, hidden)
        weights[f"{at}.mlp.gate_proj.weight"] = noise(inner, hidden)
        weights[f"{at}.mlp.up_proj.weight"] = noise(inner, hidden)
        weights[f"{at}.mlp.down_proj.weight"] = noise(hidden, inner)
        weights[f"{at}.input_layernorm.weight"] = ones()
        weights[f"{at}.post_attention_layernorm.weight"] = ones()
    return weights


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    sizes = {"vocabulary": 4096, "hidden": 128, "layers": 2, "heads": 4, "kv-heads": 2, "positions": 4096, "seed": 0}
    for name, value in sizes.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    arguments = parser.parse_args()
    if arguments.hidden % (2 * arguments.heads) or arguments.heads % arguments.kv_heads:
        parser.error("heads must divide hidden into an even size, and kv-heads must divide heads")
    arguments.folder.mkdir(parents=True, exist_ok=True)

    tokenizer = make_tokenizer(arguments.vocabulary, arguments.seed)
    config = make_config(arguments, tokenizer)

    def write(name, content):
        (arguments.folder / name).write_text(json.dumps(content, indent=1) + "\n")

    tokenizer.save(str(arguments.folder / "tokenizer.json"))
    write("tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": arguments.positions,
        "chat_template": CHAT_TEMPLATE, "bos_token": None, "unk_token": None, "eos_token": END_TURN, "pad_token": END,
        "clean_up_tokenization_spaces": False})
    write("generation_config.json", {
        "eos_token_id": config["eos_token_id"], "pad_token_id": config["bos_token_id"], "do_sample": True})
    weights = arguments.folder / "model.safetensors"
    save_file(make_weights(config, arguments.seed), str(weights), metadata={"format": "pt"})
    weights.chmod(0o644)  # safetensors makes it private, but the server may run as another user
    write("config.json", config)  # last: a folder with it is whole


if __name__ == "__main__":
    main()
