"""Ctrl-C is held back until a good moment, once."""

import signal
import threading

import pytest

from faultdiag.training.interrupts import held_interrupts


@pytest.fixture(autouse=True)
def _default_handler():
    """Ctrl-C as Python has it, even where the tests run in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def press():
    signal.raise_signal(signal.SIGINT)


def test_the_first_one_waits_for_a_good_moment():
    done = []

    def work():
        with held_interrupts() as check:
            check()
            press()
            done.append("went on")
            check()
            done.append("never")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["went on"]


def test_without_a_good_moment_it_comes_at_the_end():
    done = []

    def work():
        with held_interrupts():
            press()
            done.append("went on")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["went on"]


def test_the_second_one_ends_at_once():
    done = []

    def work():
        with held_interrupts():
            press()
            done.append("once")
            press()
            done.append("twice")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["once"]


def test_an_error_is_not_hidden_by_it():
    def work():
        with held_interrupts():
            press()
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        work()


def test_afterwards_ctrl_c_is_what_it_was():
    with held_interrupts() as check:
        check()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with pytest.raises(KeyboardInterrupt):
        press()


def test_the_handler_of_somebody_else_stays():
    pressed = []
    before = signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    try:
        with held_interrupts() as check:
            press()
            check()
    finally:
        signal.signal(signal.SIGINT, before)
    assert pressed == [signal.SIGINT]


def test_other_threads_have_no_ctrl_c():
    failed = []

    def work():
        try:
            with held_interrupts() as check:
                check()
        except ValueError as error:  # what Python says of a handler that is set in a thread
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert failed == []
