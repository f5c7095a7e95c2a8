"""Work that fails for reasons that pass."""

from __future__ import annotations

import pytest

from codebase_core.retry import retry


async def _fails(times: int, attempt: int, *, error: type[Exception] = ConnectionError) -> int:
    if attempt < times:
        raise error(f"attempt {attempt}")
    return attempt


async def test_work_is_tried_again_with_the_number_of_the_attempt() -> None:
    assert await retry(lambda attempt: _fails(2, attempt), on=(ConnectionError,), pauses=(0.0, 0.0)) == 2


async def test_the_last_attempts_error_is_raised() -> None:
    with pytest.raises(ConnectionError, match="attempt 2"):
        await retry(lambda attempt: _fails(3, attempt), on=(ConnectionError,), pauses=(0.0, 0.0))


async def test_another_error_is_not_retried() -> None:
    with pytest.raises(ValueError, match="attempt 0"):
        await retry(lambda attempt: _fails(1, attempt, error=ValueError), on=(ConnectionError,), pauses=(0.0,))


async def test_each_retry_is_noticed_with_its_pause() -> None:
    noticed: list[tuple[str, float]] = []
    await retry(
        lambda attempt: _fails(2, attempt),
        on=(ConnectionError,),
        pauses=(0.0, 0.01, 0.02),
        notice=lambda error, pause: noticed.append((str(error), pause)),
    )
    assert noticed == [("attempt 0", 0.0), ("attempt 1", 0.01)]
