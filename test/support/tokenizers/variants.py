"""Tokenizers of single parts, and how Hugging Face's own library counts texts with each: variants.json.

pip install tokenizers==0.23.3
python variants.py
"""

import json
import os
import random

from tokenizers import Tokenizer

random.seed(3)
W = {"[UNK]": 0}
chars = "ab你好。#12１２²Ⅻ𠮷éσςs_-'!？ …İß٣"
for c in chars:
    W.setdefault(c, len(W))
    W.setdefault("##" + c, len(W))
for w in ["ab", "aba", "##ab", "###", "你好", "ba", "##ba", "b-", "▁a", "▁", "▁b", "##▁"]:
    W.setdefault(w, len(W))


def wp(pre, norm=None, mx=4):
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": norm,
        "pre_tokenizer": pre,
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": mx,
            "vocab": W,
        },
    }


uv = [
    ["<unk>", 0.0],
    ["▁", -2.0],
    ["你", -2.0],
    ["好", -2.0],
    ["▁a", -2.5],
    ["a", -2.2],
    ["b", -2.3],
    ["ab", -3],
    ["▁b", -3],
    ["o", -2.0],
    ["▁of▁the", -1.0],
    ["▁▁", -3],
]
ub = uv + [[f"<0x{b:02X}>", -9.0] for b in range(256)]


def uni(v, bf, pre, norm=None):
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": norm,
        "pre_tokenizer": pre,
        "post_processor": None,
        "decoder": None,
        "model": {"type": "Unigram", "unk_id": 0, "vocab": v, "byte_fallback": bf},
    }


ms = lambda **k: {"type": "Metaspace", "replacement": "▁", **k}
V = {}
V["whitespace"] = wp({"type": "Whitespace"})
V["whitespace-split"] = wp({"type": "WhitespaceSplit"}, mx=8)
for b in ["Isolated", "Removed", "Contiguous", "MergedWithPrevious", "MergedWithNext"]:
    V["punctuation-" + b] = wp({"type": "Punctuation", "behavior": b}, mx=8)
    V["split-string-" + b] = wp({"type": "Split", "pattern": {"String": "-"}, "behavior": b, "invert": False}, mx=8)
V["split-isolated-inverted"] = wp(
    {"type": "Split", "pattern": {"Regex": "[ab]+"}, "behavior": "Isolated", "invert": True}, mx=8
)
V["split-removed-inverted"] = wp(
    {"type": "Split", "pattern": {"Regex": "[ab]+"}, "behavior": "Removed", "invert": True}, mx=8
)
V["digits"] = wp({"type": "Digits", "individual_digits": True}, mx=8)
V["digits-together"] = wp({"type": "Digits", "individual_digits": False}, mx=8)
V["bert"] = wp(
    {"type": "BertPreTokenizer"},
    {
        "type": "BertNormalizer",
        "clean_text": True,
        "handle_chinese_chars": True,
        "strip_accents": None,
        "lowercase": False,
    },
)
V["bert-lower"] = wp(
    {"type": "BertPreTokenizer"},
    {
        "type": "BertNormalizer",
        "clean_text": True,
        "handle_chinese_chars": True,
        "strip_accents": None,
        "lowercase": True,
    },
)
V["bert-plain"] = wp(
    {"type": "BertPreTokenizer"},
    {
        "type": "BertNormalizer",
        "clean_text": False,
        "handle_chinese_chars": False,
        "strip_accents": True,
        "lowercase": False,
    },
)
V["lower"] = wp({"type": "Whitespace"}, {"type": "Lowercase"})
V["strip-accents"] = wp(
    {"type": "Whitespace"}, {"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "StripAccents"}]}
)
V["replace-dollar"] = wp({"type": "Whitespace"}, {"type": "Replace", "pattern": {"String": "a"}, "content": "$&b"})
V["strip"] = wp({"type": "Whitespace"}, {"type": "Strip", "strip_left": True, "strip_right": True})
V["fixed"] = wp({"type": "FixedLength", "length": 3})
V["sequence"] = wp(
    {
        "type": "Sequence",
        "pretokenizers": [
            {"type": "WhitespaceSplit"},
            {"type": "Punctuation", "behavior": "Isolated"},
            {"type": "Digits", "individual_digits": True},
        ],
    }
)
V["metaspace-wp"] = wp(ms(prepend_scheme="always", split=True), mx=8)
V["unigram-bytes"] = uni(ub, True, ms(prepend_scheme="always", split=True))
V["unigram-no-bytes"] = uni(uv, False, ms(prepend_scheme="always", split=True))
V["unigram-whole"] = uni(ub, True, ms(prepend_scheme="first", split=False))
V["unigram-never"] = uni(ub, True, ms(prepend_scheme="never", split=True))
V["unigram-some-bytes"] = uni(ub[:-20], True, ms(prepend_scheme="always", split=True))
V["unigram-none"] = uni(ub, True, None)
bpev = {
    c: i for i, c in enumerate(["<unk>", "a", "b", "ab", "▁", "▁a", "你", "-"] + [f"<0x{b:02X}>" for b in range(256)])
}


def bpe(pre, norm=None, **m):
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": norm,
        "pre_tokenizer": pre,
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": "<unk>",
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": True,
            "byte_fallback": False,
            "vocab": bpev,
            "merges": ["a b", "▁ a"],
            **m,
        },
    }


V["bpe-gemma"] = bpe(
    {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": False},
    {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
    byte_fallback=True,
)
V["bpe-merged"] = bpe({"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": False})
V["bpe-nofuse"] = bpe(ms(prepend_scheme="always", split=True), fuse_unk=False)
V["bpe-fuse"] = bpe(ms(prepend_scheme="always", split=True))
V["bpe-nounk"] = bpe(ms(prepend_scheme="first", split=False), unk_token=None)
pool = list("aabb你好。#12１２²Ⅻ𠮷éσΣς_-'!？… …  \n\tİß٣😀👍ไทย\u00a0\u3000\u200b\u0085\ufeffA▁") + [
    "ab",
    " of the",
    "--",
    "  ",
]
texts = [
    "",
    "a",
    " a",
    "a ",
    "hello 😀",
    "你好🪿👍",
    "你好ไทย",
    "ab你好！",
    "a#b",
    "###",
    "ΑΣ ab",
    "Σ",
    "a\u2028b",
    "𠮷𠮷",
    "$a",
]
for _ in range(60):
    texts.append("".join(random.choice(pool) for _ in range(random.randint(1, 14))))
out = {}
for n, d in V.items():
    try:
        t = Tokenizer.from_str(json.dumps(d))
        out[n] = {"definition": d, "counts": [len(t.encode(x, add_special_tokens=False).ids) for x in texts]}
    except Exception as e:
        print(n, e)
json.dump(
    {"texts": texts, "variants": out},
    open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'variants.json'), 'w', encoding='utf8'),
    ensure_ascii=False,
    separators=(',', ':'),
)
