"""Ctrl-C at a good moment, such as between two batches.

TensorFlow may lose one that comes while it builds or traces, or turn it into an error of another kind.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["held_interrupts"]


@contextmanager
def held_interrupts() -> Iterator[Callable[[], None]]:
    """Hold the first Ctrl-C back until a good moment; a second one ends at once.

    Where somebody else handles the signal, or in another thread than the main one, nothing changes.

    Yields
    ------
    callable
        To be called at good moments; it raises `KeyboardInterrupt` if Ctrl-C was pressed before.

    Raises
    ------
    KeyboardInterrupt
        At the end of the block, too, if there was no good moment.
    """
    pressed = False

    def note(number: int, frame: Any) -> None:
        nonlocal pressed
        if pressed:
            raise KeyboardInterrupt
        pressed = True

    def check() -> None:
        if pressed:
            raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield check
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)
    check()
