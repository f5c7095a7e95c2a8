"""The folders that a project had before it was deleted, as its audit trail tells them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from codebase_core_hookspecs import Checkout

from codebase_core.errors import CheckoutTaken, PathUnusable

from .checkouts import identity
from .machine import actor
from .repository import Repository

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codebase_core_hookspecs import Registry


async def take_back(registry: Registry, project: UUID, *, machine: UUID) -> None:
    """Attach the folders again that a project had; one that is at home in another project by now stays there."""
    trail = await registry.history(project)
    known: dict[tuple[str, str], Mapping[str, Any]] = {}
    for each in trail:
        if each.action in ("attach", "detach") and {"machine", "root"} <= each.detail.keys():
            folder = each.detail["machine"], each.detail["root"]
            known.pop(folder, None)
            if each.action == "attach":
                known[folder] = each.detail
    for detail in known.values():
        try:
            await registry.attach(_checkout(project, detail, machine=machine), actor=actor())
        except CheckoutTaken:
            continue


def _checkout(project: UUID, detail: Mapping[str, Any], *, machine: UUID) -> Checkout:
    root, of_machine = detail["root"], UUID(detail["machine"])
    known = detail.get("identity")  # trails that were written by earlier versions lack it
    return Checkout(
        project=project,
        machine=of_machine,
        root=root,
        identity=known or (_identity(Path(root), machine) if of_machine == machine else f"{of_machine}{root}"),
        home=detail.get("home", True),
    )


def _identity(root: Path, machine: UUID) -> str:
    try:
        return identity(Repository.at(root), root, machine=machine)
    except PathUnusable:
        return f"{machine}{root}"
