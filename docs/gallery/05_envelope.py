"""
Envelope: how often something strikes
=====================================

Does a bearing strike, and which part of it? The housing rings after each strike; the ringing is too fast
to show the pace of the strikes, its envelope is not.
"""

import matplotlib.pyplot as plt
import numpy as np

from faultdiag.datasets.rig import Assembly, Resonance, simulate_bearing
from faultdiag.kinematics.bearing import Bearing
from faultdiag.signal import (
    amplitude_spectrum,
    analytic_envelope,
    line_level_db,
    log_envelope_spectrum,
    squared_envelope_spectrum,
)

rate_hz, shaft_hz = 12000, 30.0
bearing = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)
housing = Assembly(resonances=(Resonance(3400, 0.04, 1.0),))
x = simulate_bearing(
    bearing=bearing, fault="inner", rate_hz=rate_hz, duration_s=5, speed_rpm=60 * shaft_hz,
    snr_db=2, assembly=housing, rng=np.random.default_rng(1),
)  # fmt: skip
time_s = np.arange(len(x)) / rate_hz
band_hz = (2400, 4400)

# %%
# Ringing and its envelope
# ------------------------
# The inner race strikes 5.4 times a turn, loud when the damage passes through the load zone below and hardly
# at all above: bursts of strikes, a burst a turn.

envelope = analytic_envelope(x, rate_hz=rate_hz, band_hz=band_hz)
figure, axes = plt.subplots(figsize=(8, 2.8))
axes.plot(1e3 * time_s, x, color="0.7", linewidth=0.7, label="signal")
axes.plot(1e3 * time_s, envelope, linewidth=1.5, label=f"envelope, {band_hz[0]} to {band_hz[1]} Hz")
axes.set(xlim=(1000, 1100), xlabel="time / ms", ylabel="acceleration", ylim=(-17, 15))
axes.legend(ncols=2, loc="lower left")

# %%
# Its spectrum
# ------------
# The plain spectrum shows the resonance. The squared envelope spectrum has lines at the fault frequency and
# its harmonics (dashed), sidebands a shaft frequency beside them, and the shaft itself at 30 Hz: an inner
# race.

figure, (above, below) = plt.subplots(2, 1, figsize=(8, 4.8))
freq_hz, amplitude = amplitude_spectrum(x, rate_hz=rate_hz, resolution_hz=2)
above.plot(freq_hz, amplitude, linewidth=0.8)
above.axvspan(*band_hz, color="C4", alpha=0.2, linewidth=0)
above.set(xlim=(0, 6000), xlabel="frequency / Hz", ylabel="amplitude", title="spectrum, with the band")
freq_hz, amplitude = squared_envelope_spectrum(x, rate_hz=rate_hz, band_hz=band_hz)
below.plot(freq_hz, amplitude, linewidth=0.8)
for harmonic in range(1, 4):
    at_hz = harmonic * bearing.bpfi * shaft_hz
    level_db = float(line_level_db(freq_hz, amplitude, at_hz))
    below.axvline(at_hz, color="C1", linestyle="--", linewidth=1, zorder=0)
    below.annotate(f"{level_db:.0f} dB", (at_hz + 3, 5.2), color="C1")
below.set(xlim=(0, 550), ylim=(0, 5.8), xlabel="frequency / Hz", ylabel="squared envelope")
below.set_title("squared envelope spectrum: lines over their surroundings")

# %%
# When something else knocks
# --------------------------
# A few hard knocks, such as a door or a forklift, fill the squared envelope spectrum. The logarithm makes
# them small, and the lines come back.

rng = np.random.default_rng(2)
knocked = x.copy()
for start in rng.integers(0, len(x) - 400, 6):
    knocked[start : start + 400] += 60 * np.exp(-np.arange(400) / 60) * rng.standard_normal(400)

figure, panels = plt.subplots(2, 1, sharex=True, figsize=(8, 4.2))
for axes, spectrum in zip(panels, (squared_envelope_spectrum, log_envelope_spectrum), strict=True):
    freq_hz, amplitude = spectrum(knocked, rate_hz=rate_hz, band_hz=band_hz)
    level_db = float(line_level_db(freq_hz, amplitude, bearing.bpfi * shaft_hz))
    axes.plot(freq_hz, amplitude, linewidth=0.8)
    axes.axvline(bearing.bpfi * shaft_hz, color="C1", linestyle="--", linewidth=1, zorder=0)
    axes.set(xlim=(0, 550), ylim=(0, None), ylabel="amplitude")
    axes.set_title(f"{spectrum.__name__.replace('_', ' ')}: line {level_db:.0f} dB")
panels[-1].set_xlabel("frequency / Hz")
plt.show()
