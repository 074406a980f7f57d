"""Splits: what no side may share with another, whatever the records are, and what each holds out."""

import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from faultdiag.datasets.examples import Examples
from faultdiag.datasets.load import load_dataset
from faultdiag.datasets.splits import Layout, split_examples
from faultdiag.errors import DatasetError, FaultdiagError, ParameterError
from faultdiag.records import Record
from faultdiag.views.preparation import Preparation

LAYOUT = Layout(length=20, train_hop=5, test_hop=20)


def record(label, group=None, load=None, n=1000, **conditions):
    if load is not None:
        conditions["load"] = load
    return Record(source=np.zeros((1, n)), label=label, group=group, conditions=conditions)


def examples_of(*records):
    return Examples(name="x", task="t", classes=tuple(sorted({r.label for r in records})), records=records)


def split(examples, spec, *, seed=0, layout=LAYOUT):
    lengths = np.array([r.n_samples for r in examples.records], np.int64)
    return split_examples(examples, spec, lengths=lengths, layout=layout, seed=seed)


def bearings(loads=(0, 1, 2), n_groups=3, n=1000):
    """Inner and outer faults on several bearings each, one healthy bearing, all at every load."""
    faults = [
        record(label, f"{label}-{i}", load, n, size_in=0.007 * (i + 1))
        for label in ("inner", "outer")
        for i in range(n_groups)
        for load in loads
    ]
    return examples_of(*faults, *(record("normal", "normal-0", load, n, size_in=0.0) for load in loads))


def numbers(windows):
    """The records that windows are cut from."""
    return set(windows.record.tolist())


def samples(windows):
    """Every (record, sample) that windows hold."""
    pairs = zip(windows.record.tolist(), windows.start.tolist(), strict=True)
    return {(record, i) for record, start in pairs for i in range(start, start + windows.length)}


def groups_of(examples, windows, leaky_classes=()):
    """The bearings that windows are cut from, those of leaky classes left out."""
    return {examples.groups[i] for i in numbers(windows) if examples.records[i].label not in leaky_classes}


some_records = st.lists(
    st.builds(
        record,
        label=st.sampled_from("abc"),
        group=st.sampled_from(["A", "B", "C", "D", "E", None]),
        load=st.sampled_from([0, 1, 2.0, "3"]),
        n=st.integers(20, 400),
    ),
    min_size=4,
    max_size=14,
)
some_layouts = st.builds(
    Layout, length=st.integers(1, 25), train_hop=st.integers(1, 30), test_hop=st.integers(1, 30)
)
some_specs = st.sampled_from(
    ["random", "chronological", "group", "group:A", "group:B,C", "bearing:A", "load:1", "load:3", "none"]
)


def split_or_one_line(records, spec, layout, seed):
    """Examples and split; a split that cannot be is refused in one line of ours, and is no example."""
    try:
        examples = examples_of(*records)
        return examples, split(examples, spec, seed=seed, layout=layout)
    except FaultdiagError as error:
        if not re.fullmatch(r"(split|data set) '.*", str(error)):
            raise
        assume(False)


anything = given(records=some_records, spec=some_specs, layout=some_layouts, seed=st.integers(0, 99))


@anything
def test_no_sample_is_on_two_sides(records, spec, layout, seed):
    _, found = split_or_one_line(records, spec, layout, seed)
    train, validation = samples(found.train), samples(found.validation)
    assert train.isdisjoint(validation)
    for part in found.tests:
        assert (train | validation).isdisjoint(samples(part.windows)), part.split
        assert not found.train.overlaps(part.windows)
        assert not found.validation.overlaps(part.windows)


@anything
def test_every_window_lies_in_its_record(records, spec, layout, seed):
    _, found = split_or_one_line(records, spec, layout, seed)
    for windows in (found.train, found.validation, *(part.windows for part in found.tests)):
        ends = np.array([records[i].n_samples for i in windows.record], int)
        assert windows.length == layout.length
        assert np.all(windows.start >= 0)
        assert np.all(windows.start + layout.length <= ends)


