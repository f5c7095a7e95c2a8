"""Which lines of a passage are shown."""

from __future__ import annotations

import pytest
from codebase_core_hookspecs import Hit

from codebase_core.search.window import best_line, patterns


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
