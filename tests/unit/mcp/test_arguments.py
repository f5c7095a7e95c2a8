"""What a model of arguments accepts, and what is said of a wrong one."""

from __future__ import annotations

import pytest
from codebase_core_mcp.arguments import MODELS, explain_invalid, short_schema
from pydantic import ValidationError


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("search_code", {}, "query: is required"),
        ("search_code", {"query": 7}, "query: 7 is not valid: it should be a valid string"),
        ("search_code", {"query": []}, "query: [] is not valid: it is empty"),
        ("search_code", {"query": ["a", " "]}, "query.1: ' ' is not valid: it is empty"),
        ("search_code", {"query": ["x"] * 21}, "at most 20 items are expected"),
        ("search_code", {"query": "x" * 20_001}, "at most 20,000 characters are expected"),
        ("search_code", {"query": "x", "languages": [1]}, "languages.0: 1 is not valid: it should be a valid string"),
        ("find_related", {"file": "x", "line": 0}, "line: 0 is not valid: it should be greater than or equal to 1"),
        ("list_projects", {"all": True}, "all: is not an argument of this tool"),
    ],
)
def test_an_error_names_the_argument_its_value_and_what_is_expected(tool: str, arguments: object, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        MODELS[tool].model_validate(arguments)
    text = explain_invalid(caught.value)
    assert said in text
    assert len(text) < 200


def test_null_is_as_good_as_no_argument() -> None:
    model = MODELS["search_code"]
    assert model.model_validate({"query": "x", "project": None}) == model.model_validate({"query": "x"})


def test_schemas_say_kinds_and_ranges_only() -> None:
    schema = short_schema(MODELS["find_related"])
    assert schema["required"] == ["file", "line"]
    assert schema["properties"]["project"]["type"] == "string"
    assert schema["properties"]["limit"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 50,
        "description": "Most hits; default 8",
    }
