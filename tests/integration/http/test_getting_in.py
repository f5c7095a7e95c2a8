"""Who gets in, over which address, and what the server does with clients that are slow, silent, or gone."""

from __future__ import annotations

import socket
import stat
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from urllib.parse import urlsplit

import httpx
import pytest
from codebase_core_http.server import DRAIN_SECONDS

from .conftest import COMMAND, Place, Served, serving

pytestmark = pytest.mark.any_store

SEARCH = "/api/v1/projects/example/search?q=pool"
HTML = {"accept": "text/html"}


def test_nobody_gets_in_without_a_token(served: Served, place: Place) -> None:
    assert stat.S_IMODE((Path(place.environ["CODEBASE_CORE_HOME"]) / "http-token").stat().st_mode) == 0o600
    for path in (SEARCH, "/api/v1/openapi.json", "/health", "/metrics", "/", "/api/v1/nothing"):
        for token in ("x", served.token[:-1], f"{served.token}x"):
            with served.client(token=token) as client:
                answer = client.get(path)
            assert answer.status_code == 401, (path, token)
            assert answer.headers["www-authenticate"] == "Bearer"
            assert "token" in answer.json()["error"]
    with served.client() as client:
        assert client.get(SEARCH).status_code == 200


def test_a_browser_logs_in_once(served: Served) -> None:
    with httpx.Client(base_url=served.url) as browser:
        led = browser.get("/?q=pool", headers=HTML)
        assert (led.status_code, led.headers["location"]) == (303, "/login?next=%2F%3Fq%3Dpool")
        assert browser.post("/login", data={"token": "wrong", "next": "/"}).status_code == 401
        let_in = browser.get("/login", params={"token": served.token, "next": SEARCH})
        assert (let_in.status_code, let_in.headers["location"]) == (303, SEARCH)
        cookie = let_in.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=lax" in cookie.lower()
        assert served.token not in cookie
        assert browser.get(SEARCH).status_code == 200
        assert browser.post("/logout", headers={"origin": "http://evil.example"}).status_code == 403
        assert browser.post("/logout").status_code == 403
        session = dict(browser.cookies)
        origin = {"origin": f"http://{urlsplit(served.url).netloc}"}
        assert browser.post("/logout", headers=origin).status_code == 303
    with httpx.Client(base_url=served.url, cookies=session) as other:
        assert other.get(SEARCH).status_code == 401


@pytest.mark.parametrize("there", ["//evil.example", "/\\evil.example", "https://evil.example", "/\nx", "javascript:x"])
def test_a_login_leads_nowhere_else(served: Served, there: str) -> None:
    answer = httpx.get(f"{served.url}login", params={"token": served.token, "next": there})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_another_name_for_this_machine_is_refused(served: Served) -> None:
    with served.client() as client:
        for host in ("evil.example", "localhost.evil.example", "127.0.0.1@evil.example", "evil.example/127.0.0.1"):
            assert client.get(SEARCH, headers={"host": host}).status_code == 421, host
        for host in ("localhost:1", "127.0.0.1", "[::1]:8766", "LOCALHOST"):
            assert client.get(SEARCH, headers={"host": host}).status_code == 200, host


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--host", "0.0.0.0"], "without TLS"),
        (["--host", "::"], "without TLS"),
        (["--certfile", __file__], "both a certificate and its key"),
        (["--host", "no.such.host.invalid", "--behind-proxy", "127.0.0.1"], "is no address of this machine"),
        (["--unix", "/nonexistent/folder/socket"], "cannot listen on /nonexistent/folder/socket"),
    ],
)
def test_an_address_that_would_not_do_is_refused(place: Place, arguments: list[str], says: str) -> None:
    done = subprocess.run([*COMMAND, *arguments], env=dict(place.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert says in done.stderr
    assert "hint:" in done.stderr


def test_a_unix_socket_serves_as_well(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "s"
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()
    with serving(place.environ, "--unix", str(path)) as served:
        assert served.url == f"unix:{path}"
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(path)), base_url="http://any.name") as client:
            assert client.get(SEARCH).status_code == 401
            assert client.get(SEARCH, headers={"authorization": f"Bearer {served.token}"}).status_code == 200
    assert not path.exists()


def test_behind_a_proxy_its_word_counts_and_nobody_elses(place: Place) -> None:
    forwarded = {"x-forwarded-proto": "https", "host": "code.example"}
    for proxy, secure in (("127.0.0.1", True), ("10.1.2.3", False)):
        with serving(place.environ, "--behind-proxy", proxy) as served:
            answer = httpx.get(f"{served.url}login", params={"token": served.token}, headers=forwarded)
            assert ("; Secure" in answer.headers["set-cookie"]) is secure


def test_a_large_body_is_refused(served: Served) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(3_000):
            yield b"x" * 1_000

    with served.client() as client:
        for path, status in (("/login", 413), ("/api/v1/projects", 413)):
            headers = {"content-type": "application/json"}
            assert client.post(path, content=pieces(), headers=headers).status_code == status, path
        assert client.get(SEARCH).status_code == 200


def test_made_up_methods_are_one_in_the_metrics(served: Served) -> None:
    with served.client() as client:
        for number in range(5):
            assert client.request(f"ODD{number}", SEARCH).status_code == 405
        metrics = client.get("/metrics").text
    assert "ODD" not in metrics
    assert 'method="other"' in metrics


def test_silent_clients_leave_it_answering(served: Served) -> None:
    parts = urlsplit(served.url)
    silent = [socket.create_connection((parts.hostname or "", parts.port or 0)) for _ in range(600)]
    try:
        for number, each in enumerate(silent):
            each.send(
                (b"", b"GET / HT", b"POST /login HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\nx")[number % 3]
            )
        with served.client() as client:
            assert client.get(SEARCH).status_code == 200
    finally:
        for each in silent:
            each.close()


def test_a_stop_loses_no_request(place: Place) -> None:
    asking, statuses = threading.Event(), list[int]()

    def ask() -> None:
        with served.client() as client:
            while asking.is_set():
                statuses.append(client.get(SEARCH).status_code)

    with serving(place.environ) as served:
        asking.set()
        with ThreadPoolExecutor(4) as clients:
            running = [clients.submit(ask) for _ in range(4)]
            while len(statuses) < 20:
                sleep(0.01)
            served.process.terminate()
            sleep(DRAIN_SECONDS / 2)
            asking.clear()
            for each in running:
                each.result()
    assert set(statuses) == {200}
