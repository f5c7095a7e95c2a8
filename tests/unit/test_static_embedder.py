"""The static embedder: the vectors are those of the reference tokenizer, and nothing is loaded before it is needed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from codebase_core_hookspecs import EmbedderUnavailable
from codebase_core_static.embedder import SHIPPED, StaticEmbedder
from codebase_core_static.vectors import BLOCK, TokenVectors
from codebase_core_static.vocabulary import LONGEST_WORD, Vocabulary
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

TEXTS = [
    "def read_file(path: Path) -> bytes:\n\treturn path.read_bytes()  # TODO: cache",
    "class HTTPServerError(Exception): ...",
    "how does the parser handle nested comments?",
    "naïve café — “ÉCOLE” Straße ΟΔΟΣ İstanbul",
    "読み込み処理を行う関数 文件读取 파일 읽기 чтение файла קובץ ملف",
    "x\u0338 = a\u200bb\ufffd; y\x00z\x7f \U0001d4b3 🥰 👩‍💻 ½ ² ﬁ",
    "==>>[[{{&&||!!~~``$$^^%%@@##\\\\",
    "0xDEADBEEF 1e-9 v1.2.3-rc4 aGVsbG8gd29ybGQgdGhpcyBpcyBiYXNlNjQ=",
    "a" * LONGEST_WORD + " " + "b" * (LONGEST_WORD + 1) + " tail",
]
SILENT = ["", "  \n\t ", "\x00", "\U00013000", "z" * (LONGEST_WORD + 1), "\ud800"]


@pytest.fixture(scope="module")
def reference():
    """Return a function from texts to the rows of their tokens, by the tokenizers library."""
    tokens = (SHIPPED / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
    vocabulary = {token: row for row, token in enumerate(tokens)}
    unknown = vocabulary.setdefault("[UNK]", len(tokens))
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=LONGEST_WORD))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()

    def rows(texts: list[str]) -> list[list[int]]:
        encodings = tokenizer.encode_batch(texts, add_special_tokens=False)
        return [[row for row in encoding.ids if row != unknown] for encoding in encodings]

    return rows


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.load(SHIPPED / "vocabulary.txt")


def embed(texts: list[str], embedder: StaticEmbedder | None = None):
    return asyncio.run((embedder or StaticEmbedder.open()).embed_documents(texts))


def query(text: str, embedder: StaticEmbedder | None = None):
    return asyncio.run((embedder or StaticEmbedder.open()).embed_query(text))


def rows_of(vocabulary: Vocabulary, text: str) -> list[int]:
    return np.frombuffer(vocabulary.rows(text), dtype=np.uint16).tolist()


def own_sources() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("test_*.py"))]


def test_vectors_are_those_of_the_reference_tokenizer(reference):
    texts = TEXTS + own_sources()
    matrix = np.load(SHIPPED / "embeddings.npy") * np.load(SHIPPED / "scales.npy")[:, None]
    expected = np.stack([matrix[rows].sum(axis=0, dtype=np.float64) for rows in reference(texts)])
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    cosines = (embed(texts) * expected).sum(axis=1)
    assert cosines.min() > 0.999999


def test_rows_are_those_of_the_reference_tokenizer(reference, vocabulary):
    texts = TEXTS + own_sources()
    for text, expected in zip(texts, reference(texts), strict=True):
        assert rows_of(vocabulary, text) == expected


def test_every_character_is_treated_as_by_the_reference_tokenizer(reference, vocabulary):
    characters = [chr(code) for code in range(0x20000) if not 0xD800 <= code < 0xE000]
    words = [f"a{character}b" for character in characters]
    differing = [
        character
        for character, word, expected in zip(characters, words, reference(words), strict=True)
        if rows_of(vocabulary, word) != expected
    ]
    assert len(differing) < 0.006 * len(characters)
    assert not [character for character in differing if "\x20" < character < "\u0600" and character != "\x85"]


def test_documents_are_unit_float32_rows():
    matrix = embed(TEXTS)
    assert matrix.dtype == np.float32
    assert matrix.shape == (len(TEXTS), 256)
    assert np.linalg.norm(matrix, axis=1) == pytest.approx(1, abs=1e-6)


def test_a_query_has_the_vector_of_the_same_document():
    vector = query(TEXTS[2])
    assert vector.dtype == np.float32
    assert np.array_equal(vector, embed(TEXTS)[2])


def test_related_texts_are_closer_than_unrelated_ones():
    parse, parser, window = embed(["parse a JSON document", "class Json Parser:", "resize the main window"])
    assert float(parse @ parser) > 0.5
    assert float(parse @ window) < 0.3


def test_order_is_kept_over_many_texts():
    texts = [f"{text} {number}" for number in range(300) for text in TEXTS]
    embedder = StaticEmbedder.open()
    matrix = embed(texts, embedder)
    for row in (0, 1, 511, 512, 1023, 1024, len(texts) - 1):
        assert np.array_equal(matrix[row], query(texts[row], embedder))


@pytest.mark.parametrize("text", SILENT)
def test_a_text_without_known_tokens_is_a_zero_row(text):
    silent, speaking = embed([text, "hello"])
    assert not silent.any()
    assert speaking.any()
    assert not query(text).any()


def test_no_texts_give_no_rows():
    matrix = embed([])
    assert matrix.shape == (0, 256)
    assert matrix.dtype == np.float32


def test_a_text_of_more_rows_than_a_block_is_summed_whole():
    long = "alpha " * 2 * BLOCK + "omega " * 2 * BLOCK
    assert embed([long])[0] @ embed(["alpha omega"])[0] == pytest.approx(1, abs=1e-5)


def test_a_megabyte_without_whitespace_is_embedded():
    assert embed(["f(a);" * 200_000])[0] @ embed(["f(a);"])[0] == pytest.approx(1, abs=1e-5)
    assert not embed(["q" * 1_000_000]).any()


def test_the_memory_of_words_is_bounded_and_does_not_change_rows(vocabulary):
    tokens = (SHIPPED / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
    forgetful = Vocabulary({token: row for row, token in enumerate(tokens)}, capacity=5)
    for text in TEXTS:
        assert rows_of(forgetful, text) == rows_of(vocabulary, text)
        assert 0 < len(forgetful) <= 5


def test_huge_words_are_not_remembered(vocabulary):
    vocabulary.rows("w" * 10_000)
    assert max(map(len, vocabulary)) <= LONGEST_WORD


def test_closing_twice_is_allowed_and_a_closed_embedder_opens_again():
    embedder = StaticEmbedder.open()
    before = query("hello", embedder)
    asyncio.run(embedder.aclose())
    asyncio.run(embedder.aclose())
    assert np.array_equal(query("hello", embedder), before)


def test_another_model_is_refused_and_the_shipped_one_named():
    with pytest.raises(EmbedderUnavailable, match="minilm-large") as raised:
        StaticEmbedder.open("minilm-large")
    name = StaticEmbedder.open().identity.model
    assert name in str(raised.value.hint)
    assert StaticEmbedder.open(name).identity.model == name


def test_identity_needs_only_the_card(tmp_path):
    shutil.copy(SHIPPED / "model.json", tmp_path)
    embedder = StaticEmbedder.open(folder=tmp_path)
    assert embedder.identity == StaticEmbedder.open().identity
    assert (embedder.identity.plugin, embedder.identity.dimensions) == ("static", 256)
    with pytest.raises(EmbedderUnavailable, match="cannot be read"):
        query("hello", embedder)


@pytest.mark.parametrize("name", ["model.json", "vocabulary.txt", "embeddings.npy", "scales.npy"])
def test_a_truncated_model_is_unavailable_not_wrong(tmp_path, name):
    folder = shutil.copytree(SHIPPED, tmp_path / "model")
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 2])
    with pytest.raises(EmbedderUnavailable, match="cannot be read"):
        query("hello", StaticEmbedder.open(folder=folder))


def test_vectors_stay_on_disk_until_read():
    assert isinstance(TokenVectors.load(SHIPPED).embeddings.base, np.memmap)


def test_the_plugin_declares_itself_without_heavy_imports():
    program = """
