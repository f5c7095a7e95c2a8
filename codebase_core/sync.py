"""The application for scripts and notebooks: the same methods as ``codebase_core.App``, each returning its result.

with App() as app:
    app.index("src")
    print(app.search("where are connections pooled").hits[0].path)

The asynchronous application runs on an event loop of its own, in a thread: these methods may be called inside a running loop, as
in Jupyter, and from any number of threads. Ctrl-C cancels the call that it interrupts.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, Self, TypeVar, cast

from .app import App as AsyncApp
from .app import Choices
from .projects.lifecycle import Projects as AsyncProjects

if TYPE_CHECKING:
    from types import TracebackType

    from .config.settings import Settings
    from .jobs import Job
    from .projects.resolution import Resolution

__all__ = ["App", "Choices", "Projects"]

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A")
A_co = TypeVar("A_co", covariant=True)


class _Blocking(Protocol[A_co]):
    @property
    def wrapped(self) -> A_co: ...

    def run(self, work: Awaitable[T]) -> T: ...


def _blocking(method: Callable[Concatenate[A, P], Awaitable[T]]) -> Callable[Concatenate[_Blocking[A], P], T]:
    """Return a method that runs an asynchronous one to its end, with its signature and documentation."""

    @wraps(method)
    def call(self: _Blocking[A], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self.run(method(self.wrapped, *args, **kwargs))

    return cast("Callable[Concatenate[_Blocking[A], P], T]", call)


class Projects:
    """The life cycle of projects."""

    def __init__(self, wrapped: AsyncProjects, run: Callable[[Awaitable[Any]], Any]) -> None:
        self.wrapped = wrapped
        self._run = run

    def run(self, work: Awaitable[T]) -> T:
        """Run work on the application's loop and return its result."""
        result: T = self._run(work)
        return result

    page = _blocking(AsyncProjects.page)
    history = _blocking(AsyncProjects.history)
    rename = _blocking(AsyncProjects.rename)
    describe = _blocking(AsyncProjects.describe)
    tag = _blocking(AsyncProjects.tag)
    delete = _blocking(AsyncProjects.delete)
    restore = _blocking(AsyncProjects.restore)
    purge = _blocking(AsyncProjects.purge)
    backup = _blocking(AsyncProjects.backup)
    restore_from = _blocking(AsyncProjects.restore_from)
    move = _blocking(AsyncProjects.move)


class App:
    """Everything the product does. Close it, or use it in a ``with`` statement."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.wrapped = AsyncApp(settings)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def run(self, work: Awaitable[T]) -> T:
        """Run work on the application's loop and return its result; what it raises is raised here."""
        future = asyncio.run_coroutine_threadsafe(_coroutine(work), self._started())
        try:
            return future.result()
        except BaseException:  # KeyboardInterrupt comes to this thread, not to the loop's
            future.cancel()
            raise

    def close(self) -> None:
        """Close what was opened, and end the loop's thread. A closed application opens again at the next call."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is not None:
            asyncio.run_coroutine_threadsafe(self.wrapped.aclose(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            self._thread.join()

    @property
    def settings(self) -> Settings:
        """The settings that the application runs with."""
        return self.wrapped.settings

    search = _blocking(AsyncApp.search)
    symbol = _blocking(AsyncApp.symbol)
    related = _blocking(AsyncApp.related)
    search_projects = _blocking(AsyncApp.search_projects)
    outline = _blocking(AsyncApp.outline)
    status = _blocking(AsyncApp.status)
    init = _blocking(AsyncApp.init)
    index = _blocking(AsyncApp.index)
    reindex = _blocking(AsyncApp.reindex)
    abandon_reindex = _blocking(AsyncApp.abandon_reindex)
    embedders = _blocking(AsyncApp.embedders)
    try_embedder = _blocking(AsyncApp.try_embedder)
    resolve = _blocking(AsyncApp.resolve)
    explain = _blocking(AsyncApp.explain)
    create = _blocking(AsyncApp.create)
    find = _blocking(AsyncApp.find)
    active = _blocking(AsyncApp.active)
    use = _blocking(AsyncApp.use)
    survey = _blocking(AsyncApp.survey)
    gone_checkouts = _blocking(AsyncApp.gone_checkouts)
    forget_checkout = _blocking(AsyncApp.forget_checkout)
    verify = _blocking(AsyncApp.verify)
    repair = _blocking(AsyncApp.repair)
    doctor = _blocking(AsyncApp.doctor)

    def start_job(self, path: Path | str, *, choices: Choices = Choices(), force: bool = False) -> Job:
        """Index in a process of its own, and return at once; one that does the same already is returned instead."""
        return self.wrapped.start_job(path, choices=choices, force=force)

    def skipped(self, resolution: Resolution) -> list[dict[str, str]]:
        """Return the files that are not indexed, or not as they should be, each with its reason."""

        async def work() -> list[dict[str, str]]:
            return [file async for file in self.wrapped.skipped(resolution)]

        return self.run(work())

    def projects(self) -> Projects:
        """Return the life cycle of projects over the registry."""
        return Projects(self.run(self.wrapped.projects()), self.run)

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_serve, args=(self._loop,), name="codebase-core", daemon=True)
                self._thread.start()
            return self._loop


async def _coroutine(work: Awaitable[T]) -> T:
    return await work


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()
