"""Which project a folder means: tiers in their order, only an absent answer falls through, and the answer says why."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from codebase_core_hookspecs import Claim, Project

from codebase_core.errors import ConfigFileError, PluginFailed, ProjectNotFound, ProjectUnresolved, ServerUnavailable

from .conftest import OTHER_MACHINE, Asked, configure


def test_tiers_are_asked_in_their_order(records, root, ask):
    named, configured, checked, claimed = (records.add(name) for name in ("named", "configured", "checked", "claimed"))
    resolver = Asked(Claim(evidence="a workspace", name="claimed"))

    def tier(explicit: str | None = None) -> tuple[str, Project | None]:
        found = ask(root / "src", explicit, acme=resolver)
        return found.tier, found.project

    assert tier() == ("acme", claimed)
    records.know(checked, root)
    assert tier() == ("checkout", checked)
    configure(root, project={"name": "configured"})
    assert tier() == ("config", configured)
    assert tier("named") == ("explicit", named)
    assert len(resolver.requests) == 1


def test_nobody_knows_the_folder(root, ask):
    found = ask(root)

    assert (found.tier, found.project, found.name, found.evidence) == ("none", None, None, str(root))
    with pytest.raises(ProjectUnresolved) as caught:
        found.require_project()
    assert str(root) in caught.value.message
    assert "codebase-core index ." in caught.value.hint


def test_an_explicit_project_is_found_by_name_whatever_its_case(records, root, ask):
    shop = records.add("Shop")

    found = ask(root, "sHOP")

    assert (found.tier, found.project, found.evidence) == ("explicit", shop, "--project sHOP")


def test_an_explicit_project_is_found_by_id(records, root, ask):
    shop = records.add("shop")

    assert ask(root, str(shop.id)).require_project() == shop
    assert ask(root, str(shop.id).upper()).require_project() == shop


def test_an_unknown_explicit_name_is_a_project_to_be_made_and_never_another(records, root, ask):
    records.add("checked", root)
    configure(root, project={"name": "configured"})

    found = ask(root, "unknown")

    assert (found.tier, found.project, found.name) == ("explicit", None, "unknown")
    with pytest.raises(ProjectNotFound, match=r"project 'unknown' does not exist") as caught:
        found.require_project()
    assert caught.value.hint == "codebase-core projects list, or make it: codebase-core index . --project unknown"
    assert ask(root, "unknown", intent="write").name == "unknown"


def test_an_unknown_explicit_id_never_falls_through(records, root, ask):
    records.add("checked", root)
    wanted = str(uuid4())

    with pytest.raises(ProjectNotFound, match=f"project '{wanted}' does not exist"):
        ask(root, wanted)


def test_a_deleted_project_is_not_found_by_its_id(records, root, ask):
    gone = records.add("gone", deleted=True)

    with pytest.raises(ProjectNotFound, match="is deleted"):
        ask(root, str(gone.id))


def test_a_deleted_projects_name_is_free_and_whoever_asks_for_it_is_told(records, root, ask):
    gone = records.add("gone", deleted=True)

    assert ask(root, "gone", intent="write").project is None
    with pytest.raises(ProjectNotFound, match="project 'gone' is deleted") as caught:
        ask(root, "gone").require_project()
    assert str(gone.id) in caught.value.hint


def test_a_misspelt_project_is_told_from_one_that_never_was(records, root, ask):
    records.add("workshop")

    with pytest.raises(ProjectNotFound, match=r"project 'workshp' does not exist; did you mean 'workshop'\?"):
        ask(root, "workshp").require_project()


def test_the_config_file_is_the_evidence(records, root, ask):
    shop = records.add("shop")
    records.know(shop, root)
    file = configure(root, project={"name": "shop"})

    found = ask(root / "src")

    assert (found.tier, found.project, found.evidence) == ("config", shop, str(file))
    assert found.config.path == file


def test_a_config_file_may_name_a_project_that_is_yet_to_be_made(root, ask):
    configure(root, project={"name": "new", "id": str(UUID(int=5))})

    found = ask(root, intent="write")

    assert (found.tier, found.project, found.name, found.id) == ("config", None, "new", UUID(int=5))


def test_an_id_wins_over_a_name_and_the_evidence_says_so(records, root, ask):
    shop, other = records.add("shop"), records.add("other")
    configure(root, project={"name": "other", "id": str(shop.id)})

    found = ask(root)

    assert found.project == shop != other
    assert "the id belongs to 'shop', not to 'other'" in found.evidence


def test_an_id_that_agrees_with_the_name_needs_no_word(records, root, ask):
    shop = records.add("Shop")
    records.know(shop, root)
    file = configure(root, project={"name": "shop", "id": str(shop.id)})

    assert ask(root).evidence == str(file)


def test_a_config_file_that_names_a_deleted_project_is_an_error(records, root, ask):
    gone = records.add("gone", deleted=True)
    records.add("checked", root)
    configure(root, project={"id": str(gone.id)})

    with pytest.raises(ProjectNotFound, match="'gone' was deleted"):
        ask(root)


def test_a_config_file_that_does_not_switch_leaves_it_to_the_next_tier(records, root, ask):
    records.add("configured")
    checked = records.add("checked", root)
    configure(root, project={"name": "configured"}, auto_switch=False, exclude=["*.gen"])

    found = ask(root)

    assert (found.tier, found.project) == ("checkout", checked)
    assert found.config.exclude == ("*.gen",)


def test_a_config_file_without_a_project_leaves_it_to_the_next_tier(records, root, ask):
    checked = records.add("checked", root)
    configure(root, exclude=["*.gen"])

    found = ask(root)

    assert (found.project, found.config.exclude) == (checked, ("*.gen",))


@pytest.mark.parametrize("explicit", [None, "shop"])
def test_a_broken_config_file_stops_resolution(records, root, ask, explicit):
    records.add("shop", root)
    configure(root).write_text("{")

    with pytest.raises(ConfigFileError):
        ask(root, explicit)


def test_the_config_file_counts_for_what_it_says_besides_the_project(records, root, ask):
    records.add("named")
    configure(root, project={"name": "configured"}, max_file_bytes=5)

    found = ask(root, "named")

    assert (found.tier, found.config.max_file_bytes) == ("explicit", 5)


def test_a_checkout_is_known_by_its_root_from_any_folder_in_it(records, root, ask):
    shop = records.add("shop", root)

    found = ask(root / "src")

    assert (found.tier, found.project, found.root, found.evidence) == ("checkout", shop, root, str(root))


def test_a_checkout_of_another_machine_is_none_here(records, root, ask):
    records.add("shop", root, machine=OTHER_MACHINE)

    assert ask(root).tier == "none"


def test_a_checkout_of_a_deleted_project_is_none(records, root, ask):
    records.add("shop", root, deleted=True)

    assert ask(root).tier == "none"


@pytest.mark.parametrize("intent", ["read", "write"])
def test_a_folder_without_git_belongs_to_the_checkout_above_it(records, tmp_path, ask, intent):
    (tmp_path / "all" / "part").mkdir(parents=True)
    whole = records.add("whole", tmp_path / "all")

    found = ask(tmp_path / "all" / "part", intent=intent)

    assert (found.project, found.root) == (whole, tmp_path / "all")


def test_a_repository_is_read_in_the_checkout_above_it_but_not_written_to(records, root, ask):
    above = records.add("above", root.parent)

    assert ask(root, intent="read").project == above
    assert ask(root, intent="write").tier == "none"


def test_the_nearest_checkout_counts(records, tmp_path, ask):
    (tmp_path / "all" / "part" / "deep").mkdir(parents=True)
    records.add("whole", tmp_path / "all")
    part = records.add("part", tmp_path / "all" / "part")

    assert ask(tmp_path / "all" / "part" / "deep").project == part


def test_resolvers_are_asked_in_order_until_one_knows(records, root, ask):
    shop = records.add("shop")
    silent, knowing, never = Asked(), Asked(Claim(evidence="because", name="shop")), Asked()

    found = ask(root / "src", intent="write", first=silent, second=knowing, third=never)

    assert (found.tier, found.project, found.evidence) == ("second", shop, "because")
    assert [(r.path, r.intent) for r in silent.requests] == [(root / "src", "write")]
    assert never.requests == []


def test_a_resolver_may_claim_by_id(records, root, ask):
    shop = records.add("shop")

    assert ask(root, acme=Asked(Claim(evidence="", id=shop.id))).project == shop


def test_a_resolver_that_claims_an_unknown_project_ends_the_search(records, root, ask):
    records.add("shop")
    never = Asked(Claim(evidence="", name="shop"))

    found = ask(root, acme=Asked(Claim(evidence="a workspace", name="unknown")), bolt=never)

    assert (found.project, found.name) == (None, "unknown")
    assert never.requests == []
    with pytest.raises(ProjectNotFound, match="a workspace"):
        found.require_project()


@pytest.mark.parametrize("fault", [ServerUnavailable("down"), RuntimeError("unforeseen")])
def test_a_resolver_that_raises_stops_resolution(records, root, ask, fault):
    never = Asked()

    with pytest.raises((ServerUnavailable, PluginFailed)) as caught:
        ask(root, acme=Asked(fault=fault), bolt=never)

    assert fault in (caught.value, caught.value.__cause__)
    assert never.requests == []


def test_a_registry_that_is_down_is_no_absence(records, root, ask):
    records.fault = ServerUnavailable("down")
    never = Asked()

    with pytest.raises(ServerUnavailable):
        ask(root, acme=never)

    assert never.requests == []


def test_a_project_in_the_making_is_found_too(records, root, ask):
    half = records.add("half", root)
    records.projects[:] = [replace(half, status="provisioning")]

    assert ask(root).require_project().status == "provisioning"
