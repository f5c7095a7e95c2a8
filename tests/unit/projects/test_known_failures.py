"""What went wrong in earlier systems of this kind, each named after it. Rows without a database: tests/integration."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from codebase_core_hookspecs import Claim

from codebase_core.errors import ConfigFileError, IllegalName, PluginFailed, ProjectNotFound, ProjectUnresolved
from codebase_core.projects.names import check_name

from .conftest import Asked, configure


def test_explicit_id_unknown_fell_through_to_another_project(records, root, ask):
    records.add("checked", root)
    claiming = Asked(Claim(evidence="a service", name="checked"))

    with pytest.raises(ProjectNotFound):
        ask(root, str(uuid4()), default=True, active=records.projects[0].id, acme=claiming)

    assert claiming.requests == []


@pytest.mark.parametrize("content", ["{", "[]", '{"project": "shop"}', '{"project": {"id": "1"}}', "\x00"])
def test_broken_config_fell_through(records, root, ask, content):
    shop = records.add("shop", root)
    configure(root).write_text(content)

    with pytest.raises(ConfigFileError):
        ask(root, default=True, active=shop.id, acme=Asked(Claim(evidence="", name="shop")))


def test_exceptions_swallowed(records, root, ask):
    shop = records.add("shop")

    with pytest.raises(PluginFailed, match="resolver 'acme' failed: ZeroDivisionError"):
        ask(root, active=shop.id, acme=Asked(fault=ZeroDivisionError()))


def test_id_compared_as_text(records, root, ask):
    shop = records.add("shop", root)
    written = f"{{{shop.id.hex.upper()}}}"
    configure(root, project={"id": written})

    assert ask(root).project == shop
    assert ask(root, written).project == shop


def test_default_project_assumed_to_exist(records, root, ask):
    with pytest.raises(ProjectUnresolved):
        ask(root).require_project()
    with pytest.raises(ProjectNotFound, match="'default' does not exist"):
        ask(root, default=True).require_project()


def test_config_file_written_during_resolution(records, root, ask):
    def everything() -> list[tuple]:
        return sorted((str(p), p.stat().st_mtime_ns, p.read_bytes() if p.is_file() else b"") for p in root.rglob("*"))

    file = configure(root, project={"name": "shop"})
    for folder in (root, *root.iterdir()):
        folder.chmod(0o755)
    before = everything()
    ask(root / "src")
    shop = records.add("shop")
    ask(root / "src")
    assert records.projects == [shop]
    assert everything() == before
    file.unlink()
    file.parent.rmdir()
    before = everything()
    ask(root / "src", "shop")
    ask(root, active=shop.id, explained=True)
    assert everything() == before


@pytest.mark.parametrize("key", ["database_name", "database", "server", "schema", "url"])
@pytest.mark.parametrize("inner", [True, False])
def test_a_config_naming_a_database_name_reached_another_projects_database(records, root, ask, key, inner):
    records.add("shop", root)
    named = {"name": "shop"}
    configure(root, **({"project": named | {key: "cb_proj_other"}} if inner else {"project": named, key: "other"}))

    with pytest.raises(ConfigFileError, match=f"a repository may not set '{key}'"):
        ask(root)


def test_second_resolution_lost_the_context(records, root, ask):
    """Each tier is asked once; what it said is in the one answer, with the configuration that came with it."""
    shop = records.add("shop")
    silent, knowing = Asked(), Asked(Claim(evidence="a service", id=shop.id))
    configure(root, exclude=["*.gen"])

    found = ask(root / "src", silent=silent, workspace=knowing)

    assert (len(silent.requests), len(knowing.requests)) == (1, 1)
    assert (found.project, found.evidence, found.config.exclude) == (shop, "a service", ("*.gen",))


def test_a_name_that_reads_as_an_id_could_not_be_reached(records, root, ask):
    with pytest.raises(IllegalName, match="taken for an id"):
        check_name(UUID(int=7).hex)
