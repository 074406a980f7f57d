"""
Tachometer and angle: a speed that varies
=========================================

How do you look at a machine that runs up? Lines that follow the speed smear in a spectrum over Hz. Sampled
at even steps of shaft angle they stand still.
"""

import matplotlib.pyplot as plt
import numpy as np

from faultdiag.datasets.gear_rig import Gearbox, GearTrain, simulate_gearbox
from faultdiag.signal import (
    amplitude_spectrum,
    angular_resample,
    angular_spectrum,
    order_spectrum,
    pulse_times,
    remove_synchronous,
    speed_from_pulses,
    synchronous_average,
    turns_from_pulses,
    turns_from_speed,
)

rate_hz = 12000
(x, tacho_v), true_turns = simulate_gearbox(
    gearbox=Gearbox(GearTrain(((20, 55),))), fault="tooth", rate_hz=rate_hz, duration_s=20,
    speed_rpm=(900, 1500), severity=0.5, rng=np.random.default_rng(8),
)  # fmt: skip
time_s = np.arange(len(x)) / rate_hz

# %%
# From pulses to speed and angle
# ------------------------------
# One pulse a turn: the angle at every sample is a spline through the pulses. The error against the true angle
# is that of the edges, which are steeper than a sample.

pulses_s = pulse_times(tacho_v, rate_hz=rate_hz)
pulsed = {"rate_hz": rate_hz, "n_samples": len(x), "pulses_per_turn": 1}
speed_rpm = speed_from_pulses(pulses_s, **pulsed)
turns = turns_from_pulses(pulses_s, **pulsed)

figure, (left, middle, right) = plt.subplots(1, 3, figsize=(8, 2.8))
left.plot(time_s, tacho_v)
left.plot(pulses_s, np.full(len(pulses_s), 2.5), "o", markersize=4)
left.set(xlim=(2, 2.25), xlabel="time / s", ylabel="tachometer / V")
middle.plot(time_s, speed_rpm)
middle.set(xlabel="time / s", ylabel="speed / rpm")
error_deg = 360 * (turns - true_turns)
right.plot(time_s, error_deg - error_deg.mean())
right.set(xlabel="time / s", ylabel="error of the angle / °", ylim=(-0.1, 0.1))

# %%
# Orders
# ------
# The spectrum over Hz shows smeared humps. Over orders the mesh is one line at 20, with its harmonics, and
# the damaged tooth is sidebands one order apart.

samples_per_turn = 256
angular = angular_resample(x, rate_hz=rate_hz, turns=turns, samples_per_turn=samples_per_turn)
order, amplitude = angular_spectrum(angular, samples_per_turn=samples_per_turn)

figure, (above, below) = plt.subplots(2, 1, figsize=(8, 4.4))
freq_hz, smeared = amplitude_spectrum(x, rate_hz=rate_hz, resolution_hz=0.5)
above.semilogy(freq_hz, smeared, linewidth=0.7)
above.set(xlim=(0, 1600), ylim=(5e-3, 4), xlabel="frequency / Hz", ylabel="amplitude")
below.semilogy(order, amplitude, linewidth=0.7)
below.set(xlim=(0, 64), ylim=(5e-3, 4), xlabel="order", ylabel="amplitude")

# %%
# In one step, and from a known speed where there is no tachometer:

order, from_speed = order_spectrum(x, rate_hz=rate_hz, speed_rpm=speed_rpm, max_order=64)
print(f"mesh: {amplitude.max():.3f} from the angle, {from_speed.max():.3f} from the speed")
print(f"{turns_from_speed(speed_rpm, rate_hz=rate_hz)[-1]:.1f} turns")

# %%
# The mean turn
# -------------
# What turns with the shaft is left when turns are averaged. The damaged tooth disturbs the mesh once a turn.
# Without the mean turn noise remains, the second shaft, and some of the ringing after the bad tooth, which
# keeps to time and not to angle.

average, n_turns = synchronous_average(angular, samples_per_turn=samples_per_turn)
rest = remove_synchronous(angular, samples_per_turn=samples_per_turn)
angle_deg = 360 * np.arange(samples_per_turn) / samples_per_turn
figure, (above, below) = plt.subplots(2, 1, sharex=True, sharey=True, figsize=(8, 4))
above.plot(angle_deg, angular[: 8 * samples_per_turn].reshape(8, -1).T, color="0.8", linewidth=0.7)
above.plot(angle_deg, average)
above.set(title=f"eight turns, and the mean of {n_turns}", ylabel="acceleration")
below.plot(angle_deg, rest[: 8 * samples_per_turn].reshape(8, -1).T, color="0.6", linewidth=0.7)
below.set(title="what is left of these turns", ylabel="acceleration", xlabel="angle / °", xlim=(0, 360))
plt.show()
