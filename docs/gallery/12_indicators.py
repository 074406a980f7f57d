"""
Indicators: one number a window
===============================

Which numbers tell a damaged bearing from a sound one? Indicators sum a window up; how far each of them moves
is seen against how much it scatters anyway.
"""

import matplotlib.pyplot as plt
import numpy as np

from faultdiag import signal
from faultdiag.datasets.gear_rig import Gearbox, GearTrain, simulate_gearbox
from faultdiag.datasets.rig import Assembly, Resonance, simulate_bearing
from faultdiag.kinematics.bearing import Bearing

rate_hz, speed_rpm = 12000, 1800.0
bearing = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)
housing = Assembly(resonances=(Resonance(3400, 0.04, 1.0),))
sound, damaged = (
    simulate_bearing(
        bearing=bearing, fault=fault, rate_hz=rate_hz, duration_s=20, speed_rpm=speed_rpm,
        snr_db=-6, assembly=housing, rng=np.random.default_rng(seed),
    )
    for seed, fault in enumerate(("normal", "outer"))
)  # fmt: skip

# %%
# What each reads
# ---------------
# A tone of amplitude 1 at 100 Hz, and noise of deviation 1. ``indicator_table`` gives all of them at once.

tone = np.sin(2 * np.pi * 100 * np.arange(rate_hz) / rate_hz)
noise = np.random.default_rng(2).standard_normal(rate_hz)
tables = [signal.indicator_table(x, rate_hz=rate_hz) for x in (tone, noise)]
for name, (meaning, _) in signal.INDICATORS.items():
    of_tone, of_noise = (float(table[name]) for table in tables)
    print(f"{name:22} {of_tone:8.2f} {of_noise:8.2f}   {meaning}")

# %%
# Each is a function, too:

amplitudes = (
    signal.mean, signal.standard_deviation, signal.rms, signal.peak, signal.peak_to_peak, signal.skewness,
    signal.kurtosis, signal.crest_factor, signal.shape_factor, signal.impulse_factor,
    signal.clearance_factor, signal.amplitude_entropy, signal.hjorth_activity, signal.hjorth_complexity,
    signal.spectral_skewness, signal.spectral_kurtosis, signal.spectral_entropy,
)  # fmt: skip
frequencies = (
    signal.spectral_centroid_hz, signal.spectral_spread_hz, signal.rms_frequency_hz,
    signal.hjorth_mobility_hz,
)  # fmt: skip

# %%
# Which of them see the bearing
# -----------------------------
# 117 windows of each record. The bar is the difference of the means, in standard deviations of the sound
# windows: below 2 a single window says nothing.

windows = np.stack([x[: len(x) // 2048 * 2048].reshape(-1, 2048) for x in (sound, damaged)])
values = {f.__name__: f(windows) for f in amplitudes}
values |= {f.__name__: f(windows, rate_hz=rate_hz) for f in frequencies}
moved = {name: (v[1].mean() - v[0].mean()) / v[0].std() for name, v in values.items()}
order = sorted(moved, key=lambda name: moved[name])

figure, axes = plt.subplots(figsize=(8, 4.6))
axes.barh(order, [moved[name] for name in order])
axes.axvspan(-2, 2, color="0.9", zorder=0)
axes.set(xlabel="damaged less sound / deviations of sound windows")

# %%
# In bands where faults show
# --------------------------
# The geometry says where to look: around the fault frequencies of a bearing in the squared envelope, around
# the mesh of a gear and its sidebands in the spectrum.

bands_hz = signal.bearing_bands(bearing, speed_rpm=speed_rpm, n_harmonics=1)
edges_hz = np.concatenate(list(bands_hz.values()))
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.2), width_ratios=(2, 3))
for offset, (label, x) in enumerate((("sound", sound), ("damaged", damaged))):
    squared = signal.analytic_envelope(x, rate_hz=rate_hz, band_hz=(2400, 4400)) ** 2
    found: signal.BandMetrics = signal.band_metrics(squared, rate_hz=rate_hz, bands_hz=edges_hz)
    left.bar(np.arange(4) + 0.4 * offset - 0.2, found.peak_amplitude, 0.4, label=label)
left.set_xticks(range(4), bands_hz)
left.set(ylabel="peak of the squared envelope", title="bearing, bands of 1 %")
left.legend()

(gears, _), _ = simulate_gearbox(
    gearbox=Gearbox(GearTrain(((20, 55),))), fault="wear", rate_hz=rate_hz, duration_s=10,
    speed_rpm=speed_rpm, wander=0, rng=np.random.default_rng(3),
)  # fmt: skip
freq_hz, amplitude = signal.amplitude_spectrum(gears, rate_hz=rate_hz)
right.semilogy(freq_hz, amplitude, linewidth=0.7)
gear_hz = signal.gear_bands(20, speed_rpm=speed_rpm, n_harmonics=1, n_sidebands=3)
for (part, edges_hz), colour in zip(gear_hz.items(), ("C4", "C3"), strict=True):
    for low_hz, high_hz in edges_hz:
        right.axvspan(low_hz, high_hz, color=colour, alpha=0.3, linewidth=0)
    power = signal.band_metrics(gears, rate_hz=rate_hz, bands_hz=edges_hz).power.sum()
    right.plot([], [], color=colour, linewidth=6, alpha=0.3, label=f"{part}: power {power:.2f}")
right.set(xlim=(450, 750), ylim=(1e-3, 200), xlabel="frequency / Hz", ylabel="amplitude", title="worn gear")
right.legend(loc="upper right", frameon=True)
plt.show()