import asyncio, sys
from codebase_core_static import plugin
embedder, = plugin.codebase_core_embedders()
print(embedder.name, embedder.cache_vectors, "numpy" in sys.modules)
async def run():
    opened = await embedder.open(None, None)
    await opened.embed_query("hello")
asyncio.run(run())
print("numpy" in sys.modules, "tokenizers" in sys.modules)
"""
    output = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert output.split() == ["static", "False", "False", "True", "False"]


def test_the_model_is_small_enough_to_ship():
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) <= 9_000_000


def test_the_revision_is_the_hash_of_the_content():
    digest = hashlib.sha256()
    for name in ("vocabulary.txt", "embeddings.npy", "scales.npy"):
        digest.update((SHIPPED / name).read_bytes())
    assert json.loads((SHIPPED / "model.json").read_text(encoding="utf-8"))["revision"] == digest.hexdigest()


def test_vocabulary_and_vectors_have_the_same_rows():
    card = json.loads((SHIPPED / "model.json").read_text(encoding="utf-8"))
    tokens = (SHIPPED / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
    vectors = TokenVectors.load(SHIPPED)
    assert vectors.embeddings.shape == (len(tokens), card["dimensions"])
    assert vectors.scales.shape == (len(tokens),) == (card["tokens"],)
    assert len(set(tokens)) == len(tokens) < 2**16
