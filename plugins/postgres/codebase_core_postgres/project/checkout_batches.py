"""The batches of another checkout than the main one: what it sees of the main one's files, and what is aside for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .aside import Aside, Version
from .rows import RowWriter
from .sides import ASIDE

if TYPE_CHECKING:
    from codebase_core_hookspecs import Batch, FileState

    from codebase_core_postgres.connection.pool import Connection


class CheckoutBatchWriter:
    """Write batches of one checkout; runs inside the caller's transaction, which holds the lease.

    No row that a main checkout sees changes.
    """

    def __init__(self, connection: Connection, schema: str, repository: int, checkout: int) -> None:
        self._checkout = checkout
        self._rows = RowWriter(connection, schema, repository)
        self._aside = Aside(connection, schema, repository)

    async def apply(self, batch: Batch) -> None:
        """Let the checkout see what the batch says; versions that nobody sees any more are deleted."""
        paths = [file.state.path for file in batch.replaced] + [state.path for state in batch.reused]
        left = await self._leave([*paths, *batch.removed])
        await self._adopt(batch.reused)
        added = await self._rows.insert(batch.replaced, ASIDE)
        await self._aside.show([self._checkout], added.files)
        await self._aside.drop_unseen(left)

    async def settle(self) -> None:
        """Do nothing: what is aside has no index with pending entries worth moving."""

    async def _leave(self, paths: Sequence[str]) -> Sequence[int]:
        """Let the checkout see nothing at some paths; return the files aside that it saw there."""
        if not paths:
            return ()
        main, aside = await self._aside.visible(self._checkout, paths)
        await self._aside.hide([self._checkout], main)
        await self._aside.unlist([self._checkout], aside)
        return aside

    async def _adopt(self, states: Sequence[FileState]) -> None:
        """Let the checkout see versions that are stored, those of the main checkout first."""
        wanted = {Version.of(state) for state in states}
        main = await self._aside.in_main(wanted)
        aside = await self._aside.aside(wanted - main.keys())
        await self._aside.unlist([self._checkout], list(main.values()))
        await self._aside.show([self._checkout], list(aside.values()))
