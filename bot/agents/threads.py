"""Blocking calls beside the event loop, finished even when the agent is cancelled."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The function's result, computed in a thread.

    A thread cannot be cancelled. When this coroutine is, it waits for the thread and only then raises `CancelledError`: a paid reply
    is stored, and nothing writes into a checkout that somebody else has taken over.
    """
    work = asyncio.ensure_future(asyncio.to_thread(function, *args, **kwargs))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        while not work.done():
            try:
                await asyncio.wait([work])
            except asyncio.CancelledError:
                continue  # asked again; the answer is the same
        if not work.cancelled():
            work.exception()  # seen here, for nobody else will ask
        raise
