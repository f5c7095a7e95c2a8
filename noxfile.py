"""Every check of the project. ``nox`` runs the default sessions; ``nox -l`` lists them all."""

from __future__ import annotations

import os
from pathlib import Path

import nox

nox.options.default_venv_backend = "uv|venv"  # uv makes an environment in seconds, so that each session has its own
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = False
nox.options.sessions = [
    "lint",
    "types",
    "unit",
    "stores",
    "other_server",
    "embedders",
    "acceptance",
    "packaging",
    "docs",
]

PYPROJECT = nox.project.load_toml("pyproject.toml")


def _group(name: str) -> list[str]:
    # Not pip's own --group: the pip of an older Python lacks it.
    return list(nox.project.dependency_groups(PYPROJECT, name))


TESTING = ("-e", ".", *_group("test"))
STORES = ("postgres-database", "postgres-schema")
ON_A_SERVER = (
    *("test_stores", "test_registry", "test_provisioning", "test_migrations", "test_verify_repair", "test_rights"),
    *("test_retrieval", "test_vector_index", "test_indexing", "test_reindex", "test_connections"),
)
"""What depends on the server: its catalogs, rights and plans."""

NOT_BEFORE_17 = ("-k", "not backup and not plan_of_a_search")
"""What fails on PostgreSQL 15: pg_restore of 18 sets transaction_timeout, and a search there scans without the vector index."""

TWO = ("-n", "2", "--dist", "worksteal")
"""Side by side: tests wait for servers and processes as much as they compute."""


def _pytest(session: nox.Session, *arguments: str, **environment: str) -> None:
    # One thread for linear algebra: the machines that run this have two cores, and tests start servers and workers.
    settings = {"OPENBLAS_NUM_THREADS": "1", "CODEBASE_CORE_TESTED_STORES": ",".join(STORES)} | environment
    session.run("python", "-m", "pytest", *TWO, *arguments, *session.posargs, env=settings)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, and that the layers import only what they may."""
    session.install("-e", ".", *_group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Check types, strictly."""
    session.install("-e", ".", *_group("types"))
    session.run("mypy")


@nox.session
@nox.parametrize("pluggy", ["1.6.0", "newest"])
def unit(session: nox.Session, pluggy: str) -> None:
    """Test what needs no server; what touches plugins also with the oldest pluggy."""
    session.install(*TESTING)
    session.install("--upgrade", "pluggy" if pluggy == "newest" else f"pluggy=={pluggy}")
    _pytest(session, *(["tests/unit", "tests/conformance"] if pluggy == "newest" else ["tests/unit/plugins"]))


@nox.session
@nox.parametrize("store", [nox.param(store, id=store, tags=[store]) for store in STORES])
def stores(session: nox.Session, store: str) -> None:
    """Test against a real PostgreSQL, per isolation strategy."""
    session.install(*TESTING)
    # The embedded server is the same for both: its own tests run once.
    skipped = [] if store == STORES[0] else ["--ignore", "tests/integration/embedded"]
    _pytest(session, "tests/integration", "tests/quality", *skipped, CODEBASE_CORE_TESTED_STORES=store)


@nox.session
def other_server(session: nox.Session) -> None:
    """Test against the oldest PostgreSQL that is installed with pgvector; Debian has them in /usr/lib/postgresql."""
    found = {int(file.parts[-3]) for file in Path("/usr/share/postgresql").glob("[0-9]*/extension/vector.control")}
    if not found:
        session.skip("no PostgreSQL with pgvector is installed")
    session.install(*TESTING)
    _pytest(
        session,
        *(f"tests/integration/{name}.py" for name in ON_A_SERVER),
        *(NOT_BEFORE_17 if min(found) < 17 else ()),  # noqa: PLR2004
        CODEBASE_CORE_TESTED_STORES=STORES[0],
        CODEBASE_CORE_TESTED_SERVER=f"/usr/lib/postgresql/{min(found)}/bin",
    )


@nox.session
@nox.parametrize("embedder", ["sentence-transformers", "ollama"])
def embedders(session: nox.Session, embedder: str) -> None:
    """Test indexing and searching with each embedding model but the static one, which the other sessions use."""
    session.install(*TESTING)
    if embedder == "sentence-transformers":
        # By pip: only its settings may lead to builds without a GPU, and uv keeps what is installed.
        session.install("pip")
        session.run_install("python", "-m", "pip", "install", "--quiet", *_group("torch"))
        session.install("-e", ".[sentence-transformers]", *_group("transformers"))
    # One isolation strategy: which one stores a vector does not depend on who made it.
    _pytest(
        session,
        *("tests/integration", "-m", "embedder"),
        CODEBASE_CORE_EMBEDDER=embedder,
        CODEBASE_CORE_TESTED_STORES=STORES[0],
        HF_HUB_OFFLINE="1",
    )


@nox.session
def acceptance(session: nox.Session) -> None:
    """Test the installed command as a user runs it."""
    session.install(".", *_group("test"))
    _pytest(session, "tests/acceptance")


@nox.session
def packaging(session: nox.Session) -> None:
    """Test the wheel in clean environments: by itself, and with plugins that are not part of it."""
    session.install(*TESTING, "build[uv]")
    _pytest(session, "tests/packaging", "tests/third_party")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documents, warnings being errors, run what they show, and hold them against the code."""
    session.install(*TESTING, *_group("docs"))
    session.run("sphinx-build", "-q", "-W", "--keep-going", "-b", "html", "docs", f"{session.create_tmp()}/html")
    _pytest(session, "tests/docs")


@nox.session(python=["3.12", "3.13"])
def python(session: nox.Session) -> None:
    """Test the other Pythons, where they are present."""
    session.install(*TESTING)
    _pytest(session, "tests/unit", "tests/integration", CODEBASE_CORE_TESTED_STORES="postgres-database")


@nox.session
def soak(session: nox.Session) -> None:
    """Run the long campaigns: many kills, many projects, many processes."""
    session.install(*TESTING)
    alone = ("-n", "0", "--timeout", "7200")  # each takes the whole machine
    _pytest(session, "tests/integration", "tests/acceptance", "-m", "soak", *alone, CODEBASE_CORE_SOAK="1")


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Print the figures that docs/performance.md records."""
    session.install(*TESTING)
    session.run("python", "tests/benchmarks/speed.py", *session.posargs, env={"OPENBLAS_NUM_THREADS": "1"})
    session.run("python", "tests/benchmarks/projects.py")


if os.environ.get("CI"):
    nox.options.reuse_existing_virtualenvs = False
