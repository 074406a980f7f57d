"""
Bands: where to look for a bearing
==================================

Which band of the spectrum carries the strikes? Each of these maps asks another question of every band, and
so errs in another case.
"""

import matplotlib.pyplot as plt
import numpy as np

from faultdiag.datasets.rig import Assembly, Resonance, simulate_bearing
from faultdiag.kinematics.bearing import Bearing
from faultdiag.signal import (
    BandMap,
    autogram,
    fast_kurtogram,
    line_level_db,
    line_map,
    protrugram,
    squared_envelope_spectrum,
)

rate_hz, shaft_hz = 12000, 30.0
bearing = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)
fault_hz = bearing.bpfo * shaft_hz
rng = np.random.default_rng(4)
housing = Assembly(resonances=(Resonance(3400, 0.03, 1.0),), shaft_amplitudes=())
x = simulate_bearing(
    bearing=bearing, fault="outer", rate_hz=rate_hz, duration_s=5, speed_rpm=60 * shaft_hz,
    snr_db=-5, assembly=housing, rng=rng,
)  # fmt: skip

# %%
# A bearing, and two knocks
# -------------------------
# The bearing rings at 3.4 kHz, deep in the noise. Two hard knocks at 1.3 kHz have nothing to do with it.
# There are no tones: they were taken off, for the protrugram would take their lines.

time_s = np.arange(len(x)) / rate_hz
for knock_s in (1.0, 4.1):
    since_s = np.maximum(time_s - knock_s, 0)
    x += 12 * np.exp(-250 * since_s) * np.sin(2 * np.pi * 1300 * since_s)

maps: dict[str, BandMap] = {
    "fast kurtogram": fast_kurtogram(x, rate_hz=rate_hz, n_levels=5),
    "autogram": autogram(x, rate_hz=rate_hz, n_levels=5),
    "line map of the outer race": line_map(x, rate_hz=rate_hz, line_hz=fault_hz, n_levels=4),
}

# %%
# Four maps
# ---------
# Rows are levels from the whole spectrum to narrow bands, the frame is the best band. The kurtogram takes the
# knocks: it asks whether an envelope comes in bursts, and one burst will do. The autogram asks for bursts
# that repeat (in very narrow bands a knock can raise it, too), the line map for a given frequency. The
# protrugram slides a band along and asks for any line.

figure, panels = plt.subplots(2, 2, figsize=(8, 5.6))
for axes, (label, found) in zip(panels.flat, maps.items(), strict=False):
    grid = found.grid()
    image = axes.imshow(grid, aspect="auto", extent=(0, rate_hz / 2, len(grid), 0), interpolation="none")
    figure.colorbar(image, ax=axes)
    level = int(np.flatnonzero((grid == found.value.max()).any(axis=1))[0])
    low_hz, high_hz = found.best_band_hz()
    axes.add_patch(plt.Rectangle((low_hz, level), high_hz - low_hz, 1, fill=False, color="C1", linewidth=2))
    axes.set(title=label, xlabel="frequency / Hz", ylabel="level", yticks=range(0, len(grid) + 1, 2))
    axes.grid(visible=False)
found = maps["protrugram"] = protrugram(x, rate_hz=rate_hz, width_hz=400, step_hz=50)
panels[1, 1].plot((found.low_hz + found.high_hz) / 2, found.value)
panels[1, 1].axvspan(*found.best_band_hz(), color="C1", alpha=0.3, linewidth=0)
panels[1, 1].set(title="protrugram", xlabel="middle of the band / Hz", ylabel="kurtosis of the spectrum")

# %%
# Envelope spectra of the four bands
# ----------------------------------
# The outer race (dashed) shows in the bands of those that were not taken in.

figure, panels = plt.subplots(4, 1, sharex=True, figsize=(8, 6.4))
for axes, (label, found) in zip(panels, maps.items(), strict=True):
    low_hz, high_hz = found.best_band_hz()
    freq_hz, amplitude = squared_envelope_spectrum(x, rate_hz=rate_hz, band_hz=(low_hz, high_hz))
    level_db = float(line_level_db(freq_hz, amplitude, fault_hz))
    axes.plot(freq_hz, amplitude / amplitude[(freq_hz > 5) & (freq_hz < 400)].max(), linewidth=0.8)
    axes.axvline(fault_hz, color="C1", linestyle="--", linewidth=1, zorder=0)
    axes.set_title(f"{label}, {low_hz:.0f} to {high_hz:.0f} Hz: line {level_db:.0f} dB")
    axes.set(xlim=(0, 400), ylim=(0, 1.1), ylabel="relative")
panels[-1].set_xlabel("frequency / Hz")
plt.show()
