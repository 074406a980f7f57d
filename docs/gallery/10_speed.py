"""
Speed without a tachometer
==========================

How fast does the machine turn, if nobody measured it? The lines in the spectrum say so, once one knows at
which orders to expect them.
"""

import matplotlib.pyplot as plt
import numpy as np

from faultdiag.datasets.gear_rig import Gearbox, GearTrain, simulate_gearbox
from faultdiag.datasets.rig import Assembly, Resonance, simulate_bearing
from faultdiag.kinematics.bearing import Bearing
from faultdiag.signal import refine_speed, stft, track_speed

rate_hz = 12000

# %%
# Near a nominal speed
# --------------------
# The nameplate says 1772 rpm. The comb of the shaft's harmonics stands out most at the true speed; how far is
# said in dB, for noise reaches 6 dB by itself. Each point is a search of its own, up to 2 % around a nominal
# speed (grey line). At the wrong end of a wide range the same comb finds nothing.

housing = Assembly(resonances=(Resonance(3400, 0.05, 1.0),), shaft_amplitudes=(0.3, 0.2, 0.2, 0.1, 0.1))
x = simulate_bearing(
    bearing=Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04), fault="normal", rate_hz=rate_hz,
    duration_s=10, speed_rpm=1786.4, snr_db=0, assembly=housing, rng=np.random.default_rng(9),
)  # fmt: skip
nominal_rpm = np.arange(1640, 1960, 12.0)
found_rpm, level_db = np.transpose(
    [
        refine_speed(x, rate_hz=rate_hz, speed_rpm=rpm, orders=np.arange(1, 6), tolerance=0.02)
        for rpm in nominal_rpm
    ]
)
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
for axes, value, label in (
    (left, found_rpm, "speed found / rpm"),
    (right, level_db, "level of the comb / dB"),
):
    axes.plot(nominal_rpm, value, "o", markersize=4)
    axes.set(xlabel="nominal speed / rpm", ylabel=label)
left.axhline(1786.4, color="C1", linestyle="--")
left.plot(nominal_rpm, nominal_rpm, color="0.7", zorder=0)
right.set(ylim=(0, None))

# %%
# Over time
# ---------
# A gearbox runs up in strong noise, and nothing is known but the range of its speed and its 20 teeth. In the
# spectrogram the mesh can just be seen to climb; ``track_speed`` reads the speed off all orders at once, and
# says how certain it is.

(x, _), turns = simulate_gearbox(
    gearbox=Gearbox(GearTrain(((20, 55),))), fault="normal", rate_hz=rate_hz, duration_s=20,
    speed_rpm=(900, 1500), wander=0.02, rng=np.random.default_rng(10),
)  # fmt: skip
x = x + 20 * np.random.default_rng(0).standard_normal(len(x))
true_rpm = 60 * rate_hz * np.gradient(turns)
time_s, speed_rpm, certainty = track_speed(
    x, rate_hz=rate_hz, range_rpm=(800, 1580), orders=[1, 2, 20, 40, 60], window_s=0.5, slope_rpm_s=60
)

figure, (above, below) = plt.subplots(2, 1, sharex=True, figsize=(8, 5.4), height_ratios=(3, 2))
frame_s, freq_hz, amplitude = stft(x, rate_hz=rate_hz, resolution_hz=10)
level_db = 20 * np.log10(amplitude / amplitude.max())
image = above.pcolormesh(frame_s, freq_hz, level_db, vmin=-30, vmax=0)
above.set(ylim=(0, 1800), ylabel="frequency / Hz")
figure.colorbar(image, ax=above, label="dB")
points = below.scatter(time_s, speed_rpm, c=certainty, s=16, vmin=0, vmax=1)
below.plot(np.arange(len(x)) / rate_hz, true_rpm, color="C1", label="true speed")
below.set(xlabel="time / s", ylabel="speed / rpm")
below.legend(loc="upper left")
figure.colorbar(points, ax=below, label="certainty")
error = np.abs(speed_rpm / np.interp(time_s, np.arange(len(x)) / rate_hz, true_rpm) - 1)
print(f"median error {100 * np.median(error):.2f} %, largest {100 * error.max():.2f} %")
plt.show()
