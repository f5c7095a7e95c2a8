"""The tiers below and beside the config file, and whose checkout a folder is."""

from __future__ import annotations

import subprocess
from pathlib import Path
from uuid import UUID

import pytest
from codebase_core_hookspecs import Claim

from codebase_core.errors import CheckoutUnconfirmed, ProjectNotFound, ProjectUnresolved, ResolverUnavailable

from .conftest import MACHINE, OTHER_MACHINE, Asked, configure

ORIGIN = "example.org/shop"


@pytest.fixture
def clone(tmp_path):
    """Make a checkout with an origin."""

    def clone(name: str) -> Path:
        folder = tmp_path / name
        subprocess.run(["git", "init", "-q", folder], check=True)
        subprocess.run(["git", "-C", folder, "remote", "add", "origin", f"https://{ORIGIN}.git"], check=True)
        return folder

    return clone


def test_a_service_that_is_down_stops_a_write_and_is_said_in_a_read(records, root, ask):
    shop = records.add("shop")
    down = Asked(fault=ResolverUnavailable("no answer in 1 s"))

    found = ask(root, active=shop.id, workspace=down)

    assert (found.tier, found.project) == ("active", shop)
    assert "workspace is unavailable: no answer in 1 s" in found.evidence
    with pytest.raises(ProjectUnresolved, match="no answer in 1 s"):
        ask(root, workspace=down).require_project()
    with pytest.raises(ResolverUnavailable):
        ask(root, intent="write", workspace=down)


def test_the_project_in_use_is_read_where_nothing_else_is_known_and_never_written(records, root, ask):
    used = records.add("used")

    assert ask(root, active=used.id).project == used
    assert ask(root, intent="write", active=used.id).project is None
    own = records.add("own", root)
    assert ask(root, active=used.id).project == own


def test_a_project_in_use_that_is_gone_is_said(records, root, ask):
    gone = records.add("gone", deleted=True)

    with pytest.raises(ProjectNotFound, match="is gone"):
        ask(root, active=gone.id)


def test_the_default_project_stands_above_the_one_in_use_and_has_the_zero_id(records, root, ask):
    used = records.add("used")

    found = ask(root, default=True, active=used.id, intent="write")

    assert (found.tier, found.project, found.name, found.id) == ("default", None, "default", UUID(int=0))


def test_a_strict_config_file_forbids_every_lower_tier(records, root, ask):
    shop = records.add("shop", root)
    configure(root, strict_mode=True)

    with pytest.raises(ProjectUnresolved, match="is strict"):
        ask(root, default=True, active=shop.id)
    assert ask(root, "shop").project == shop


def test_a_strict_config_file_that_does_not_switch_leaves_the_explicit_choice_alone(records, root, ask):
    records.add("shop", root)
    configure(root, project={"name": "shop"}, auto_switch=False, strict_mode=True)

    with pytest.raises(ProjectUnresolved, match="auto_switch"):
        ask(root)


def test_a_config_file_naming_a_project_of_others_is_read_and_said_but_not_written(records, root, ask):
    theirs = records.add("theirs")
    configure(root, project={"name": "theirs"})

    found = ask(root)

    assert found.project == theirs
    assert "this checkout does not belong to 'theirs'" in found.evidence
    with pytest.raises(CheckoutUnconfirmed) as caught:
        ask(root, intent="write")
    assert "--project 'theirs'" in caught.value.hint
    records.know(theirs, root, home=False)
    assert ask(root, intent="write").evidence == str(root / ".codebase-mcp" / "config.json")


def test_a_part_of_a_repository_with_a_config_of_its_own_is_a_project_of_its_own(records, root, ask):
    whole = records.add("whole", root)
    part = records.add("part")
    configure(root / "src", project={"name": "part"})

    with pytest.raises(CheckoutUnconfirmed):
        ask(root / "src", intent="write")
    records.know(part, root / "src")

    assert ask(root / "src", intent="write").project == part
    assert ask(root, intent="write").project == whole


def test_a_repository_within_another_does_not_write_into_the_project_of_the_outer_config(records, root, ask):
    outer = records.add("outer", root.parent)
    configure(root.parent, project={"name": "outer"})

    assert ask(root).project == outer
    with pytest.raises(CheckoutUnconfirmed):
        ask(root, intent="write")


@pytest.mark.parametrize("configured", [False, True])
def test_a_repository_within_a_repository_is_answered_by_the_outer_one_only_as_its_submodule(
    records, root, ask, configured
):
    outer = records.add("outer", root)
    if configured:
        configure(root, project={"name": "outer"})
    for name in ("foreign", "lib"):
        (root / name / ".git").mkdir(parents=True)
    (root / ".gitmodules").write_text('[submodule "lib"]\n\tpath = lib\n')

    assert ask(root / "lib").project == outer
    assert ask(root / "foreign").project is None
    assert ask(root / "foreign", intent="write").project is None


