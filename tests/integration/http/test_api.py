"""The API: every operation of its description works as its example says, and errors tell what the command line tells."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import jsonschema
import pytest

from tests.integration.conftest import FILES

from .conftest import Place, Served

pytestmark = pytest.mark.any_store

API = "/api/v1"


@pytest.fixture(scope="session")
def document(served: Served) -> dict[str, Any]:
    with served.client() as client:
        found: dict[str, Any] = client.get(f"{API}/openapi.json").json()
    return found


def _checked(document: dict[str, Any], schema: dict[str, Any], value: object) -> None:
    jsonschema.Draft202012Validator({**schema, "components": document["components"]}).validate(value)


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if schema else {}
    return found


def _example(parameter: dict[str, Any]) -> Any:
    return next((each["value"] for each in parameter.get("examples", {}).values()), None)


def test_every_operation_answers_its_example(document: dict[str, Any], client: httpx.Client) -> None:
    assert document["openapi"].startswith("3.1")
    asked = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], operation
            parameters = operation.get("parameters", [])
            assert all(each.get("description") for each in parameters), parameters
            examples = {each["name"]: (each["in"], _example(each)) for each in parameters}
            places = {name: quote(value) for name, (where, value) in examples.items() if where == "path" and value}
            if method != "get":  # test_changes does what these do
                body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
                for example in _resolved(document, body).get("examples", []):
                    _checked(document, body, example)
                assert not body or _resolved(document, body)["examples"]
                continue
            if "{job}" in path or path.endswith("/events"):  # no document knows a job's id, and events have no end
                continue
            query = {name: value for name, (where, value) in examples.items() if where == "query" and value}
            answer = client.request(method, path.format(**places), params=query)
            assert answer.status_code == 200, (path, answer.text)
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
            _checked(document, schema, answer.json())
            asked += 1
    assert asked >= 13


def test_a_question_is_answered_with_the_definition(client: httpx.Client) -> None:
    answer = client.get(
        f"{API}/projects/example/search", params={"q": "ConnectionPool.acquire", "language": "py"}
    ).json()
    assert (answer["hits"][0]["path"], answer["hits"][0]["state"]) == ("pool.py", "current")
    assert answer["project"]["name"] == "example"
    for wrong in ({"language": "go"}, {"path": "web/**"}, {"repository": "other"}):
        other = client.get(f"{API}/projects/example/search", params={"q": "ConnectionPool", **wrong}).json()
        assert "pool.py" not in [hit["path"] for hit in other["hits"]]
    tests = client.get(f"{API}/projects/example/search", params={"q": "ConnectionPool", "limit": 50}).json()["hits"]
    for role, shown in (("without_role", {"tests/test_pool.py"}), ("role", None)):
        asked = {"q": "ConnectionPool", "limit": 50, role: "tests"}
        found = {hit["path"] for hit in client.get(f"{API}/projects/example/search", params=asked).json()["hits"]}
        assert {hit["path"] for hit in tests} - found == shown if shown else found == {"tests/test_pool.py"}
    wrong = client.get(f"{API}/projects/example/search", params={"q": "x", "role": "no such"})
    assert (wrong.status_code, "is not a role" in wrong.json()["error"]) == (422, True)


def test_several_projects_are_asked_at_once(client: httpx.Client) -> None:
    for asked in ({}, {"project": ["example", "lending"]}):
        answer = client.get(f"{API}/search", params={"q": "ConnectionPool", **asked}).json()
        assert {hit["project"] for hit in answer["hits"]} == {"example", "lending"}
    one = client.get(f"{API}/search", params={"q": "ConnectionPool", "project": "lending"}).json()
    assert {hit["project"] for hit in one["hits"]} == {"lending"}
    kinds = client.get(f"{API}/symbols", params={"name": "*", "kind": "function", "limit": 50}).json()
    assert {symbol["kind"] for hit in kinds["hits"] for symbol in hit["hit"]["symbols"]} == {"function"}


def test_a_file_is_sent_once(client: httpx.Client) -> None:
    asked = {"file": "parser/tree.py", "repository": "example"}
    first = client.get(f"{API}/projects/example/file", params=asked)
    assert first.json()["text"] == FILES["parser/tree.py"]
    assert [each["symbol"]["name"] for each in first.json()["outline"]["entries"]] == ["SyntaxTree", "walk"]
    known = {"if-none-match": first.headers["etag"]}
    again = client.get(f"{API}/projects/example/file", params=asked, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(f"{API}/projects/example/file", params={"file": "pool.py"}, headers=known)
    assert other.status_code == 200


def test_records_come_by_page(client: httpx.Client) -> None:
    names, cursor = [], None
    for _ in range(3):
        page = client.get(
            f"{API}/projects", params={"limit": 1, "sort": "name", **({"cursor": cursor} if cursor else {})}
        )
        names += [each["name"] for each in page.json()["projects"]]
        cursor = page.json()["cursor"]
    assert (names, cursor) == (["example", "lending", "tagged"], None)
    record = client.get(f"{API}/projects/lending")
    assert client.get(f"{API}/projects/{record.json()['id']}").json() == record.json()
    status = client.get(f"{API}/projects/lending/status").json()["status"]
    assert (status["statistics"]["files"], status["statistics"]["languages"]) == (1, {"go": 1})


@pytest.mark.parametrize(
    ("path", "status", "kind", "says"),
    [
        ("/projects/absent", 404, "project-not-found", "'absent' does not exist"),
        ("/projects/%00", 404, "project-not-found", "no such project"),
        ("/projects/exampel/search?q=x", 404, "project-not-found", "did you mean 'example'"),
        ("/projects/example/search?q=x&limit=0", 422, "invalid-request", "limit: "),
        ("/projects/example/search", 422, "invalid-request", "q: field required"),
        ("/projects/example/file?file=absent.py", 404, "file-not-indexed", "absent.py is not in project"),
        ("/projects/example/file?file=/etc/passwd", 404, "file-not-indexed", "/etc/passwd"),
        ("/projects/example/related?file=pool.py&line=0", 422, "invalid-request", "line: "),
        ("/projects?cursor=x", 422, "cursor-invalid", "cursor"),
        ("/search?q=x&project=absent", 404, "project-not-found", "absent"),
        ("/jobs/absent", 404, "job-not-found", "absent"),
        ("/nothing", 404, "not-found", "Not Found"),
    ],
)
def test_a_problem_is_told_as_everywhere(
    *, client: httpx.Client, document: dict[str, Any], path: str, status: int, kind: str, says: str
) -> None:
    answer = client.get(API + path)
    told = answer.json()
    assert (answer.status_code, told["type"]) == (status, f"urn:codebase-core:{kind}"), told
    assert answer.headers["content-type"] == "application/problem+json"
    assert says in told["error"], told
    assert told["instance"] == answer.headers["x-request-id"]
    _checked(document, {"$ref": "#/components/schemas/Problem"}, told)


def test_answers_are_compressed_named_and_never_framed(client: httpx.Client) -> None:
    answer = client.get(f"{API}/plugins", headers={"x-request-id": "mine-1"})
    assert (answer.headers["content-encoding"], answer.headers["x-request-id"]) == ("gzip", "mine-1")
    assert client.get(f"{API}/plugins", headers={"x-request-id": "a b"}).headers["x-request-id"] != "a b"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert (answer.headers["x-frame-options"], answer.headers["cache-control"]) == ("DENY", "no-store")


def test_health_and_metrics_tell_how_it_is(client: httpx.Client, served: Served) -> None:
    assert httpx.get(f"{served.url}health/live").json() == {"status": "live"}
    assert httpx.get(f"{served.url}health/ready").json() == {"status": "ready"}
    health = client.get("/health").json()
    assert (health["status"], health["degraded"]) == ("ok", [])
    assert {check["name"] for check in health["checks"]} >= {"registry", "embedder"}
    assert all(use["size"] >= use["open"] == use["idle"] + use["in_use"] for use in health["connections"])
    client.get(f"{API}/projects/example/search", params={"q": "pool"})
    metrics = client.get("/metrics").text
    route = f"{API}/projects/{{project}}/search"
    assert f'codebase_core_http_requests_total{{method="GET",route="{route}",status="200"}}' in metrics
    for line in (
        'index_age_seconds{project="example"',
        'stage_seconds_bucket{le="1.0",stage="total"',
        "jobs_running 0.0",
    ):
        assert f"codebase_core_{line}" in metrics or f"codebase_core_answer_{line}" in metrics, line


def test_a_change_of_the_tree_shows(client: httpx.Client, place: Place) -> None:
    file = place.root / "example" / "README.md"
    before = file.read_text()
    try:
        file.write_text(before + "More.\n")
        found = client.get(f"{API}/projects/example/outline", params={"file": "README.md"}).json()
        assert found["state"] == "changed"
    finally:
        file.write_text(before)
