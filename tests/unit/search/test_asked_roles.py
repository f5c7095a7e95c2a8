"""Which kinds of file a question asks for, and which it only mentions."""

from __future__ import annotations

import pytest

from codebase_core.search.asked_roles import asked_roles


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("tests for the connection pool", "test"),
        ("where are the unit tests for retry", "test"),
        ("Is there a test that closes the pool twice?", "test"),
        ("which tests cover the pool", "test"),
        ("test cases for timeouts", "test"),
        ("pool tests", "test"),
        ("test", "test"),
        ("This test makes sure that slots are given back", "test"),
        ("where is retry tested?", "test"),
        ("tests/test_pool.py", "test"),
        ("why does test_acquire fail", "test"),
        ("PoolTest", "test"),
        ("show me an example of streaming", "example"),
        ("examples that use sockets", "example"),
        ("streaming examples", "example"),
        ("docs about plugins", "documentation"),
        ("documentation on hooks", "documentation"),
        ("where is the pool documented", "documentation"),
        ("what does the README say", "documentation"),
        ("configuration for the linter", "configuration"),
        ("yaml files of the pipeline", "configuration"),
    ],
)
def test_a_kind_of_file_is_asked_for(text, role):
    assert asked_roles(text) == {role}


@pytest.mark.parametrize(
    "text",
    [
        "how are tests collected",
        "what happens when a test fails",
        "test runner for commands in isolation",
        "mock handler for simulating responses in tests",
        "how plugin specs are parsed from user config",
        "documentation generation for man pages",
        "Json extractor and response",
        "model configuration and settings",
        "a conftest.py outside of the folder is not found",
        "for example, the pool is closed twice",
        "run test",
        "",
    ],
)
def test_a_kind_of_file_that_is_mentioned_is_not_asked_for(text):
    assert asked_roles(text) == frozenset()