@anything
def test_the_same_seed_splits_in_the_same_way(records, spec, layout, seed):
    examples, found = split_or_one_line(records, spec, layout, seed)
    again = split(examples, spec, seed=seed, layout=layout)
    sides = [[s.train, s.validation, *(part.windows for part in s.tests)] for s in (found, again)]
    for one, other in zip(*sides, strict=True):
        np.testing.assert_array_equal(one.record, other.record)
        np.testing.assert_array_equal(one.start, other.start)
    assert found.notes == again.notes


@anything
def test_every_class_trains_and_what_a_test_lacks_is_said(records, spec, layout, seed):
    examples, found = split_or_one_line(records, spec, layout, seed)
    assert {records[i].label for i in numbers(found.train)} == set(examples.classes)
    assert bool(found.tests) == (spec != "none")
    for part in found.tests:
        absent = set(examples.classes) - {records[i].label for i in numbers(part.windows)}
        notes = [n for n in found.notes if n.startswith(f"test {part.split!r} has no window of class ")]
        assert len(notes) == bool(absent)
        assert not absent or notes[0].endswith(f"class {', '.join(sorted(absent))}")


@given(
    records=some_records,
    spec=st.sampled_from(["group", "group:A", "group:B,C", "bearing:A", "bearing:E"]),
    layout=some_layouts,
    seed=st.integers(0, 99),
)
def test_no_held_out_bearing_trains(records, spec, layout, seed):
    examples, found = split_or_one_line(records, spec, layout, seed)
    part = found.tests[-1]
    assert (part.split, part.leaky) == (spec, False)
    n_groups = {
        c: len({g for g, r in zip(examples.groups, records, strict=True) if r.label == c})
        for c in examples.classes
    }
    assert part.leaky_classes == tuple(c for c in examples.classes if n_groups[c] == 1)
    held = groups_of(examples, part.windows, part.leaky_classes)
    for windows in (found.train, found.validation):
        assert held.isdisjoint(groups_of(examples, windows))
        shared = numbers(windows) & numbers(part.windows)
        assert {records[i].label for i in shared} <= set(part.leaky_classes)
    if ":" in spec:
        assert held <= set(spec.partition(":")[2].split(","))
    assert part.holds_out.startswith(f"every recording of {len(held)} bearing")


@given(records=some_records, load=st.sampled_from(["0", "1", "2", "3"]), layout=some_layouts)
def test_a_held_out_load_trains_nowhere(records, load, layout):
    _, found = split_or_one_line(records, f"load:{load}", layout, 0)
    part = found.tests[-1]
    assert (part.split, part.leaky, part.leaky_classes) == (f"load:{load}", True, ())
    held = {i for i, r in enumerate(records) if float(r.conditions["load"]) == float(load)}
    assert numbers(part.windows) <= held
    for windows in (found.train, found.validation, *(p.windows for p in found.tests[:-1])):
        assert numbers(windows).isdisjoint(held)


@given(records=some_records, layout=some_layouts, seed=st.integers(0, 99))
def test_random_puts_every_full_window_on_one_side(records, layout, seed):
    _, found = split_or_one_line(records, "random", layout, seed)
    sides = (found.train, found.validation, found.tests[0].windows)
    counts = Counter(
        pair for side in sides for pair in zip(side.record.tolist(), side.start.tolist(), strict=True)
    )
    every = [
        (i, start)
        for i, r in enumerate(records)
        for start in range(0, r.n_samples, layout.length)
        if start + layout.length <= r.n_samples
    ]
    assert counts == Counter(every)
    for label in {r.label for r in records}:
        n = [sum(records[i].label == label for i in side.record) for side in sides]
        assert abs(n[0] - 0.7 * sum(n)) <= 0.5
        assert abs(n[2] - 0.2 * sum(n)) <= 0.5 + 1e-9
    assert found.tests[0].leaky


