"""Wrong resolvers."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
from codebase_core_hookspecs import Claim, Option, Request, ResolverPlugin, ResolverUnavailable

from codebase_core.testing import ResolverConformance

from . import caught_by

MARKER = ".workspace"


class MarkerResolver:
    """A folder belongs to the project that a file in the repository's root names."""

    def __init__(self, context):
        self.down = context.options["down"]

    async def resolve(self, request):
        await asyncio.sleep(0)
        if self.down:
            raise self.unavailable()
        file = request.root / MARKER
        if not file.exists():
            return Claim(evidence=f"no {file}")
        return Claim(evidence=str(file), name=file.read_text().strip(), root=request.root)

    def unavailable(self):
        return ResolverUnavailable("the service does not answer", hint="start it")

    async def aclose(self):
        pass


class Suite(ResolverConformance):
    """The kit over the fake."""

    @pytest.fixture
    def wrong(self):
        return MarkerResolver

    @pytest.fixture
    def plugin(self, wrong):
        async def opened(context):
            return wrong(context)

        down = Option(name="down", summary="Whether it is down.", type=bool, default=False)
        return ResolverPlugin(name="fake", summary="By a marker", open=opened, tier=400, options=(down,))

    @pytest.fixture
    def known(self, tmp_path):
        root = tmp_path / "known"
        (root / "src").mkdir(parents=True)
        (root / MARKER).write_text("shop\n")
        return Request(path=root / "src", root=root, intent="read")

    @pytest.fixture
    def unavailable(self):
        return {"down": True}


caught = partial(caught_by, Suite)


@caught("test_a_folder_that_nobody_knows_is_absent")
class ClaimsEverything(MarkerResolver):
    async def resolve(self, request):
        return Claim(evidence="always", name="shop")


@caught("test_a_folder_that_nobody_knows_is_absent")
class SeesNothing(MarkerResolver):
    async def resolve(self, request):
        return Claim(evidence="")


@caught("test_what_it_knows_is_claimed")
class ReadsOnly(MarkerResolver):
    async def resolve(self, request):
        return await super().resolve(request) if request.intent == "read" else None


@caught("test_what_it_knows_is_claimed")
class WithoutEvidence(MarkerResolver):
    async def resolve(self, request):
        claim = await super().resolve(request)
        return Claim(evidence=" ", name=claim.name)


@caught("test_a_claim_speaks_for_a_folder_that_holds_the_path")
class SpeaksForItsParent(MarkerResolver):
    async def resolve(self, request):
        claim = await super().resolve(request)
        return Claim(evidence=claim.evidence, name=claim.name, root=request.root.parent)


@caught("test_asked_again_it_says_the_same")
class AnswersOnce(MarkerResolver):
    asked = False

    async def resolve(self, request):
        again, self.asked = self.asked, True
        return None if again else await super().resolve(request)


@caught("test_knowing_one_folder_it_claims_no_other")
class KeepsTheFirstAnswer(MarkerResolver):
    kept = None

    async def resolve(self, request):
        self.kept = self.kept or await super().resolve(request)
        return self.kept


@caught("test_odd_folders_are_folders")
class PutsFoldersIntoWords(MarkerResolver):
    async def resolve(self, request):
        str(request.path).format()
        return await super().resolve(request)


@caught("test_it_writes_nothing_into_a_repository")
class LeavesAMarker(MarkerResolver):
    async def resolve(self, request):
        (request.root / ".cache").write_text("seen")
        return await super().resolve(request)


@caught("test_a_service_that_is_down_is_said_to_be")
class SwallowsTheError(MarkerResolver):
    async def resolve(self, request):
        try:
            return await super().resolve(request)
        except ResolverUnavailable:
            return None


@caught("test_a_service_that_is_down_is_said_to_be")
class GivesNoHint(MarkerResolver):
    def unavailable(self):
        return ResolverUnavailable("it does not answer")


@caught("test_it_answers_after_a_question_was_cancelled")
class StaysLocked(MarkerResolver):
    busy = False

    async def resolve(self, request):
        if self.busy:
            raise RuntimeError("busy")
        self.busy = True
        claim = await super().resolve(request)
        self.busy = False
        return claim


@caught("test_closing_twice_is_allowed")
class ClosesOnce(MarkerResolver):
    async def aclose(self):
        del self.down
