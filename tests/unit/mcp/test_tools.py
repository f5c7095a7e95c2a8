"""What agents pay for in every conversation."""

from __future__ import annotations

import json
from pathlib import Path

import codebase_core_static
import pytest
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