@given(records=some_records, layout=some_layouts)
def test_chronological_goes_forward_in_every_record_with_gaps(records, layout):
    _, found = split_or_one_line(records, "chronological", layout, 0)
    (part,) = found.tests
    assert part.leaky
    sides = (found.train, found.validation, part.windows)
    for i, r in enumerate(records):
        starts = [side.start[side.record == i] for side in sides]
        for number, before in enumerate(starts):
            for after in starts[number + 1 :]:
                if len(before) and len(after):
                    assert after.min() - (before.max() + layout.length) >= layout.length // 2
        assert np.all(starts[0] + layout.length <= np.ceil(0.7 * r.n_samples))
        assert np.all(starts[2] >= np.floor(0.8 * r.n_samples))


def test_a_long_record_is_cut_at_70_and_80_percent():
    examples = examples_of(record("a"), record("b"))
    found = split(examples, "chronological", layout=Layout(10, 5, 10))
    train, validation = (w.start[w.record == 0] for w in (found.train, found.validation))
    test = found.tests[0].windows
    assert train.tolist() == list(range(0, 691, 5))
    assert validation.tolist() == list(range(705, 791, 5))
    assert test.start[test.record == 1].tolist() == list(range(805, 991, 10))


def test_a_class_with_one_bearing_is_cut_at_60_and_70_percent():
    found = split(bearings(loads=(0,)), "bearing:0.014", layout=Layout(10, 5, 10))
    seen, part = found.tests
    healthy = 6
    for windows, starts in (
        (found.train, range(0, 591, 5)),
        (found.validation, range(605, 691, 5)),
        (seen.windows, range(705, 991, 10)),
        (part.windows, range(705, 991, 10)),
    ):
        assert windows.start[windows.record == healthy].tolist() == list(starts)


def test_bearing_holds_out_the_size_of_every_fault():
    examples = bearings()
    found = split(examples, "bearing:0.014")
    seen, part = found.tests
    assert groups_of(examples, part.windows) == {"inner-1", "outer-1", "normal-0"}
    assert groups_of(examples, found.train) == {
        "inner-0",
        "inner-2",
        "outer-0",
        "outer-2",
        "normal-0",
    }
    assert (seen.split, seen.leaky) == ("seen", True)
    assert numbers(seen.windows) == numbers(found.train)
    assert (part.leaky, part.leaky_classes) == (False, ("normal",))
    assert part.holds_out == "every recording of 2 bearings it has never seen (inner-1, outer-1)"
    assert found.notes == (
        "class 'normal' has one bearing only: the last 30 % of its recordings stand in for an unseen one",
    )
    held = np.isin(part.windows.record, [i for i, g in enumerate(examples.groups) if g.endswith("-1")])
    assert held.sum() == 6 * 1000 // 20


@pytest.mark.parametrize("value", ["0.014", "0.0140", "1.4e-2", " 0.014 "])
def test_a_condition_is_compared_as_a_number(value):
    assert split(bearings(), f"bearing:{value}").tests[-1].holds_out.endswith("(inner-1, outer-1)")


def test_bearing_also_takes_a_group_or_the_condition_bearing():
    assert split(bearings(), "bearing:inner-2").tests[-1].holds_out.endswith("(inner-2)")
    records = [record(c, f"{c}{i}", bearing=float(i)) for c in "ab" for i in range(3)]
    assert split(examples_of(*records), "bearing:2").tests[-1].holds_out.endswith("(a2, b2)")
    records = [record(c, f"{c}{i}", bearing=f"No. {i}") for c in "ab" for i in range(3)]
    assert split(examples_of(*records), "bearing:No. 1").tests[-1].holds_out.endswith("(a1, b1)")


def test_one_bearing_is_no_plural():
    part = split(bearings(), "group:inner-1").tests[-1]
    assert part.holds_out == "every recording of 1 bearing it has never seen (inner-1)"