def test_another_checkout_of_the_same_origin_is_read_and_said_and_written_into_a_project_of_its_own(
    records, ask, clone
):
    one, two = clone("one"), clone("two")
    shop = records.add("shop")
    records.know(shop, one, identity=ORIGIN)

    found = ask(two)

    assert (found.tier, found.project, found.root) == ("checkout", shop, None)
    assert found.evidence == f"{one}, another checkout of {ORIGIN}"
    assert (ask(two, intent="write").tier, ask(two, intent="write").project) == ("none", None)
    records.know(shop, two, identity=ORIGIN, home=False)
    assert ask(two).evidence.startswith(str(one))


def test_a_config_file_that_is_in_every_checkout_names_the_project_of_one_of_them(records, ask, clone):
    """An index of another one said that this checkout had to join that project, and joined it, took it over."""
    one, two = clone("one"), clone("two")
    shop = records.add("shop")
    records.know(shop, one, identity=ORIGIN)
    for each in (one, two):
        configure(each, project={"name": "shop"})

    assert (ask(two).tier, ask(two).project) == ("config", shop)
    assert ask(two, intent="write").project is None
    own = records.add("two")
    records.know(own, two, identity=ORIGIN)
    assert [ask(two, intent=intent).project for intent in ("read", "write")] == [own, own]
    assert ask(one, intent="write").project == shop


def test_a_folder_that_another_process_indexes_meanwhile_is_not_another_checkout(records, root, ask, monkeypatch):
    """It was found by its identity after it had not been found by its place, and was taken for a copy of itself."""
    shop = records.add("shop")
    checkouts = records.checkouts

    async def later(**asked):
        found = await checkouts(**asked)
        if not records.known:
            records.know(shop, root)
        return found

    monkeypatch.setattr(records, "checkouts", later)

    assert ask(root, intent="write").project == shop


def test_a_checkout_of_another_machine_is_another_checkout(records, ask, clone):
    shop = records.add("shop")
    records.know(shop, clone("one"), machine=OTHER_MACHINE, identity=ORIGIN)
    two = clone("two")

    assert ask(two).project == shop
    assert ask(two, intent="write").project is None


def test_of_two_projects_of_one_origin_one_is_read_in_a_third_checkout_and_the_other_named(records, ask, clone):
    """Each tool raised an error that named the other tool."""
    two = records.add("two")
    records.know(two, clone("two"), machine=OTHER_MACHINE, identity=ORIGIN)
    one = records.add("one")
    records.know(one, clone("one"), identity=ORIGIN)

    three = clone("three")
    found = ask(three)

    assert found.project == one
    assert "held by 'two' as well" in found.evidence
    assert ask(three, intent="write").project is None


def test_a_root_that_was_renamed_keeps_its_project(records, ask, clone):
    shop = records.add("shop")
    old = clone("old")
    records.know(shop, old, identity=ORIGIN)
    new = old.rename(old.with_name("new"))

    found = ask(new, intent="write")

    assert found.project == shop
    assert "before" in found.evidence
    configure(new, project={"name": "shop"})
    assert ask(new, intent="write").project == shop


def test_a_root_behind_a_symbolic_link_is_the_same(records, root, ask, tmp_path):
    shop = records.add("shop", root)
    (tmp_path / "link").symlink_to(root)

    assert ask(tmp_path / "link", intent="write").project == shop


def test_a_worktree_is_another_checkout_of_its_repository(records, tmp_path, ask):
    main, tree = tmp_path / "main", tmp_path / "tree"
    subprocess.run(["git", "init", "-q", main], check=True)
    who = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", main, *who, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    subprocess.run(["git", "-C", main, "worktree", "add", "-q", tree], check=True, capture_output=True)
    shop = records.add("shop", main)

    other = records.add("other")
    records.know(other, tmp_path / "aside", identity=f"{MACHINE}{main}")

    assert ask(tree).project == shop
    assert ask(tree, intent="write").project is None


def test_every_tier_is_explained_also_below_the_answer_and_beside_a_fault(records, root, ask):
    shop = records.add("shop", root)
    configure(root).write_text("{")

    steps = ask(root, active=shop.id, explained=True, acme=Asked(), bolt=Asked(Claim(evidence="saw X", name="new")))

    assert [(step.tier, step.outcome) for step in steps] == [
        ("explicit", "absent"),
        ("config", "error"),
        ("checkout", "found"),
        ("acme", "absent"),
        ("bolt", "found"),
        ("default", "absent"),
        ("active", "found"),
    ]
    assert "saw X: names new, which does not exist" in steps[4].detail
