"""
Separation: gears here, bearing there
=====================================

How can the tones of shafts and gears be taken off a signal without knowing them? They can be predicted
from the past, however long ago; the strikes of a bearing cannot, since its balls slip a little.
"""

import matplotlib.pyplot as plt
import numpy as np

from faultdiag.datasets.gear_rig import Gearbox, GearTrain, simulate_gearbox
from faultdiag.datasets.rig import Assembly, Resonance, simulate_bearing
from faultdiag.kinematics.bearing import Bearing
from faultdiag.signal import (
    amplitude_spectrum,
    discrete_random_separation,
    kurtosis,
    line_level_db,
    prediction_coefficients,
    prediction_order,
    prediction_residual,
    self_adaptive_noise_cancellation,
    squared_envelope_spectrum,
)

rate_hz, shaft_hz = 12000, 25.0
rng = np.random.default_rng(3)
common = {"rate_hz": rate_hz, "duration_s": 20, "speed_rpm": 60 * shaft_hz, "rng": rng}
bearing = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)
gearbox = Gearbox(GearTrain(((20, 55),)), tooth_error=0.1)
(gears, _), _ = simulate_gearbox(gearbox=gearbox, fault="normal", wander=0, **common)
housing = Assembly(resonances=(Resonance(3400, 0.05, 1.0),), shaft_amplitudes=())
x = gears + simulate_bearing(bearing=bearing, fault="outer", snr_db=0, assembly=housing, **common)

# %%
# Two parts that add up to the signal
# -----------------------------------
# The discrete part holds the mesh and its sidebands with their levels, the random part the rest: the floor,
# and the bump at 3.4 kHz where the bearing rings.

discrete, random = discrete_random_separation(x, n_block=8192)
figure, panels = plt.subplots(2, 1, sharex=True, sharey=True, figsize=(8, 4.2))
for axes, label, part in zip(panels, ("discrete", "random"), (discrete, random), strict=True):
    for samples, colour, name in ((x, "0.75", "signal"), (part, "C0", f"{label} part")):
        freq_hz, amplitude = amplitude_spectrum(samples, rate_hz=rate_hz, resolution_hz=2)
        axes.semilogy(freq_hz, amplitude, color=colour, linewidth=0.8, label=name)
    axes.set(xlim=(0, 5000), ylim=(1e-4, 5), ylabel="amplitude")
    axes.legend(ncols=2)
panels[-1].set_xlabel("frequency / Hz")

# %%
# Three ways
# ----------
# An adaptive filter (SANC) learns the tones as it goes and follows a speed that drifts. Linear prediction
# looks back over few samples only: it takes tones and resonances off and leaves what is new, at the order
# whose residual is the most impulsive. The dashed line is the outer race; how far it stands out is said.

_, adaptive = self_adaptive_noise_cancellation(x)
order = int(prediction_order(x))
residual = prediction_residual(x, order=order)
print(f"order {order}: {len(prediction_coefficients(x, order=order))} coefficients")

fault_hz = bearing.bpfo * shaft_hz
parts = {
    "signal": x,
    "random part": random,
    "adaptive cancellation": adaptive,
    "prediction residual": residual,
}
figure, panels = plt.subplots(4, 1, sharex=True, figsize=(8, 6.4))
for axes, (label, samples) in zip(panels, parts.items(), strict=True):
    freq_hz, amplitude = squared_envelope_spectrum(samples, rate_hz=rate_hz)
    level_db = float(line_level_db(freq_hz, amplitude, fault_hz))
    axes.plot(freq_hz, amplitude, linewidth=0.8)
    axes.axvline(fault_hz, color="C1", linestyle="--", linewidth=1, zorder=0)
    axes.set_title(f"{label}: kurtosis {float(kurtosis(samples)):.1f}, line {level_db:.0f} dB")
    top = 1.2 * amplitude[(freq_hz > 5) & (freq_hz < 300)].max()
    axes.set(xlim=(0, 300), ylim=(0, top), ylabel="sq. envelope")
panels[-1].set_xlabel("frequency / Hz")
figure.align_ylabels()
plt.show()
