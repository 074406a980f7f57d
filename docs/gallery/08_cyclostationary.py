"""
Cyclostationary: what goes up and down together
===============================================

Is there a bearing in a signal that other things dominate? The power of its ringing goes up and down with the
strikes; the spectral coherence asks this of each frequency by itself, however weak it is.
"""

import matplotlib.pyplot as plt
import numpy as np

from faultdiag.datasets.rig import Assembly, Resonance, simulate_bearing
from faultdiag.kinematics.bearing import Bearing
from faultdiag.signal import (
    CyclicMap,
    enhanced_envelope_spectrum,
    line_level_db,
    spectral_coherence,
    spectral_correlation,
    squared_envelope_spectrum,
)

rate_hz, shaft_hz = 12000, 30.0
bearing = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)
rng = np.random.default_rng(6)
x = simulate_bearing(
    bearing=bearing, fault="outer", rate_hz=rate_hz, duration_s=2, speed_rpm=60 * shaft_hz,
    snr_db=-3, assembly=Assembly(resonances=(Resonance(4200, 0.03, 1.0),)), rng=rng,
)  # fmt: skip
fault_hz = bearing.bpfo * shaft_hz

# %%
# A weak bearing at 4.2 kHz beside strong noise at 1.2 kHz
# --------------------------------------------------------
# The noise changes its power slowly and at random, as flow does.

since_s = np.arange(600) / rate_hz
ringing = np.exp(-120 * since_s) * np.sin(2 * np.pi * 1200 * since_s)
swell = 1 + 0.8 * np.sin(np.cumsum(rng.standard_normal(len(x))) * 0.05)
x = x + 1.5 * np.convolve(swell * rng.standard_normal(len(x)), ringing, mode="same")

asked = {"rate_hz": rate_hz, "max_cyclic_hz": 350, "resolution_hz": 100}
maps: dict[str, CyclicMap] = {
    "correlation / dB": spectral_correlation(x, **asked),
    "coherence": spectral_coherence(x, **asked),
}

# %%
# Two maps
# --------
# Across stands how fast the power goes up and down, upwards the frequency at which it does. The correlation
# shows where much power is; in the coherence each frequency counts the same, and the bearing is a row of
# short bars at its fault frequency and the harmonics (marked).

figure, panels = plt.subplots(2, 1, sharex=True, figsize=(8, 5.6))
for axes, (label, found) in zip(panels, maps.items(), strict=True):
    magnitude = np.abs(found.value)
    shown = 10 * np.log10(magnitude) if "dB" in label else magnitude
    start = 10  # below 5 Hz is what changes slowly
    bounds = {"vmin": np.quantile(shown[start:], 0.3), "vmax": np.quantile(shown[start:], 0.9995)}
    image = axes.pcolormesh(found.cyclic_hz[start:], found.freq_hz, shown[start:].T, **bounds)
    axes.plot(fault_hz * np.arange(1, 4), [5700] * 3, "v", color="C1", clip_on=False)
    axes.set(title=f"spectral {label}", ylabel="frequency / Hz", ylim=(0, 6000))
    figure.colorbar(image, ax=axes)
panels[-1].set_xlabel("cyclic frequency / Hz")

# %%
# As one spectrum
# ---------------
# The mean of the coherence over all frequencies is the enhanced envelope spectrum, that over the band of the
# bearing the improved one. The squared envelope spectrum of the whole signal is full of the noise.

coherence = maps["coherence"]
spectra = {
    "squared envelope spectrum": squared_envelope_spectrum(x, rate_hz=rate_hz),
    "enhanced envelope spectrum": enhanced_envelope_spectrum(coherence),
    "improved envelope spectrum": enhanced_envelope_spectrum(coherence, band_hz=(3700, 4700)),
}
figure, panels = plt.subplots(3, 1, sharex=True, figsize=(8, 5))
for axes, (label, (cyclic_hz, value)) in zip(panels, spectra.items(), strict=True):
    axes.plot(cyclic_hz, value, linewidth=0.8)
    for harmonic in range(1, 4):
        axes.axvline(harmonic * fault_hz, color="C1", linestyle="--", linewidth=1, zorder=0)
    level_db = float(line_level_db(cyclic_hz, value, fault_hz))
    top = 1.1 * value[(cyclic_hz > 8) & (cyclic_hz < 350)].max()
    axes.set(title=f"{label}: line {level_db:.0f} dB", xlim=(0, 350), ylim=(0, top), ylabel="magnitude")
panels[-1].set_xlabel("cyclic frequency / Hz")
figure.align_ylabels()
plt.show()
