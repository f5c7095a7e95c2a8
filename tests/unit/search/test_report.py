"""The parts of a report, and what a report asks for."""

from __future__ import annotations

import time

import pytest

from codebase_core.search.query import MAX_CHARACTERS, analyse
from codebase_core.search.report import is_report, parts_of, path_tails

REPORT = """Pool leaks connections when acquire_slot times out
<!-- Please fill in everything -->
### Describe the bug
The pool never gives a slot back, see [the docs](https://example.org/slots) and `WaitingRoom`.

- [x] I have searched the issues
### To reproduce
```python
for attempt in range(3):
    frobnicate(attempt)
```
Traceback (most recent call last):
  File "/usr/lib/python3/site-packages/app/db/pool.py", line 31, in acquire_slot
TimeoutError: no slot left

### Environment
- OS: Debian 12.1
- Python: 3.11.2
six  1.16.0
_No response_
"""


def test_every_line_of_a_report_is_what_it_is():
    assert [(part.kind, part.text.strip()) for part in parts_of(REPORT)] == [
        ("title", "Pool leaks connections when acquire_slot times out"),
        ("prose", "The pool never gives a slot back, see the docs and `WaitingRoom`."),
        ("code", "for attempt in range(3):"),
        ("code", "frobnicate(attempt)"),
        ("trace", 'File "/usr/lib/python3/site-packages/app/db/pool.py", line 31, in acquire_slot'),
        ("trace", "TimeoutError: no slot left"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        '  File "app/pool.py", line 3, in acquire',
        "    at org.app.Pool.acquire(Pool.java:31)",
        "    at acquire (/srv/app/lib/pool.js:10:5)",
        "/srv/app/pool.go:12 +0x1d",
        "lib/pool.rb:12:in `acquire'",
        "app/pool.py:3:1: E501 line too long",
        "ValueError: no such pool",
        "E   AssertionError: nothing",
        "app.errors.PoolTimeout was raised by PoolWarning: app",
    ],
)
def test_what_a_program_prints_is_told_from_what_its_user_says(line):
    shown = parts_of(f"A title\n{line}\n")[1:]

    assert [part.kind for part in shown] == (["prose"] if line.startswith("app.errors") else ["trace"])


@pytest.mark.parametrize("text", ["where is the pool", "where is the pool\n", "where\nis the pool", "", "\n" * 50])
def test_a_question_is_no_report(text):
    assert not is_report(text)
    assert analyse(text).kind != "report"


def test_a_word_counts_by_where_it_stands():
    terms = analyse(REPORT).terms

    assert terms["leak"] == 3 > terms["slot"] - terms["acquire_slot"] > terms["frobnic"] == 0.5
    assert not terms.keys() & {"debian", "six", "describ", "environ", "search", "fill", "exampl"}


def test_the_title_and_the_author_are_embedded_and_nothing_else():
    meaning = analyse(REPORT).meaning

    assert meaning.count("leaks connections") == 3
    assert "never gives a slot back" in meaning
    assert not any(word in meaning for word in ("frobnicate", "TimeoutError", "Debian", "Describe"))


def test_names_are_those_of_the_author_and_of_the_trace():
    assert analyse(REPORT).names.keys() == {"acquire_slot", "waitingroom", "timeouterror"}


def test_a_path_is_known_by_its_end():
    assert analyse(REPORT).paths == (
        "db/pool.py",
        "app/db/pool.py",
        "site-packages/app/db/pool.py",
        "python3/site-packages/app/db/pool.py",
    )
    assert path_tails(parts_of(r"A title" + "\n" + r"it is C:\app\db\pool.py and ./run and .. / x")) == (
        "db/pool.py",
        "app/db/pool.py",
    )


def test_a_report_asks_for_source_whatever_it_mentions():
    assert analyse(f"Tests for the pool fail\n{REPORT}").asked == frozenset()


@pytest.mark.parametrize(
    "unit", ["word\n", "- [ ] \n", "<!--\n", "a.b/c\n", "+-~@\n", "a: 1.2\n", "```\n", "/\n", "at a(b:\n"]
)
def test_no_report_takes_long(unit):
    began = time.perf_counter()

    analyse("a b " * 20 + "\n" + unit * MAX_CHARACTERS)
    analyse("a b " * 20 + "\n" + unit.strip() * MAX_CHARACTERS)

    assert time.perf_counter() - began < 0.5
