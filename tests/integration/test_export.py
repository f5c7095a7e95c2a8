"""A registry that is lost is restored from its export, and finds the databases again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from codebase_core.app import App, Choices
from codebase_core.config.settings import load_settings
from codebase_core.errors import ArchiveUnreadable, IllegalName, IllegalText

pytestmark = pytest.mark.any_store


@pytest.mark.parametrize("kinds", [("postgres", "json"), ("json", "postgres")], ids="-to-".join)
async def test_an_imported_registry_finds_the_databases_again(
    environ: Mapping[str, str], tree: Path, kinds: tuple[str, str]
) -> None:
    old, new = (load_settings(environ={**environ, "CODEBASE_CORE_REGISTRY": kind}) for kind in kinds)
    async with App(old) as app:
        await app.index(tree, choices=Choices(project="shop"))
        projects = await app.projects()
        shop = await projects.describe(await app.find("shop"), description="A shop", metadata={"team": "ü"})
        gone = await projects.delete(await app.create("gone", tags=["x"]))
        document = json.loads(json.dumps(await projects.exported()))
    async with App(new) as app:
        projects = await app.projects()
        assert await projects.everything() == []
        assert [each.outcome for each in await projects.imported(document)] == ["imported"] * 2
        assert await app.verify() == []
        assert (await app.resolve(tree)).require_project().id == shop.id
        assert (await app.search("connections pooled", path=tree)).hits[0].path == "pool.py"
        assert (await projects.deleted("gone")).tags == gone.tags
        assert (await app.find("shop")).created_at == shop.created_at
        assert [each.outcome for each in await projects.imported(document)] == ["known"] * 2
        exported = await projects.exported()
        assert [_stored(each) for each in exported["projects"]] == [_stored(each) for each in document["projects"]]


def _stored(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != "updated_at"}


@pytest.mark.parametrize("store_name", ["postgres-schema"], indirect=True)
async def test_what_cannot_be_stored_is_refused_and_the_rest_is_imported(app: App) -> None:
    projects = await app.projects()
    for name in ("one", "two"):
        await app.create(name)
    document = await projects.exported()
    for each in await projects.everything():
        await projects.purge(each)
    await app.create("ONE")
    found = await projects.imported(document)
    assert [(each.name, each.outcome) for each in found] == [("one", "refused"), ("two", "imported")]
    assert "exists already" in str(found[0].reason)


def _altered(**fields: Any) -> Any:
    def alter(document: dict[str, Any]) -> object:
        return document | {"projects": [document["projects"][0] | fields]}

    return alter


@pytest.mark.parametrize("store_name", ["postgres-schema"], indirect=True)
@pytest.mark.parametrize(
    "alter",
    [
        lambda document: [],
        lambda document: {"projects": []},
        lambda document: document | {"codebase-core projects": 2},
        lambda document: document | {"projects": {}},
        lambda document: document | {"projects": [*document["projects"], {}]},
        _altered(id="5"),
        _altered(name=5),
        _altered(status="deleted"),
        _altered(location={"database": 5}),
        _altered(location="x"),
        _altered(created_at="yesterday"),
        _altered(created_at="2026-01-01T00:00:00"),
        _altered(checkouts=[{"root": "/"}]),
        _altered(name="a/b"),
        _altered(description="\0"),
        _altered(checkouts=[{"root": "/\ud800", "identity": "", "machine": str(UUID(int=1)), "home": True}]),
    ],
)
async def test_a_malformed_export_changes_nothing(app: App, alter: Any) -> None:
    projects = await app.projects()
    made = await app.create("one")
    document = await projects.exported()
    await projects.purge(made)
    with pytest.raises((ArchiveUnreadable, IllegalName, IllegalText)):
        await projects.imported(alter(document))
    assert await projects.everything() == []
