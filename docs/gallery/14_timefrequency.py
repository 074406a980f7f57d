"""
Time and frequency together
===========================

What happens when, and at which frequency? No map is fine in both: one with the same resolution everywhere
suits tones, one that is quick at high frequencies suits strikes.
"""

import matplotlib.pyplot as plt
import numpy as np

from faultdiag.datasets.gear_rig import Gearbox, GearTrain, simulate_gearbox
from faultdiag.datasets.rig import Assembly, Resonance, simulate_bearing
from faultdiag.kinematics.bearing import Bearing
from faultdiag.signal import (
    log_band_map,
    morlet_scalogram,
    order_map,
    pulse_times,
    speed_from_pulses,
    stft,
)

rate_hz = 12000


def decibels(value: np.ndarray) -> np.ndarray:
    """Return amplitudes in dB below the largest."""
    return 20 * np.log10(value / value.max())


# %%
# A run-up, over Hz and over orders
# ---------------------------------
# In the spectrogram the lines of the gears climb with the speed. In the order map they stand still, however
# the speed changes.

(x, tacho_v), _ = simulate_gearbox(
    gearbox=Gearbox(GearTrain(((20, 55),))), fault="normal", rate_hz=rate_hz, duration_s=30,
    speed_rpm=(600, 1800), rng=np.random.default_rng(11),
)  # fmt: skip
speed_rpm = speed_from_pulses(pulse_times(tacho_v, rate_hz=rate_hz), rate_hz=rate_hz, n_samples=len(x))

figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.6))
time_s, freq_hz, amplitude = stft(x, rate_hz=rate_hz, resolution_hz=5)
left.pcolormesh(time_s, freq_hz, decibels(amplitude), vmin=-50)
left.set(title="spectrogram", xlabel="time / s", ylabel="frequency / Hz", ylim=(0, 2500))
orders = np.arange(0.1, 70, 0.1)
time_s, frame_rpm, amplitude = order_map(
    x, rate_hz=rate_hz, speed_rpm=speed_rpm, orders=orders, resolution_hz=5
)
image = right.pcolormesh(orders, frame_rpm, decibels(amplitude).T, vmin=-50)
right.set(title="order map", xlabel="order", ylabel="speed / rpm")
figure.colorbar(image, ax=[left, right], label="dB")

# %%
# Strikes of a bearing
# --------------------
# 60 ms of an outer race with two resonances. The spectrogram has one resolution; the wavelets of the
# scalogram last six periods each, long below and short above, so that single strikes are upright lines. Bands
# that are even in octaves do the same coarsely, from short spectra: a small picture that suits a network.

x = simulate_bearing(
    bearing=Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04), fault="outer", rate_hz=rate_hz,
    duration_s=1, speed_rpm=1800, snr_db=6, rng=np.random.default_rng(12),
    assembly=Assembly(resonances=(Resonance(1500, 0.05, 1.0), Resonance(4000, 0.03, 1.0))),
)[:720]  # fmt: skip
maps = {
    "spectrogram": stft(x, rate_hz=rate_hz, resolution_hz=200, step_s=0.0005),
    "scalogram": morlet_scalogram(x, rate_hz=rate_hz, band_hz=(700, 5500), step_s=0.0005, n_cycles=6),
    "octave bands": log_band_map(x, rate_hz=rate_hz, band_hz=(800, 5500), resolution_hz=200, per_octave=3),
}
figure, panels = plt.subplots(4, 1, sharex=True, figsize=(8, 8), height_ratios=(2, 3, 3, 3))
panels[0].plot(1e3 * np.arange(len(x)) / rate_hz, x)
panels[0].set(ylabel="acceleration", xlim=(0, 60))
for axes, (label, (time_s, freq_hz, value)) in zip(panels[1:], maps.items(), strict=True):
    amplitude = np.sqrt(value) if label == "octave bands" else value
    image = axes.pcolormesh(1e3 * time_s, freq_hz, decibels(amplitude), vmin=-40)
    if label != "spectrogram":
        axes.set(yscale="log", yticks=[1000, 2000, 4000], yticklabels=[1000, 2000, 4000])
        axes.minorticks_off()
    axes.set(title=label, ylabel="frequency / Hz", ylim=(700, 5500))
panels[-1].set_xlabel("time / ms")
figure.colorbar(image, ax=panels[1:], label="dB")
plt.show()
