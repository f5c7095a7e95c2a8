"""What agents pay for: the list of tools, and the size of an answer."""

from __future__ import annotations

import json
from pathlib import Path

import codebase_core_static
import pytest
from codebase_core_mcp import texts
from codebase_core_mcp.tools import INSTRUCTIONS, TOOLS
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import BertPreTokenizer

MODEL = Path(codebase_core_static.__file__).parent / "model"


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    """A small vocabulary: the tokenizers of current models need fewer tokens for the same text."""
    words = (MODEL / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
    made = Tokenizer(WordPiece({word: i for i, word in enumerate([*words, "[UNK]"])}, unk_token="[UNK]"))
    made.normalizer, made.pre_tokenizer = Lowercase(), BertPreTokenizer()
    return made


def test_the_list_of_tools_is_small(tokenizer: Tokenizer) -> None:
    shown = [tool.model_dump(by_alias=True, exclude_none=True, mode="json") for tool in TOOLS]
    tokens = tokenizer.encode(json.dumps(shown) + INSTRUCTIONS).tokens
    assert tokens.count("[UNK]") == 0
    assert len(tokens) <= 1_500


def _answer(hits: int, lines: int) -> dict[str, object]:
    text = "".join(f"    value_{i} = compute_something(argument_{i}, other=True)\n" for i in range(lines))
    hit = {
        "path": "a.py",
        "start_line": 1,
        "end_line": lines,
        "state": "current",
        "score": 1.0,
        "symbols": [],
        "text": text,
    }
    project = {"name": "x", "id": "x", "tier": "checkout", "evidence": "/x"}
    return {"query": "q", "project": project, "index": [], "hits": [hit] * hits}


@pytest.mark.parametrize("most", [200, 1_000, 4_000, 20_000])
def test_an_answer_fits_into_its_tokens(tokenizer: Tokenizer, most: int) -> None:
    fitted = texts.fitted(_answer(30, 60), max_tokens=most)
    text = texts.answer(fitted)
    assert len(tokenizer.encode(text).tokens) <= most
    assert fitted["hits"][0]["text"]
    assert len(fitted["hits"]) + fitted.get("hits_left_out", 0) == 30


def test_a_small_answer_is_whole() -> None:
    answer = _answer(3, 5)
    fitted = texts.fitted(answer, max_tokens=4_000)
    assert [hit["text"] for hit in fitted["hits"]] == [hit["text"].rstrip("\n") for hit in answer["hits"]]
    assert "hits_left_out" not in fitted
