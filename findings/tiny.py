"""Makes a tiny tokenizer (a folder, as Hugging Face's) or a tiny llama with random weights (a GGUF): one token for each byte."""
import json
import os
import sys


def byte_alphabet():
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return {byte: chr(byte) if byte in shown else chr(256 + hidden.index(byte)) for byte in range(256)}


def tokenizer(folder):
    os.makedirs(folder, exist_ok=True)
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
    vocab = {text: byte for byte, text in byte_alphabet().items()}
    document = {
        "version": "1.0", "truncation": None, "padding": None, "normalizer": None, "post_processor": None,
        "added_tokens": [{"id": 256, "content": "<end>", "special": True, "single_word": False, "lstrip": False,
                          "rstrip": False, "normalized": False}],
        "pre_tokenizer": level, "decoder": level,
        "model": {"type": "BPE", "vocab": {**vocab, "<end>": 256}, "merges": []},
    }
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<end>", "bos_token": "<end>",
              "model_max_length": 4096, "chat_template": "{% for m in messages %}{{ m.content }}{% endfor %}"}
    for name, content in (("tokenizer.json", document), ("tokenizer_config.json", config)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump(content, file)


def model(path):
    import gguf
    import numpy

    random = numpy.random.default_rng(7)
    size, vocabulary = 64, 257
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(65536)
    writer.add_embedding_length(size)
    writer.add_block_count(1)
    writer.add_feed_forward_length(size)
    writer.add_head_count(1)
    writer.add_head_count_kv(1)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(vocabulary)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([*byte_alphabet().values(), "<end>"])
    writer.add_token_types([1] * 256 + [3])
    writer.add_token_merges(["a b"])
    writer.add_eos_token_id(256)
    writer.add_bos_token_id(256)
    writer.add_add_bos_token(False)
    writer.add_chat_template("{% for m in messages %}{{ m.content }}{% endfor %}")
    shapes = {"token_embd": (vocabulary, size), "output": (vocabulary, size), "output_norm": (size,)}
    shapes |= {f"blk.0.{name}": (size, size) for name in
               ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")}
    shapes |= {f"blk.0.{name}": (size,) for name in ("attn_norm", "ffn_norm")}
    for name, shape in shapes.items():
        values = numpy.ones(shape) if "norm" in name else random.standard_normal(shape)
        writer.add_tensor(f"{name}.weight", values.astype(numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


{"tokenizer": tokenizer, "model": model}[sys.argv[1]](sys.argv[2])
