"""
Deconvolution: undo the way to the sensor
=========================================

What did the strikes look like before the housing smeared them? Nobody knows the way from the bearing to the
sensor, so a filter is sought whose output is as impulsive, or as periodic, as can be.
"""

import matplotlib.pyplot as plt
import numpy as np

from faultdiag.datasets.rig import Assembly, Resonance, simulate_bearing
from faultdiag.kinematics.bearing import Bearing
from faultdiag.signal import (
    Deconvolved,
    cyclostationary_deconvolution,
    minimum_entropy_deconvolution,
    momeda,
    squared_envelope_spectrum,
)

rate_hz, shaft_hz = 12000, 25.0
bearing = Bearing("6205", n_balls=9, ball_mm=7.94, pitch_mm=39.04)
housing = Assembly(
    resonances=(Resonance(1900, 0.04, 1.0), Resonance(3700, 0.03, 1.0)), shaft_amplitudes=(), slip=0.001
)
x = simulate_bearing(
    bearing=bearing, fault="outer", rate_hz=rate_hz, duration_s=2, speed_rpm=60 * shaft_hz,
    snr_db=-4, assembly=housing, rng=np.random.default_rng(5),
)  # fmt: skip
fault_hz = bearing.bpfo * shaft_hz

# %%
# Three criteria
# --------------
# MED makes the kurtosis as large as it gets, and needs to know nothing. MOMEDA wants one impulse a period.
# CYCBD wants power that goes up and down at a cyclic frequency, and does not mind strikes that slip.

found: dict[str, Deconvolved] = {
    "MED, kurtosis": minimum_entropy_deconvolution(x, n_taps=60),
    "MOMEDA, cosine": momeda(x, rate_hz=rate_hz, period_s=1 / fault_hz, n_taps=200),
    "CYCBD, cyclic power": cyclostationary_deconvolution(x, rate_hz=rate_hz, cyclic_hz=fault_hz, n_taps=60),
}
outputs = {"signal": x / x.std()}
outputs |= {f"{name} {float(output.score):.2f}": output.samples for name, output in found.items()}

figure, panels = plt.subplots(4, 1, sharex=True, figsize=(8, 6))
for axes, (label, samples) in zip(panels, outputs.items(), strict=True):
    axes.plot(np.arange(len(samples)) / rate_hz, samples, linewidth=0.8)
    axes.set(title=label, xlim=(0.8, 0.95), ylabel="x / deviation")
panels[-1].set_xlabel("time / s")
figure.align_ylabels()

# %%
# What it is worth
# ----------------
# A long filter can make an impulse, or a line, out of anything. So ask whether what came out repeats, and do
# the same at frequencies that have no reason to be there: on the right is the score of 37 of them. Only the
# true one (dashed) may stand out, as it does.

figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.2), width_ratios=(3, 2))
for label, samples in (("CYCBD", found["CYCBD, cyclic power"].samples), ("signal", x / x.std())):
    freq_hz, amplitude = squared_envelope_spectrum(samples, rate_hz=rate_hz)
    left.plot(freq_hz, amplitude, linewidth=0.8, label=label)
left.set(xlim=(0, 300), ylim=(0, None), xlabel="frequency / Hz", ylabel="squared envelope")
left.legend()
candidates_hz = fault_hz + np.arange(-18, 19) * 0.5
scores = [
    float(cyclostationary_deconvolution(x, rate_hz=rate_hz, cyclic_hz=at_hz, n_taps=60).score)
    for at_hz in candidates_hz
]
right.plot(candidates_hz, scores, ".-")
right.axvline(fault_hz, color="C1", linestyle="--", linewidth=1, zorder=0)
right.set(xlabel="cyclic frequency asked for / Hz", ylabel="score of CYCBD", ylim=(0, None))
plt.show()
