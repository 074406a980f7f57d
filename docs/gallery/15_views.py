"""
Views: what a network sees
==========================

Which picture of a window does a network get? A view is fitted on training windows and then makes a tensor of
any window, of rank 1 or 2. :doc:`/views` shows all of them side by side.
"""

import matplotlib.pyplot as plt
import numpy as np

from faultdiag.datasets.rig import Assembly, Resonance, simulate_bearing
from faultdiag.kinematics.bearing import Bearing
from faultdiag.views.make import fit_view
from faultdiag.views.table import VIEWS

rate_hz = 12000
bearing = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)
housing = Assembly(resonances=(Resonance(3400, 0.04, 1.0),))


def cut_windows(speed_rpm: float) -> np.ndarray:
    """Return 50 windows ``[n, channels, length]`` of a bearing with a damaged inner race."""
    x = simulate_bearing(
        bearing=bearing, fault="inner", rate_hz=rate_hz, duration_s=10, speed_rpm=speed_rpm,
        snr_db=0, assembly=housing, rng=np.random.default_rng(13),
    )  # fmt: skip
    return x[: 50 * 2048].reshape(50, 1, 2048).astype(np.float32)


# %%
# Shapes
# ------
# Channels come last. Several views of one size become channels of one tensor.

windows = cut_windows(1800)
names = [name for name in VIEWS if name != "image"]
for name in [*names, "raw+raw_prewhitened"]:
    view = fit_view(name, windows, rate_hz=rate_hz, options={})
    print(f"{name:20} {view.shape!s:16} {'needs the speed' if view.needs_speed else ''}")

# %%
# In orders or in Hz
# ------------------
# The mean tensor of the same bearing at two speeds. In orders the lines of the inner race (dashed) stay where
# they are: what was learnt at one speed holds at another. In Hz no speed has to be known, and the lines move.

speeds_rpm = (1200.0, 1800.0)
figure, panels = plt.subplots(2, 1, figsize=(8, 4.6))
for axes, unit, last in zip(panels, ("order", "hz"), (20, 600), strict=True):
    view = fit_view("envelope_spectrum", windows, rate_hz=rate_hz, options={"axis": unit})
    points = view.step * np.arange(1, view.shape[0] + 1)
    for speed_rpm in speeds_rpm:
        tensors = view(cut_windows(speed_rpm), rate_hz, speed_rpm)
        axes.plot(points, tensors.mean(axis=0)[:, 0], label=f"{speed_rpm:.0f} rpm")
    axes.set(
        xlabel="order" if unit == "order" else "frequency / Hz", xlim=(0, last), ylabel="over background"
    )
for harmonic in range(1, 4):
    panels[0].axvline(harmonic * bearing.bpfi, color="0.4", linestyle="--", linewidth=1, zorder=0)
panels[1].legend()

# %%
# Where in frequency
# ------------------
# Two views also tell in which band the bearing rings: six envelope spectra, and the cyclic map. Each window
# is normalised by itself, so that no level gives a bearing away.

figure, panels = plt.subplots(2, 1, sharex=True, figsize=(8, 5))
for axes, name in zip(panels, ("multiband_envelope", "cyclic_map"), strict=True):
    view = fit_view(name, windows, rate_hz=rate_hz, options={"last": 12.0})
    mean = view(windows, rate_hz, 1800.0).mean(axis=0)
    picture = mean.T if mean.ndim == 2 else mean[..., 0]
    image = axes.imshow(
        picture, origin="lower", aspect="auto", extent=(0, 12, 0, rate_hz / 2), interpolation="none"
    )
    axes.set(title=name, ylabel="frequency / Hz")
    axes.grid(visible=False)
    figure.colorbar(image, ax=axes)
panels[-1].set_xlabel("order")
plt.show()