def test_many_bearings_are_not_all_listed():
    part = split(bearings(n_groups=20), "group:" + ",".join(f"inner-{i}" for i in range(8))).tests[-1]
    assert part.holds_out == (
        "every recording of 8 bearings it has never seen "
        "(inner-0, inner-1, inner-2, inner-3, inner-4, inner-5, ...)"
    )


@pytest.mark.parametrize(("n_groups", "n_held"), [(2, 1), (3, 1), (5, 1), (8, 2), (10, 2), (20, 4)])
def test_group_holds_out_a_fifth_of_the_groups_of_every_class_by_lot(n_groups, n_held):
    examples, drawn = bearings(n_groups=n_groups), set()
    for seed in range(8):
        held = groups_of(examples, split(examples, "group", seed=seed).tests[-1].windows, {"normal"})
        assert Counter(group[:5] for group in held) == {"inner": n_held, "outer": n_held}
        drawn |= held
    assert len(drawn) > 2 * n_held


def test_named_groups_are_held_out_with_or_without_blanks():
    for spec in ("group:inner-1,outer-2", "group: inner-1, outer-2 "):
        assert split(bearings(), spec).tests[-1].holds_out.endswith("(inner-1, outer-2)")


@pytest.mark.parametrize("seed", range(12))
def test_by_lot_every_class_keeps_a_group_although_classes_share_them(seed):
    """Healthy at first, then faulty: the same three bearings under each label."""
    records = [record(c, group) for c in "abc" for group in ("A", "B", "C")]
    records += [record("a", "D"), record("d", "D"), record("d", "E")]
    examples = examples_of(*records)
    found = split(examples, "group", seed=seed)
    assert {records[i].label for i in numbers(found.train)} == set("abcd")
    held = groups_of(examples, found.tests[-1].windows)
    assert len(held) <= 2
    assert held.isdisjoint(groups_of(examples, found.train))


def test_the_one_bearing_of_a_class_is_not_called_unseen_under_another_label():
    """Bearing A is all that is known of `normal`: it trains, so its later fault is not unseen."""
    records = [record("normal", "A"), *(record("outer", group) for group in "ABC")]
    for seed in range(6):
        found = split(examples_of(*records), "group", seed=seed)
        assert found.tests[-1].holds_out.endswith(("(B)", "(C)"))
    with pytest.raises(ParameterError, match="split 'group:A' holds out nothing"):
        split(examples_of(*records), "group:A")


def test_load_takes_the_name_of_either_condition():
    for key in ("load", "load_hp"):
        records = [record(c, **{key: value}) for c in "ab" for value in (0, 1, 2)]
        part = split(examples_of(*records), "load:2").tests[-1]
        assert numbers(part.windows) == {2, 5}
        assert part.holds_out == "all recordings at load 2; the same bearings train at other loads"


def test_a_class_that_a_load_lacks_is_named():
    found = split(examples_of(record("a", load=0), record("a", load=1), record("b", load=0)), "load:1")
    assert found.notes == ("test 'load:1' has no window of class b",)


