"""Trains the tokenizers of the tests anew, on this project's own texts, and writes down how they read a corpus.

    pip install tokenizers==0.23.3
    python make.py

Hugging Face's own library made golden.json; the tests hold what the program uses against it.
"""

import glob
import json
import os

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, '..', '..', '..')

# How Qwen splits a text before it is merged: a digit at a time, letters with the space before them, line breaks together.
QWEN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def texts():
    for path in sorted(glob.glob(os.path.join(ROOT, 'docs', '*.md'))):
        yield open(path, encoding='utf8').read()
    for path in sorted(glob.glob(os.path.join(ROOT, 'scenarios', 'data', 'prompts.*.jsonl'))):
        for line in open(path, encoding='utf8'):
            # Pages are long and prompts are few.
            for _ in range(4):
                yield json.loads(line)['prompt']


def byte_level():
    """As Qwen, Llama 3 and GPT have it."""
    tokenizer = Tokenizer(models.BPE(ignore_merges=False))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN), behavior='isolated'),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    specials = [AddedToken(text, special=True) for text in ('<|endoftext|>', '<|im_start|>', '<|im_end|>')]
    trainer = trainers.BpeTrainer(
        vocab_size=2000,
        min_frequency=2,
        special_tokens=specials,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    return tokenizer, trainer


def sentence_piece():
    """As Llama 2 and Mistral have it: characters, and bytes for those that it does not know."""
    tokenizer = Tokenizer(models.BPE(unk_token='<unk>', byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend('▁'), normalizers.Replace(' ', '▁')])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex('(?=▁)'), behavior='isolated')
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace('▁', ' '), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(' ', 1, 0)]
    )
    bytes_ = [f'<0x{byte:02X}>' for byte in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=1000,
        min_frequency=3,
        special_tokens=['<unk>', '<s>', '</s>', *bytes_],
        limit_alphabet=300,
        show_progress=False,
    )
    return tokenizer, trainer


def word_piece():
    """As BERT and the embedding models after it have it."""
    tokenizer = Tokenizer(models.WordPiece(unk_token='[UNK]'))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(
        vocab_size=900, special_tokens=['[PAD]', '[UNK]', '[CLS]', '[SEP]'], show_progress=False
    )
    return tokenizer, trainer


def unigram():
    """As T5, Gemma's forerunners and many for several languages have it."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=900, special_tokens=['<unk>', '</s>'], unk_token='<unk>', show_progress=False
    )
    return tokenizer, trainer


KINDS = {
    'byte-level': byte_level,
    'sentence-piece': sentence_piece,
    'word-piece': word_piece,
    'unigram': unigram,
}


def main():
    with open(os.path.join(HERE, 'corpus.json'), encoding='utf8') as file:
        corpus = json.load(file)
    golden = {}
    for name, make in KINDS.items():
        tokenizer, trainer = make()
        tokenizer.train_from_iterator(list(texts()), trainer)
        if name == 'word-piece':
            tokenizer.post_processor = processors.TemplateProcessing(
                single='[CLS] $A [SEP]',
                pair='[CLS] $A [SEP] $B:1 [SEP]:1',
                special_tokens=[(text, tokenizer.token_to_id(text)) for text in ('[CLS]', '[SEP]')],
            )
        data = json.loads(tokenizer.to_str())
        with open(os.path.join(HERE, f'{name}.json'), 'w', encoding='utf8') as file:
            json.dump(data, file, ensure_ascii=False, separators=(',', ':'))
            file.write('\n')
        golden[name] = [tokenizer.encode(text, add_special_tokens=False).ids for text in corpus]
    with open(os.path.join(HERE, 'golden.json'), 'w', encoding='utf8') as file:
        json.dump(golden, file, separators=(',', ':'))
        file.write('\n')


main()
