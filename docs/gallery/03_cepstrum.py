"""
Cepstrum: families of lines, found and taken out
================================================

Which lines of a spectrum belong together? A damaged tooth fills the spectrum with harmonics of its shaft; in
the cepstrum the family is one row of peaks. There it can be taken out, and what it hid comes to light.
"""

import matplotlib.pyplot as plt
import numpy as np

from faultdiag.datasets.gear_rig import Gearbox, GearTrain, simulate_gearbox
from faultdiag.datasets.rig import Assembly, Resonance, simulate_bearing
from faultdiag.kinematics.bearing import Bearing
from faultdiag.signal import (
    amplitude_spectrum,
    cepstrum_prewhitened,
    comb_liftered,
    real_cepstrum,
    short_pass_liftered,
    squared_envelope_spectrum,
)

rate_hz, shaft_hz = 12000, 25.0
rng = np.random.default_rng(3)
common = {"rate_hz": rate_hz, "duration_s": 8, "speed_rpm": 60 * shaft_hz, "rng": rng}
bearing = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)
gearbox = Gearbox(GearTrain(((20, 55),)), impact=40, resonances=(Resonance(2300, 0.05, 1.0),))
(gears, _), _ = simulate_gearbox(gearbox=gearbox, fault="tooth", wander=0, **common)
housing = Assembly(resonances=(Resonance(3400, 0.05, 1.0),))
x = gears + simulate_bearing(bearing=bearing, fault="outer", snr_db=-3, assembly=housing, **common)

# %%
# One row of peaks a family
# -------------------------
# Lines 25 Hz apart are peaks at 40 ms and its multiples (marked): the shaft with the damaged tooth. The peaks
# at 11 ms and its multiples are the bearing's, 89 Hz apart.

figure, (above, below) = plt.subplots(2, 1, figsize=(8, 4.6))
freq_hz, amplitude = amplitude_spectrum(x, rate_hz=rate_hz, resolution_hz=1)
above.semilogy(freq_hz, amplitude, linewidth=0.7)
above.set(xlim=(0, 3000), ylim=(1e-2, 5), xlabel="frequency / Hz", ylabel="amplitude")
quefrency_s, cepstrum = real_cepstrum(x, rate_hz=rate_hz)
below.plot(1e3 * quefrency_s, cepstrum, linewidth=0.7)
below.plot(1e3 * np.arange(1, 6) / shaft_hz, np.full(5, 0.055), "v", color="C1", label="turns of the shaft")
below.set(xlim=(0, 220), ylim=(-0.03, 0.08), xlabel="quefrency / ms", ylabel="cepstrum")
below.legend(loc="upper right")

# %%
# Edits
# -----
# A comb through these peaks takes the family out of the signal. What is below a quefrency of 2 ms is the
# structure, without any line.

liftered = comb_liftered(x, rate_hz=rate_hz, period_s=1 / shaft_hz, half_width_s=5e-4)
smooth = short_pass_liftered(x, rate_hz=rate_hz, cutoff_s=2e-3)
edited = {"signal": x, "without the shaft's family": liftered, "short quefrencies only": smooth}
figure, axes = plt.subplots(figsize=(8, 3.2))
for (label, samples), colour in zip(edited.items(), ("0.7", "C0", "C1"), strict=True):
    freq_hz, amplitude = amplitude_spectrum(samples, rate_hz=rate_hz, resolution_hz=2)
    axes.semilogy(freq_hz, amplitude, color=colour, linewidth=0.8, label=label)
axes.set(xlim=(0, 3000), ylim=(1e-2, 5), xlabel="frequency / Hz", ylabel="amplitude")
axes.legend(ncols=3)

# %%
# Envelopes after the edit
# ------------------------
# In the envelope spectrum of the signal the tooth covers everything; without its family the strikes of the
# outer race (dashed) are left. Prewhitening is the most thorough edit: it makes all magnitudes equal, and
# needs no parameter. What repeats exactly is lines, and these sink into the floor; the strikes of a bearing
# slip a little, and stay.

edited = {"signal": x, "without the shaft's family": liftered, "prewhitened": cepstrum_prewhitened(x)}
figure, panels = plt.subplots(3, 1, sharex=True, figsize=(8, 5.4))
for axes, (label, samples) in zip(panels, edited.items(), strict=True):
    freq_hz, amplitude = squared_envelope_spectrum(samples, rate_hz=rate_hz)
    axes.plot(freq_hz, amplitude, linewidth=0.8)
    for harmonic in range(1, 4):
        axes.axvline(harmonic * bearing.bpfo * shaft_hz, color="C1", linestyle="--", linewidth=1, zorder=0)
    top = 1.1 * amplitude[(freq_hz > 5) & (freq_hz < 320)].max()
    axes.set(title=label, xlim=(0, 320), ylim=(0, top), ylabel="squared envelope")
panels[-1].set_xlabel("frequency / Hz")
figure.align_ylabels()
plt.show()
