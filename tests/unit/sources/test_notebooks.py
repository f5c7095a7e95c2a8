"""Notebooks as the source that people wrote."""

from __future__ import annotations

import json

import pytest

from codebase_core.sources.notebooks import notebook

CELLS = [
    {"cell_type": "markdown", "metadata": {}, "source": ["# Churn model\n", "how churn is predicted"]},
    {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {},
        "outputs": [{"output_type": "stream", "name": "stdout", "text": ["secret output\n"]}],
        "source": ["%matplotlib inline\n", "def predict(user):\n", "    return '\"é\"'"],
    },
    {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": []},
    {"cell_type": "code", "execution_count": 2, "metadata": {}, "outputs": [], "source": ["predict(1)"]},
]


def written(cells=CELLS, *, indent=1, language="python"):
    metadata = {"kernelspec": {"language": language, "name": "x"}, "language_info": {"name": language}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4}, indent=indent).encode()


def test_lines_are_where_the_file_has_them():
    data = written()

    language, text = notebook(data)

    file, source = data.decode().split("\n"), text.decode().split("\n")
    assert language == "python"
    assert [line for line in source if line] == [
        "# # Churn model",
        "# how churn is predicted",
        "# %matplotlib inline",
        "def predict(user):",
        "    return '\"é\"'",
        "predict(1)",
    ]
    for number, line in enumerate(source):
        if line:
            assert json.loads(file[number].strip().rstrip(",")).rstrip("\n") == line.removeprefix("# ")


@pytest.mark.parametrize("indent", [None, 0])
def test_cells_that_share_a_line_follow_each_other_under_their_numbers(indent):
    cells = [{**cell, "source": "".join(cell["source"])} for cell in CELLS]

    text = notebook(written(cells, indent=indent)).text.decode()

    assert text.startswith(
        "# %% cell 1 [markdown]\n# # Churn model\n# how churn is predicted\n# %% cell 2\n# %matplotlib inline\ndef"
    )
    assert "secret output" not in text


def test_an_output_that_looks_like_source_is_none():
    display = {"output_type": "display_data", "data": {"application/json": {"source": ["not a cell"]}}}
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [display], "source": ["real()"]}]

    assert "not a cell" not in notebook(written(cells)).text.decode()


@pytest.mark.parametrize(
    ("named", "language", "comment"),
    [
        ("python", "python", "#"),
        ("R", "r", "#"),
        ("julia", "julia", "#"),
        ("scala", "scala", "//"),
        ("C#", "csharp", "//"),
    ],
)
def test_the_language_is_the_kernels(named, language, comment):
    found = notebook(written(language=named))

    assert found.language == language
    assert f"{comment} how churn is predicted" in found.text.decode()


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"{}", b'{"cells": 1}', b'{"cells": [1]}', b'{"cells": [{}]}', b"[" * 100_000]
)
def test_what_is_no_notebook_is_told(data):
    assert notebook(data) is None