def test_none_trains_on_everything():
    found = split(bearings(), "none")
    assert (len(found.validation), found.tests) == (0, ())
    assert found.notes == ("nothing is held out: no result can be given",)
    assert np.bincount(found.train.record).tolist() == [(1000 - 20) // 5 + 1] * 21


def test_images_are_drawn_by_lot_class_by_class():
    labels = np.repeat([0, 1], [100, 50])
    images = np.zeros((150, 2, 2, 1), np.uint8)
    examples = Examples(name="x", task="t", classes=("a", "b"), images=images, image_labels=labels)
    found = split_examples(examples, "random", lengths=np.ones(150, np.int64), layout=Layout(1, 1, 1), seed=0)
    sides = (found.train, found.validation, found.tests[0].windows)
    assert [np.bincount(labels[side.record]).tolist() for side in sides] == [[70, 35], [10, 5], [20, 10]]
    assert (found.tests[0].leaky, found.tests[0].holds_out) == (False, "images drawn by lot")


@pytest.mark.parametrize("name", ["bearing", "chronological", "group", "load"])
def test_images_have_neither_bearings_nor_time(name):
    images = np.zeros((4, 2, 2, 1), np.uint8)
    examples = Examples(
        name="x", task="t", classes=("a", "b"), images=images, image_labels=np.array([0, 1, 0, 1])
    )
    with pytest.raises(ParameterError, match=f"split '{name}' is for records, and data set 'x' has images"):
        split_examples(examples, name, lengths=np.ones(4, np.int64), layout=Layout(1, 1, 1), seed=0)


def test_recordings_too_short_to_be_tested_leave_the_test_seen_out():
    """The last 20 % of 90 samples hold no window of 20; held-out recordings are whole."""
    found = split(bearings(n=90), "bearing:0.014")
    (part,) = found.tests
    assert part.split == "bearing:0.014"
    assert "no recording that trains is long enough to be tested too: there is no test 'seen'" in found.notes
    assert "test 'bearing:0.014' has no window of class normal" in found.notes


def test_only_the_stand_in_of_a_single_bearing_is_no_test():
    records = [record("normal", "N"), record("a", "A"), record("a", "B", n=15)]
    with pytest.raises(DatasetError, match="split 'group:B' has no test window of 20 samples"):
        split(examples_of(*records), "group:B")


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("radnom", "unknown split 'radnom'; did you mean random"),
        ("random:3", "split 'random' takes no value, got '3'"),
        ("chronological:0.5", "split 'chronological' takes no value, got '0.5'"),
        ("none:all", "split 'none' takes no value, got 'all'"),
        ("load:7", "split 'load:7' holds out nothing; the records have load 0, 1, 2"),
        ("load", "split 'load:' holds out nothing; the records have load 0, 1, 2"),
        (
            "bearing:0.021x",
            "split 'bearing:0.021x' holds out nothing: .* groups are inner-0, inner-1, inner-2,",
        ),
        ("bearing", "split 'bearing:' holds out nothing"),
        ("bearing:0", "split 'bearing:0' holds out nothing: no class with several groups has a matching one"),
        ("group:normal-0", "split 'group:normal-0' holds out nothing"),
        ("group:iner-1", "split 'group:iner-1': no record is of group 'iner-1'; did you mean inner-1"),
        (
            "group:inner-1,x",
            "split 'group:inner-1,x': no record is of group 'x'; there are: inner-0, inner-1",
        ),
        (
            "group:inner-0,inner-1,inner-2",
            "split 'group:inner-0,inner-1,inner-2' holds out every record of class 'inner'; none is left",
        ),
    ],
)
def test_what_cannot_be_held_out_is_named(spec, message):
    with pytest.raises(ParameterError, match=message):
        split(bearings(), spec)


def test_a_load_at_which_a_class_has_all_its_records_is_refused():
    records = [record("a", load=0), record("a", load=1), record("b", load=1.5)]
    with pytest.raises(ParameterError, match=r"split 'load:1.5' holds out every record of class 'b'"):
        split(examples_of(*records), "load:1.5")
    with pytest.raises(
        ParameterError, match=r"split 'load:9' holds out nothing; the records have load 0, 1, 1.5$"
    ):
        split(examples_of(*records), "load:9")


def test_records_without_a_load_are_said_to_have_none():
    with pytest.raises(ParameterError, match="split 'load:1' holds out nothing; no record says its load$"):
        split(examples_of(record("a"), record("b")), "load:1")


@pytest.mark.parametrize("spec", ["group", "bearing:A"])
def test_one_record_of_each_label_holds_out_nothing(spec):
    with pytest.raises(
        ParameterError, match=f"split '{spec}' holds out nothing: no class with several groups"
    ):
        split(examples_of(record("a", "A"), record("b", "B")), spec)


