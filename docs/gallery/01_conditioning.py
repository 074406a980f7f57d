"""
Conditioning: from the converter to mm/s
========================================

What does a recording need before anything is read off it? Faults of the measurement are marked and
filled, drift goes, and the acceleration becomes the velocity that standards speak of.
"""

import matplotlib.pyplot as plt
import numpy as np

from faultdiag import signal
from faultdiag.datasets.rig import Assembly, Resonance, simulate_bearing
from faultdiag.kinematics.bearing import Bearing

rate_hz = 48000
housing = Assembly(resonances=(Resonance(3400, 0.05, 1.0),), shaft_amplitudes=())
vibration_g = 0.05 * simulate_bearing(
    bearing=Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04),
    fault="inner", rate_hz=rate_hz, duration_s=2, speed_rpm=1500,
    snr_db=8, assembly=housing, rng=np.random.default_rng(7),
)  # fmt: skip
time_s = np.arange(len(vibration_g)) / rate_hz

# %%
# Outliers, dropouts, clipping
# ----------------------------
# A transmission error is one sample far off its neighbours, a lost connection a run of one value, and a
# converter that is too small cuts the peaks. Short runs are filled from their neighbours by linear
# prediction; the rest of the record stays as it was.

counts = np.round(np.clip(vibration_g, -1, 1) * 32767)
counts[49450] = 30000
counts[49560:49576] = 0
broken = {
    "outlier": signal.find_outliers(counts),
    "dropout": signal.find_dropouts(counts),
    "clipped": signal.find_clipped(counts),
}
repaired = signal.fill_marked(counts, marked=np.logical_or.reduce(list(broken.values())))

shown = slice(49000, 49800)
figure, (above, below) = plt.subplots(2, 1, sharex=True, sharey=True, figsize=(8, 4.2))
above.plot(1e3 * time_s[shown], counts[shown], color="0.5")
for (name, marked), marker in zip(broken.items(), "sov", strict=True):
    here = np.flatnonzero(marked[shown]) + shown.start
    above.plot(1e3 * time_s[here], counts[here], marker, markersize=4, label=name)
above.legend(loc="lower center", ncols=3)
below.plot(1e3 * time_s[shown], repaired[shown])
above.set(title="as converted", ylabel="counts")
below.set(title="repaired", ylabel="counts", xlabel="time / ms")

# %%
# Acceleration, velocity, displacement
# ------------------------------------
# The shaft moves by 40 µm at 25 Hz, which hardly shows in the acceleration. Each integration lifts low
# frequencies: what lies below ``low_hz`` is taken out, or the drift of the sensor would be all there is. The
# dashed lines are the truth.

turning = 2 * np.pi * 25 * time_s
shaft_g = -40e-6 * (2 * np.pi * 25) ** 2 / 9.80665 * np.sin(turning)
acceleration_g = shaft_g + vibration_g + 0.3 * time_s + 0.2
steady_g = signal.detrend(acceleration_g)
units = {"from_unit": "g", "rate_hz": rate_hz, "low_hz": 10}
velocity = signal.integrate(steady_g, to_unit="mm/s", **units)
displacement = signal.integrate(steady_g, to_unit="um", **units)

rows = (
    ("acceleration / g", signal.bandpass(steady_g, rate_hz=rate_hz, band_hz=(0, 10000)), shaft_g),
    ("velocity / mm/s", velocity, 40e-3 * 2 * np.pi * 25 * np.cos(turning)),
    ("displacement / µm", displacement, 40 * np.sin(turning)),
)
shown = slice(rate_hz, rate_hz + rate_hz // 5)
figure, panels = plt.subplots(3, 1, sharex=True, figsize=(8, 5))
for axes, (label, measured, truth) in zip(panels, rows, strict=True):
    axes.plot(time_s[shown], measured[shown])
    axes.plot(time_s[shown], truth[shown], "--", linewidth=1.5)
    axes.set_ylabel(label)
panels[-1].set_xlabel("time / s")
figure.align_ylabels()

# %%
# Another rate
# ------------
# Every fourth sample of a 9 kHz tone is a tone at 3 kHz that was never there. ``resample`` filters first. A
# long record goes through ``resample_blocks`` in pieces of any size, with the same samples.

x = vibration_g + 0.05 * np.sin(2 * np.pi * 9000 * time_s)
y = signal.resample(x, rate_hz=rate_hz, to_hz=12000)
blocks = list(signal.resample_blocks(np.split(x, 12), rate_hz=rate_hz, to_hz=12000))
print("the same in pieces:", np.array_equal(np.concatenate(blocks), y))
print(f"{len(x)} samples become", signal.resampled_length(len(x), rate_hz=rate_hz, to_hz=12000))

figure, axes = plt.subplots(figsize=(8, 3))
for label, samples, style in (("every fourth sample", x[::4], "C1"), ("resample", y, "C0")):
    freq_hz, amplitude = signal.amplitude_spectrum(samples, rate_hz=12000, resolution_hz=20)
    axes.semilogy(freq_hz, amplitude, style, label=label)
axes.set(xlabel="frequency / Hz", ylabel="amplitude / g", ylim=(1e-5, 1e-1))
axes.legend()
plt.show()
