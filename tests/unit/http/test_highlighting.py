"""Code as HTML: always the text itself, line by line, whatever the language."""

from __future__ import annotations

import html
import re
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import pytest
from codebase_core_http.page.highlighting import LONGEST_LINE, code_lines
from hypothesis import given
from hypothesis import strategies as st

LANGUAGES = ("python", "javascript", "tsx", "html", "vue", "markdown", "yaml", "c", "hcl", "text", "no-such", None)
TEXTS = (
    *("", "\n", "\n\n", "a", "a\n", "\na\n\n", "x = '''\n<b>\n'''\n", "/* a\n\n b */"),
    *("<script>\n1 < 2\n</script>", "\t&amp;\n", "# é\n"),
)


def _text(line: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", line))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", TEXTS)
def test_the_lines_are_those_of_the_text(language: str | None, text: str) -> None:
    lines = code_lines(text, language=language, path="file.unknown")
    assert [_text(line) for line in lines] == text.removesuffix("\n").split("\n")


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\r\0")), language=st.sampled_from(LANGUAGES))
def test_whatever_the_text_each_line_is_escaped_and_whole(text: str, language: str | None) -> None:
    lines = code_lines(text, language=language, path="a.py")
    assert [_text(line) for line in lines] == text.removesuffix("\n").split("\n")
    for line in lines:
        assert set(re.findall(r"</?(\w+)", line)) <= {"span"}
        assert line.count("<span") == line.count("</span>")


def test_other_line_ends_count_as_one() -> None:
    wanted = code_lines("a\nb\nc", language="python", path="a.py")
    assert code_lines("a\r\nb\rc", language="python", path="a.py") == wanted


def test_a_line_that_nobody_wrote_is_plain_and_quick() -> None:
    began = perf_counter()
    lines = code_lines("var a = [" + "(" * LONGEST_LINE, language="javascript", path="min.js")
    assert "<span" not in lines[0]
    assert perf_counter() - began < 1


def test_threads_do_not_disturb_each_other() -> None:
    text = "def f(x):\n    return f'{x}'\n" * 50
    wanted = code_lines(text, language="python", path="a.py")
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: code_lines(text, language="python", path="a.py"), range(40)))
    assert all(lines == wanted for lines in found)
