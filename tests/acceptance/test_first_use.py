"""What the README promises: two commands, a right answer, no network."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

from .conftest import User

NO_NETWORK = """
import socket, sys

def refuse(event, arguments):
    if event == "socket.__new__" and arguments[1] not in (socket.AF_UNIX, -1):
        raise PermissionError(f"a socket that is not a Unix one: {arguments[1]!r}")
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        raise PermissionError(event)

sys.addaudithook(refuse)
"""


def test_index_then_search(user: User) -> None:
    indexed = user.run("index", ".")
    assert indexed.code == 0, indexed.err
    assert "3 files indexed" in indexed.out
    found = user.run("search", "where are connections pooled")
    assert found.code == 0
    assert found.out.startswith("1. pool.py:1-5  type ConnectionPool")
    assert "by checkout" in found.err
    assert "indexed just now" in found.err


def test_no_network_after_installation(user: User, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(NO_NETWORK)
    offline = dataclasses.replace(user, extra={"PYTHONPATH": str(tmp_path / "site")})
    refused = offline.run("--version", prefix=())
    assert refused.code == 0
    indexed = offline.run("index", ".")
    assert indexed.code == 0, indexed.err
    assert offline.run("search", "--json", "order").json["hits"]
    assert offline.run("doctor").code == 0


def test_the_network_guard_guards(tmp_path: Path) -> None:
    code = NO_NETWORK + "socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "PermissionError" in done.stderr


def test_json_has_the_documented_fields(user: User) -> None:
    user.run("index")
    answer = user.run("search", "--json", "-k", "2", "total price").json
    assert answer.keys() == {"query", "project", "index", "note", "hits", "timings", "freshness"}
    assert answer["project"].keys() == {"name", "id", "tier", "evidence"}
    assert answer["index"][0].keys() == {"repository", "root", "indexed_at", "commit", "running"}
    place = {"repository", "path", "start_line", "end_line", "language", "copies"}
    definition = {"scope", "heading", "kind", "signature", "symbols"}
    assert answer["hits"][0].keys() == place | definition | {"score", "state", "text"}
    assert answer["hits"][0]["path"] == "cart/price.py"
    assert answer["hits"][0]["state"] == "current"


def test_a_changed_and_a_missing_file_are_marked(user: User) -> None:
    user.run("index")
    (user.cwd / "pool.py").write_text("class Other:\n    pass\n")
    (user.cwd / "cart" / "price.py").unlink()
    states = {
        hit["path"]: hit["state"]
        for hit in user.run("search", "--no-refresh", "--json", "pool price order").json["hits"]
    }
    assert states == {"pool.py": "changed", "cart/price.py": "missing", "cart/checkout.js": "current"}
    assert "[changed since]" in user.run("search", "--no-refresh", "connection pool").out


def test_every_format(user: User) -> None:
    user.run("index")
    lines = user.run("search", "--format", "jsonl", "connections").out.splitlines()
    assert json.loads(lines[0])["path"] == "pool.py"
    assert "```python" in user.run("search", "--format", "markdown", "connections").out
    assert user.run("search", "--format", "path:line", "ConnectionPool").out.startswith("pool.py:4: ")


def test_filters(user: User) -> None:
    user.run("index")

    def paths(*arguments: str) -> set[str]:
        return {hit["path"] for hit in user.run("search", "--json", "order price pool", *arguments).json["hits"]}

    assert paths("--lang", "javascript") == {"cart/checkout.js"}
    assert paths("--path", "cart") == {"cart/price.py", "cart/checkout.js"}
    assert paths("--path", "**/*.py") == {"pool.py", "cart/price.py"}
    assert paths("--path", "*.js") == {"cart/checkout.js"}
    assert paths("--repo", "elsewhere") == set()
    assert len(user.run("search", "--json", "-k", "1", "order price pool").json["hits"]) == 1


def test_many_queries_over_one_connection(user: User) -> None:
    user.run("index")
    done = user.run("search", "-", stdin="connections\n\ntotal price\n")
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [answer["query"] for answer in answers] == ["connections", "total price"]
    assert [answer["hits"][0]["path"] for answer in answers] == ["pool.py", "cart/price.py"]


def test_a_report_is_one_question(user: User) -> None:
    user.run("index")
    report = "Wrong total\n\nThe total price of a cart is wrong when an order has more than one line in it, and "
    report += "nobody is told:\n```\nTotal: 3\n```\n"
    done = user.run("search", "--report", "--json", "-", stdin=report).json
    assert (done["query"], done["hits"][0]["path"]) == (report.strip(), "cart/price.py")
    misused = user.run("search", "--report", "total")
    assert (misused.code, "--report needs -" in misused.err) == (2, True)


def test_explain_shows_every_stage(user: User) -> None:
    user.run("index")
    hit = user.run("search", "--json", "--explain", "ConnectionPool").json["hits"][0]
    assert hit["explain"].keys() >= {"dense", "lexical", "fused", "definition", "coherence", "path", "role"}
    assert hit["explain"]["definition"] > 0


def test_no_result_is_said_and_is_no_error(user: User) -> None:
    user.run("index")
    done = user.run("search", "--lang", "cobol", "anything")
    assert (done.code, done.out) == (0, "")
    assert "no result" in done.err


def test_odd_queries_behave(user: User) -> None:
    user.run("index")
    for query in (
        "the of and",
        "🙂",
        "'; DROP TABLE code_files; --",
        "word " * 10_000,
        "\x01\x02",
        '"quoted \\ text"',
        "a/b.py:3",
    ):
        done = user.run("search", "--json", "--", query)
        assert done.code == 0, (query[:20], done.err)
        assert isinstance(done.json["hits"], list)


def test_a_second_project_of_the_same_name_gets_its_parent_in_front(user: User, tmp_path: Path) -> None:
    user.run("index")
    first = user.run("status", "--json").json["project"]["name"]
    other = tmp_path / "elsewhere" / user.cwd.name
    other.mkdir(parents=True)
    (other / "alone.py").write_text("def alone():\n    pass\n")
    neighbour = dataclasses.replace(user, cwd=other)
    second = neighbour.run("index", "--json").json
    assert second["project"]["name"] != first
    assert second["project"]["name"].endswith(user.cwd.name)
    assert all(
        hit["path"] == "alone.py"
        for hit in dataclasses.replace(user, cwd=other).run("search", "--json", "pool").json["hits"]
    )


def test_config_file_names_the_project_and_excludes(user: User) -> None:
    (user.cwd / ".codebase-mcp").mkdir()
    (user.cwd / ".codebase-mcp" / "config.json").write_text(
        json.dumps(
            {"version": "1.0", "project": {"name": f"shop {user.cwd.parent.name}"[:80].strip()}, "exclude": ["*.js"]}
        )
    )
    report = user.run("index", "--json").json
    assert report["project"]["tier"] == "config"
    assert report["files"]["indexed"] == 2
    assert user.run("search", "--json", "order").json["project"]["tier"] == "config"


def test_plugins_doctor_config(user: User) -> None:
    assert {each["name"] for each in user.run("plugins", "list", "--json").json} >= {"builtin", "postgres", "static"}
    provided = user.run("plugins", "show", "lines", "--json").json[0]["provides"]
    assert ("chunker", "lines") in {(each["kind"], each["name"]) for each in provided}
    checks = user.run("doctor", "--json").json
    names = ["settings", "plugins", "embedder", "server", "registry", "projects", "folder"]
    assert [check["name"] for check in checks] == names
    assert all(check["ok"] for check in checks)
    origins = {row["name"]: row["origin"] for row in user.run("config", "show", "--json").json["settings"]}
    assert origins["home"] == "CODEBASE_CORE_HOME"
    assert origins["plugins.postgres.pool_max_size"] == "default"


def test_doctor_says_when_the_budget_is_more_than_the_server_gives(user: User) -> None:
    done = dataclasses.replace(user, extra={"POOL_MAX_SIZE": "500"}).run("doctor")
    assert done.code == 1
    assert "POOL_MAX_SIZE is 500" in done.out
    assert "set POOL_MAX_SIZE=" in done.out


def test_delete_keeps_the_data_and_purge_drops_it(user: User) -> None:
    name = user.run("index", "--json").json["project"]["name"]
    project = user.run("status", "--json").json["project"]["id"]
    assert user.run("projects", "delete", name).code == 1, "nobody said yes"
    assert user.run("projects", "delete", name, "--yes").code == 0
    assert project in {each["id"] for each in user.run("projects", "list", "--deleted", "--json").json}
    assert user.run("search", "pool").code == 1
    assert user.run("projects", "purge", project, "--yes").code == 0
    assert project not in {each["id"] for each in user.run("projects", "list", "--deleted", "--json").json}
    assert user.run("projects", "verify").code == 0
    assert user.run("index").code == 0
