"""The index as the checkout sees it that is asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codebase_core.projects.other_checkout import other_checkout, own_checkout, place_of

if TYPE_CHECKING:
    from codebase_core_hookspecs import ProjectStore

    from codebase_core.engine import Engine
    from codebase_core.projects.repository import Repository
    from codebase_core.projects.resolution import Resolution


class OpenedCheckout(NamedTuple):
    """An index as a checkout sees it; ``new`` is the checkout if it is not known yet what it sees: then it is the main one's."""

    store: ProjectStore
    new: Repository | None = None


async def open_checkout(engine: Engine, resolution: Resolution) -> ProjectStore:
    """Open a project's index as the checkout sees it that is asked about: the main one's, where it has nothing of its own yet."""
    return (await look_at_checkout(engine, resolution)).store


async def open_begun_checkout(engine: Engine, resolution: Resolution) -> ProjectStore:
    """Open the same, also while the checkout's first run goes on."""
    return (await look_at_checkout(engine, resolution, begun=True)).store


async def look_at_checkout(engine: Engine, resolution: Resolution, *, begun: bool = False) -> OpenedCheckout:
    """Open a project's index for the checkout that is asked about, and say whether that is new; one statement."""
    project, place = resolution.require_project(), place_of(resolution)
    store = await engine.open(project)
    if place is None or not place.is_git or not engine.shares_checkouts(project):
        return OpenedCheckout(store)
    states = await store.repositories()
    known = (own_checkout(place, state, machine=engine.machine) for state in states)
    own = next((each for each in known if each is not None), None)
    if own is not None and (begun or own.indexed_at is not None):
        return OpenedCheckout(store.seen_from(own))
    other = other_checkout(place, states, machine=engine.machine)
    return OpenedCheckout(store, place if other is not None else None)
