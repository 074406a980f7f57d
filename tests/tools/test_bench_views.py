"""The groups of the views: all of them, with a goal by their rank."""

import bench_views

from faultdiag.views.table import VIEWS


def test_every_view_of_a_signal_has_a_row_with_the_goal_of_its_rank():
    groups = bench_views.groups()
    assert set(groups) == {f"views {name}" for name in VIEWS} - {"views image"}
    goals = {name: group.rows[0].goal for name, group in groups.items()}
    assert (goals["views raw"], goals["views envelope_spectrum"]) == (1 / 200, 1 / 200)
    assert (goals["views stft"], goals["views cyclic_map"]) == (1 / 50, 1 / 50)


def test_a_step_makes_one_batch_of_tensors():
    tensors = bench_views._prepare("spectrum")()
    assert len(tensors) == bench_views.N_WINDOWS
    assert tensors.dtype == "float32"
    assert bench_views.groups()["views spectrum"].sides["real time"] == 256 * 2048 / 12000
