"""What every resolver must hold."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
import pytest_asyncio
from codebase_core_hookspecs import (
    Claim,
    PluginContext,
    Request,
    Resolver,
    ResolverPlugin,
    ResolverUnavailable,
)

from .base import Conformance, context_of, says_what_to_do

ODD_FOLDERS = ("with space", "ünïcödé 数", "new\nline", "quote'\"", "-dash", "%s {0} $HOME", "a/b/c/d/e/f")


class ResolverConformance(Conformance):
    """Claims with evidence, absence where nothing is known, and hands off what belongs to the user."""

    @pytest_asyncio.fixture
    async def resolver(self, plugin: ResolverPlugin, context: PluginContext) -> AsyncIterator[Resolver]:
        """The resolver, opened."""
        opened = await plugin.open(context)
        yield opened
        await opened.aclose()

    @pytest.fixture
    def repository(self, tmp_path: Path) -> Path:
        """The root of a repository that nobody knows."""
        root = tmp_path / "unknown"
        (root / ".git").mkdir(parents=True)
        (root / "src").mkdir()
        (root / "src" / "a.py").write_text("a = 1\n")
        return root

    @pytest.fixture
    def known(self, tmp_path: Path) -> Request | None:
        """A request that the resolver must claim: prepare a folder for it. None: not tested, and listed as skipped."""
        return None

    @pytest.fixture
    def unavailable(self) -> Mapping[str, Any] | None:
        """Options with which what the resolver asks is down. None: it asks nobody; not tested."""
        return None

    async def test_a_folder_that_nobody_knows_is_absent(self, resolver: Resolver, repository: Path) -> None:
        """None, or a claim without name and id, that says what was seen."""
        for intent in ("read", "write"):
            answer = await resolver.resolve(_request(repository, intent))
            assert answer is None or (answer.name is None and answer.id is None and answer.evidence), answer

    async def test_what_it_knows_is_claimed(self, resolver: Resolver, known: Request | None) -> None:
        """By name or id, and with evidence that a person can check."""
        for intent in ("read", "write"):
            claim = await resolver.resolve(_known(known, intent))
            assert isinstance(claim, Claim)
            assert claim.name or claim.id is not None
            assert claim.evidence.strip()

    async def test_a_claim_speaks_for_a_folder_that_holds_the_path(
        self, resolver: Resolver, known: Request | None
    ) -> None:
        """Within the repository."""
        asked = _known(known, "read")
        claim = await resolver.resolve(asked)
        assert claim is not None
        assert claim.root is None or (asked.path.is_relative_to(claim.root) and claim.root.is_relative_to(asked.root))

    async def test_asked_again_it_says_the_same(self, resolver: Resolver, known: Request | None) -> None:
        """Also when many ask at once."""
        asked = _known(known, "read")
        answers = await asyncio.gather(*(resolver.resolve(asked) for _ in range(8)))
        assert len({(claim.name, claim.id) for claim in answers if claim is not None}) == 1
        assert None not in answers

    async def test_knowing_one_folder_it_claims_no_other(
        self, resolver: Resolver, known: Request | None, repository: Path
    ) -> None:
        """Unless it is about what the user does and not about folders, as a claim without a root is."""
        claim = await resolver.resolve(_known(known, "read"))
        other = await resolver.resolve(_request(repository, "read"))
        if other is not None and (other.name or other.id):
            assert claim is not None
            assert (other.name, other.id) == (claim.name, claim.id)
            assert claim.root is None

    async def test_odd_folders_are_folders(self, resolver: Resolver, tmp_path: Path) -> None:
        """Nobody promises what a folder is called."""
        for name in ODD_FOLDERS:
            folder = tmp_path / "odd" / name
            folder.mkdir(parents=True)
            answer = await resolver.resolve(Request(path=folder, root=folder, intent="read"))
            assert answer is None or answer.evidence, name

    async def test_it_writes_nothing_into_a_repository(self, resolver: Resolver, repository: Path) -> None:
        """Resolution never changes what it looks at."""
        before = _contents(repository)
        for intent in ("read", "write"):
            await resolver.resolve(_request(repository, intent))
        assert _contents(repository) == before

    async def test_a_service_that_is_down_is_said_to_be(
        self, plugin: ResolverPlugin, unavailable: Mapping[str, Any] | None, repository: Path, tmp_path: Path
    ) -> None:
        """ResolverUnavailable with a hint: a read goes on and says so, a write stops. Never absence."""
        if unavailable is None:
            pytest.skip("no fixture `unavailable`")
        resolver = await plugin.open(context_of(plugin, options=unavailable, folder=tmp_path / "down"))
        with pytest.raises(ResolverUnavailable) as caught:
            await resolver.resolve(_request(repository, "read"))
        assert says_what_to_do(caught.value)
        await resolver.aclose()

    async def test_it_answers_after_a_question_was_cancelled(self, resolver: Resolver, repository: Path) -> None:
        """Ctrl-C leaves nothing locked."""
        call = asyncio.ensure_future(resolver.resolve(_request(repository, "read")))
        await asyncio.sleep(0)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        async with asyncio.timeout(30):
            await resolver.resolve(_request(repository, "read"))

    async def test_closing_twice_is_allowed(self, plugin: ResolverPlugin, context: PluginContext) -> None:
        """Whoever cleans up need not ask who did before."""
        opened = await plugin.open(context)
        await opened.aclose()
        await opened.aclose()


def _request(root: Path, intent: Literal["read", "write"]) -> Request:
    return Request(path=root / "src", root=root, intent=intent)


def _known(known: Request | None, intent: Literal["read", "write"]) -> Request:
    if known is None:
        pytest.skip("no fixture `known`")
    return replace(known, intent=intent)


def _contents(folder: Path) -> dict[str, bytes | None]:
    files = sorted(folder.rglob("*"))
    return {str(each.relative_to(folder)): each.read_bytes() if each.is_file() else None for each in files}
