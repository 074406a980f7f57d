"""Items made ahead: in order, in one thread, and no further than asked for."""

import threading

import pytest

from faultdiag.inference.ahead import made_ahead


@pytest.mark.parametrize("n", [0, 1, 2, 3, 50])
@pytest.mark.parametrize("n_ahead", [1, 2, 7])
def test_all_items_come_in_order(n, n_ahead):
    assert list(made_ahead(range(n), n_ahead=n_ahead)) == list(range(n))


def test_nothing_is_made_further_ahead_than_that():
    made = []
    items = made_ahead((made.append(i) or i for i in range(100)), n_ahead=2)
    for i in items:
        assert len(made) <= i + 3
        if i == 50:
            break
    items.close()
    assert len(made) <= 53


def test_one_thread_makes_them_all_and_ends_with_them():
    before = threading.active_count()
    names = set(made_ahead(threading.current_thread().name for _ in range(20)))
    assert len(names) == 1
    assert threading.current_thread().name not in names
    assert threading.active_count() == before


def test_what_goes_wrong_is_raised_in_its_place():
    def items():
        yield 1
        yield 2
        raise OSError("the disk is gone")

    found = []
    with pytest.raises(OSError, match="the disk is gone"):
        for item in made_ahead(items()):
            found.append(item)
    assert found == [1, 2]


def test_an_item_may_be_none():
    assert list(made_ahead([None, None])) == [None, None]
