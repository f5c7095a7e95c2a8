"""What is installed: embedders and plugins."""

from collections.abc import Sequence

from codebase_core_hookspecs import EmbedderState, PluginState
from fastapi import APIRouter

from codebase_core_http.access import TheReader
from codebase_core_http.description import PREFIX

router = APIRouter(prefix=PREFIX, tags=["installation"])


@router.get("/embedders", operation_id="list_embedders")
async def list_embedders(reader: TheReader) -> Sequence[EmbedderState]:
    """List the embedders, and which can be used."""
    return await reader.service.embedders()


@router.get("/plugins", operation_id="list_plugins")
async def list_plugins(reader: TheReader) -> Sequence[PluginState]:
    """List the plugins and what became of each."""
    return await reader.service.plugins()
