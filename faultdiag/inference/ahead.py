"""Make the next item ready in a thread while this one is in use."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["made_ahead"]

T = TypeVar("T")

_END = object()


def made_ahead(items: Iterable[T], *, n_ahead: int = 2) -> Iterator[T]:
    """Yield items in order, made by one thread of their own, at most so many ahead of their use.

    Parameters
    ----------
    items : iterable
        What it raises is raised here, in its place.
    n_ahead : int
        Items that wait at most.
    """
    iterator = iter(items)
    pool = ThreadPoolExecutor(1)
    try:
        waiting = deque(pool.submit(next, iterator, _END) for _ in range(n_ahead))
        while (item := waiting.popleft().result()) is not _END:
            waiting.append(pool.submit(next, iterator, _END))
            yield item  # type: ignore[misc]
    finally:
        pool.shutdown(cancel_futures=True)
