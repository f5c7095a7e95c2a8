"""Which lines of a passage are shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from codebase_core_hookspecs import Hit, Symbol

from codebase_core.search.window import best_line, numbered_lines, patterns


def hit(*lines):
    return Hit(
        repository="r",
        path="a.py",
        start_line=1,
        end_line=len(lines),
        language=None,
        symbols=(),
        score=1.0,
        state="current",
        text="\n".join(lines),
    )


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("审批流程", "# 采购订单自动审批流程"),
        ("在庫", "# 在庫を確認する処理"),
        ("재고확인", "# 재고 확인 처리"),
        ("税", "# 计算税额"),
        ("base32", "def base32_encode(): ..."),
        ("h265 decode", "def h265_decode(): ..."),
        ("error 404", "return Error(404)"),
        ("pooling", "the pools"),
        ("हिन्दी", "# पाठ हिन्दी में"),
    ],
)
def test_the_line_that_holds_most_of_a_query_is_the_best(query, line):
    others = [
        "def base64_encode(): ...",
        "def h264_decode(): ...",
        "return Error(500)",
        "# 计算金额 自动付款",
        "# 出荷",
    ]
    assert best_line(hit(*others, line, *others), query) == len(others) + 1


def test_each_word_is_looked_for_once():
    assert patterns("pool pool 审批") == [r"pool\w*", "审批"]


def method(name, line, end_line):
    return Symbol(name=name, kind="method", qualified_name=f"Pool.{name}", line=line, end_line=end_line)


LONG = replace(
    hit(
        "class Pool:",
        "    def acquire(self):",
        *(f"        step_{n}()" for n in range(20)),
        "        return idle.pop()",
    ),
    symbols=(method("acquire", 2, 23),),
)


def test_the_lines_that_match_best_are_shown_below_the_line_in_which_their_definition_begins():
    shown = numbered_lines(LONG, "idle pop", 8)

    assert shown[:2] == [(2, "    def acquire(self):"), None]
    assert shown[-1] == (23, "        return idle.pop()")
    assert len([line for line in shown if line]) <= 8


def test_nothing_is_left_out_between_lines_that_follow_one_another():
    shown = numbered_lines(LONG, "step_0", 8)

    assert None not in shown
    assert shown[0][0] <= 2


def test_a_hit_that_fits_is_shown_whole():
    assert numbered_lines(LONG, "idle pop", 100) == numbered_lines(LONG, "idle pop", None)
    assert len(numbered_lines(LONG, "idle pop", None)) == 23


def test_a_comment_is_shown_with_the_line_of_what_it_is_about():
    """Eight lines of the comment above a function did not say which function that is."""
    comment = [" * words of a comment"] * 3 + [" * Perform incremental rehashing"] + [" * more words"] * 9
    text = "\n".join([*comment, "int dictRehash(dict *d, int n) {", "  int empty;", "}"])
    passage = Hit(
        repository="main",
        path="dict.c",
        start_line=10,
        end_line=25,
        language="c",
        symbols=(Symbol(name="dictRehash", kind="function", qualified_name="dictRehash", line=23, end_line=25),),
        score=1.0,
        state="current",
        text=text,
    )

    shown = numbered_lines(passage, "perform incremental rehashing", 8)

    assert (13, " * Perform incremental rehashing") in shown
    assert shown[-2:] == [None, (23, "int dictRehash(dict *d, int n) {")]
    assert len(shown) == 8