def test_a_label_with_one_record_is_cut_in_time_and_listed():
    examples = examples_of(record("a", "A"), record("b", "B"), record("b", "C"))
    part = split(examples, "group").tests[-1]
    assert part.leaky_classes == ("a",)
    assert 0 in numbers(part.windows)


@pytest.mark.parametrize("spec", ["random", "chronological", "none", "load:0", "group:A"])
def test_a_class_without_a_training_window_is_named(spec):
    records = [record("a", g, load) for g, load in (("A", 0), ("B", 1), ("C", 1))]
    records += [record("b", g, load, n=19) for g, load in (("A", 0), ("D", 1))]
    with pytest.raises(DatasetError, match=f"split '{spec}': class 'b' has no training window of 20 samples"):
        split(examples_of(*records), spec)


def test_a_class_of_which_there_is_no_record_is_named():
    examples = Examples(name="x", task="t", classes=("a", "b"), records=(record("a"),))
    with pytest.raises(DatasetError, match="split 'random': class 'b' has no training window"):
        split(examples, "random")


@pytest.mark.parametrize(("spec", "n"), [("chronological", 60), ("random", 25), ("load:1", 80)])
def test_a_test_without_a_window_is_refused(spec, n):
    records = [record(c, load=load, n=n if load == 0 else 10) for c in "ab" for load in (0, 1)]
    with pytest.raises(DatasetError, match=f"split '{spec}' has no test window of 20 samples"):
        split(examples_of(*records), spec)


@pytest.fixture(scope="module")
def cwru(cwru_dir):
    return load_dataset("cwru", cwru_dir)


@pytest.fixture(scope="module")
def cwru_split(cwru):
    preparation = Preparation(("DE",), 12_000, (4500, 5000))
    lengths = np.array([preparation.n_samples(r) for r in cwru.records])
    return split_examples(cwru, "bearing:0.014", lengths=lengths, layout=Layout(2048, 1024, 2048), seed=0)


@pytest.mark.data
def test_cwru_holds_out_the_twelve_records_of_14_mil(cwru, cwru_split):
    seen, part = cwru_split.tests

    def files(windows, *labels):
        records = [cwru.records[i] for i in numbers(windows)]
        return sorted(r.conditions["record"] for r in records if r.label in labels)

    assert files(part.windows, "inner") == [169, 170, 171, 172]
    assert files(part.windows, "ball") == [185, 186, 187, 188]
    assert files(part.windows, "outer") == [197, 198, 199, 200]
    assert set(files(part.windows, "normal")) <= {97, 98, 99, 100}
    assert (part.leaky, part.leaky_classes) == (False, ("normal",))
    assert {169, 185, 197}.isdisjoint(files(cwru_split.train, "inner", "ball", "outer"))
    assert numbers(seen.windows) == numbers(cwru_split.train)


@pytest.mark.data
def test_cwru_windows_are_as_many_as_the_samples_give(cwru, cwru_split):
    """Ten seconds at 12 kHz: a window is 2048 of some 121 000 samples, whatever the rate of the file."""
    _, part = cwru_split.tests
    for number, record in enumerate(cwru.records):
        n = -(-record.n_samples * 12_000 // int(record.rate_hz))
        in_test = int((part.windows.record == number).sum())
        in_train = int((cwru_split.train.record == number).sum())
        if record.conditions["size_in"] == 0.014:
            assert (in_test, in_train) == (n // 2048, 0)
        elif record.label == "normal":
            assert in_test == (n - round(0.7 * n) - 1024) // 2048
            assert in_train == (round(0.6 * n) - 2048) // 1024 + 1
        else:
            assert (in_test, in_train) == (0, (round(0.7 * n) - 2048) // 1024 + 1)


@pytest.mark.data
def test_cwru_severities_have_one_bearing_each(cwru_dir):
    """So no bearing can be held out of the task `severity`."""
    examples = load_dataset("cwru", cwru_dir, task="severity")
    with pytest.raises(ParameterError, match=r"split 'bearing:0\.014' holds out nothing"):
        split(examples, "bearing:0.014")
