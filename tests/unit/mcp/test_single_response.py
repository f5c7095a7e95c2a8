"""An answer is plain JSON where nothing comes before it, and a stream where something does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx2
import pytest
from codebase_core_mcp.single_response import SingleResponse
from sse_starlette import EventSourceResponse, JSONServerSentEvent, ServerSentEvent
from starlette.responses import Response

RESPONSE = {"jsonrpc": "2.0", "id": 7, "result": {"content": [{"type": "text", "text": 'ü "x":\r\n\r\ndata: {}'}]}}
PROGRESS = {"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progress": 1, "progressToken": 7}}
QUESTION = {"jsonrpc": "2.0", "id": 1, "method": "roots/list"}


def _streamed(*messages: object) -> EventSourceResponse:
    async def events() -> AsyncIterator[ServerSentEvent]:
        for message in messages:
            yield JSONServerSentEvent(message, event="message")

    return EventSourceResponse(events(), headers={"mcp-session-id": "s"})


async def _answer(app: Response, *, method: str = "POST") -> httpx2.Response:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(SingleResponse(app))) as client:
        return await client.request(method, "http://127.0.0.1/mcp")


@pytest.mark.parametrize(
    "response",
    [
        RESPONSE,
        {**RESPONSE, "id": -7},
        {**RESPONSE, "id": 'a "quoted\\" id'},
        {"jsonrpc": "2.0", "id": 7, "error": {"code": -32602, "message": "no tool is called 'x'"}},
    ],
)
def test_a_response_alone_is_json(response: object):
    answer = asyncio.run(_answer(_streamed(response)))

    assert answer.headers["content-type"] == "application/json"
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["mcp-session-id"] == "s"
    assert answer.json() == response


@pytest.mark.parametrize("first", [PROGRESS, QUESTION])
def test_what_comes_before_a_response_is_streamed_and_the_response_after_it(first: object):
    answer = asyncio.run(_answer(_streamed(first, RESPONSE)))

    assert answer.headers["content-type"].startswith("text/event-stream")
    data = [line.removeprefix("data: ") for line in answer.text.split("\r\n") if line.startswith("data: ")]
    assert [json.loads(line) for line in data] == [first, RESPONSE]


def test_a_stream_without_a_response_ends():
    assert asyncio.run(_answer(_streamed())).content == b""


def test_other_answers_are_left_alone():
    assert (
        asyncio.run(_answer(_streamed(RESPONSE), method="GET")).headers["content-type"].startswith("text/event-stream")
    )
    refused = asyncio.run(_answer(Response("no session", status_code=404)))
    assert (refused.status_code, refused.text) == (404, "no session")
