"""Wrong applications."""

from __future__ import annotations

from contextlib import asynccontextmanager
from functools import partial

import pytest
from codebase_core_hookspecs import ApplicationPlugin

from codebase_core.testing import ApplicationConformance

from . import caught_by


def _answering(status, *, whole=True):
    async def answer(scope, receive, send):
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"no", "more_body": not whole})

    return answer


@asynccontextmanager
async def opened(context, service_of):
    yield _answering(404)


class Suite(ApplicationConformance):
    """The kit over an application that has nothing."""

    @pytest.fixture
    def wrong(self):
        return opened

    @pytest.fixture
    def plugin(self, wrong):
        return ApplicationPlugin(name="nothing", summary="Nothing", open=wrong)


caught = partial(caught_by, Suite)


@caught("test_it_answers_what_it_does_not_know")
@asynccontextmanager
async def claims_to_know(context, service_of):
    yield _answering(200)


@caught("test_it_answers_what_it_does_not_know")
@asynccontextmanager
async def leaves_the_answer_open(context, service_of):
    yield _answering(404, whole=False)


_OPENED = []


@caught("test_it_is_opened_again_after_it_was_closed")
@asynccontextmanager
async def opens_once(context, service_of):
    _OPENED.append(context)
    yield _answering(404 if len(_OPENED) == 1 else 410)
