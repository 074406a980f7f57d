"""Time several sides against each other: a process for each, blocks of steps in turn.

Frameworks in one process share thread pools and memory; one after the other they meet another machine.
Here each side is prepared in its own process, and then one after the other runs a block of steps, again
and again, so that nothing runs at once and whatever slows the machine slows all sides. A command that takes
minutes is paused for the blocks of the other side.
"""

import multiprocessing
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Step = Callable[[], object]
Prepare = Callable[[], Step]

REST_S = 0.02  # in which the threads of the side before, which wait for work in a loop, go to sleep


class Ratio(NamedTuple):
    """Of medians, with the quartiles of the ratios of the single blocks."""

    median: float
    lower: float
    upper: float


class Worker:
    """A process that prepares one side and runs its steps when told to.

    Parameters
    ----------
    prepare : callable
        Returns the step; it is called in the process, so it must be importable there.
    """

    def __init__(self, prepare: Prepare) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, prepare), daemon=True)
        self._process.start()
        theirs.close()

    def seconds(self, steps: int) -> float:
        """Run some steps; return how long they took together."""
        self._connection.send(steps)
        try:
            return float(self._connection.recv())
        except EOFError as error:
            raise SystemExit("a side that is timed has ended; what it said stands above") from error

    def close(self) -> None:
        """End the process, which ends by itself unless it is in the middle of something."""
        self._connection.close()
        self._process.join(timeout=5)
        self._process.terminate()
        self._process.join()


def interleaved(sides: Sequence[Prepare], *, n_blocks: int, steps: int, warm: int = 2) -> NDArray[np.float64]:
    """Time all sides in turn.

    Parameters
    ----------
    sides : sequence of callable
        What prepares each side, such as ``functools.partial(rivals.prepare, "ours", "record16")``.
    n_blocks, steps : int
        Blocks of each side, and steps of a block.
    warm : int
        Steps before the first block: whatever the first ones compile.

    Returns
    -------
    ndarray, shape [n_blocks, sides]
        Seconds of one step, mean of each block.
    """
    workers: list[Worker] = []
    try:
        for side in sides:
            workers.append(Worker(side))
            workers[-1].seconds(warm)
        return np.array([_round(workers, number, steps) for number in range(n_blocks)])
    finally:
        for worker in workers:
            worker.close()


def beside(
    command: Sequence[object], step: Prepare, *, every_s: float = 10.0, steps: int = 10
) -> tuple[float, float]:
    """Run a command, paused now and then for a block of steps.

    Parameters
    ----------
    command : sequence
        A program and its arguments.
    step : callable
        What prepares the step.
    every_s : float
        How long the command runs between two blocks.
    steps : int
        Of a block.

    Returns
    -------
    (float, float)
        Seconds that the command ran, and the median over the blocks of the seconds of one step.
    """
    worker, blocks, paused_s = Worker(step), [], 0.0
    worker.seconds(2)
    start = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(every_s)
            break
        pause = time.perf_counter()
        process.send_signal(signal.SIGSTOP)
        worker.seconds(2)  # what is of the command in the caches
        blocks.append(worker.seconds(steps) / steps)
        process.send_signal(signal.SIGCONT)
        paused_s += time.perf_counter() - pause
    seconds = time.perf_counter() - start - paused_s
    worker.close()
    if process.returncode or not blocks:
        raise SystemExit(f"{command[0]} ended with {process.returncode} after {seconds:.0f} s")
    return seconds, float(np.median(blocks))


def ratio(seconds: NDArray[np.float64], ours: int, rival: int) -> Ratio:
    """Return the ratio of two columns of what `interleaved` returns."""
    medians = np.median(seconds, axis=0)
    lower, upper = np.percentile(seconds[:, ours] / seconds[:, rival], [25, 75])
    return Ratio(float(medians[ours] / medians[rival]), float(lower), float(upper))


def _round(workers: Sequence[Worker], number: int, steps: int) -> list[float]:
    """A block of each side; every round begins with another one."""
    seconds = [0.0] * len(workers)
    for i in range(len(workers)):
        place = (i + number) % len(workers)
        time.sleep(REST_S)
        seconds[place] = workers[place].seconds(steps) / steps
    return seconds


def _serve(connection: Connection, prepare: Prepare) -> None:
    step = prepare()
    while True:
        try:
            steps = connection.recv()
        except EOFError:  # nobody will ask any more
            return
        start = time.perf_counter()
        for _ in range(steps):
            step()
        connection.send(time.perf_counter() - start)
