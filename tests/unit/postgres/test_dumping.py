"""What pg_dump is told: libpq takes a plus in a URL for itself, not for a space."""

from __future__ import annotations

from codebase_core_hookspecs import Server
from codebase_core_postgres.connection.address import Address, parse
from codebase_core_postgres.project.dumping import _connection


def test_a_socket_in_a_folder_with_a_space_is_found() -> None:
    arguments = {"host": "/home/a b/socket", "port": 5432, "user": "postgres"}
    address = Address(server="embedded", database="postgres", arguments=arguments, url="", shown="")
    url, environ = _connection(address, "code")
    assert "host=%2Fhome%2Fa%20b%2Fsocket" in url
    assert environ == {}


def test_the_password_is_in_the_environment_only() -> None:
    server = Server(name="team", url="postgresql://me:s%20cret@db/code?application_name=a%20b")
    url, environ = _connection(parse(server, str(server.url), {}), "code")
    assert url == "postgresql://me@db/code?application_name=a%20b"
    assert environ == {"PGPASSWORD": "s cret"}
