"""
Severity zones: how bad is the vibration
========================================

May the machine run on? ISO 20816-3 judges the broadband velocity of the housing by zones, after the size of
the machine and its foundation.
"""

import matplotlib.pyplot as plt
import numpy as np

from faultdiag.signal import IndustrialMachine, integrate, severity_zone, velocity_rms

# %%
# A motor of 55 kW on a rigid foundation. A machine outside the scope of the standard is refused.

motor = IndustrialMachine(power_kw=55, speed_rpm=1480, support="rigid")
low, middle, high = motor.boundaries_mm_s
print(f"group {motor.group}, {motor.band_hz[0]:g} to {motor.band_hz[1]:g} Hz, {low}, {middle}, {high} mm/s")

# %%
# Twelve weeks
# ------------
# The balance gets worse from week to week. Acceleration is integrated to velocity, whose RMS in the band of
# the machine falls into a zone: A as new, B fit for long service, C for a limited time only, D may do damage.

rate_hz = 6000
time_s = np.arange(10 * rate_hz) / rate_hz
rng = np.random.default_rng(0)
unbalance_mm_s = 1.2 * 1.18 ** np.arange(12)[:, None]
turning = 2 * np.pi * motor.speed_rpm / 60
acceleration = 1e-3 * unbalance_mm_s * turning * np.cos(turning * time_s)
acceleration += rng.standard_normal(acceleration.shape)

velocity = integrate(acceleration, rate_hz=rate_hz, from_unit="m/s2", to_unit="mm/s", low_hz=motor.band_hz[0])
rms_mm_s = velocity_rms(velocity, rate_hz=rate_hz, band_hz=motor.band_hz)
zones = severity_zone(rms_mm_s, machine=motor)

figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.4), width_ratios=(2, 3))
shown = slice(rate_hz, rate_hz + rate_hz // 5)
left.plot(time_s[shown], velocity[-1, shown], label="week 12")
left.plot(time_s[shown], velocity[0, shown], label="week 1")
left.set(xlabel="time / s", ylabel="velocity / (mm/s)", ylim=(-11, 14))
left.legend(ncols=2)

edges = (0, low, middle, high, 7.5)
for zone, bottom, top, shade in zip("ABCD", edges, edges[1:], (1.0, 0.93, 0.85, 0.74), strict=False):
    right.axhspan(bottom, top, color=str(shade), linewidth=0, zorder=0)
    right.text(0.3, (bottom + top) / 2, zone, va="center", weight="bold")
weeks = np.arange(1, 13)
right.plot(weeks, rms_mm_s, "o-")
for week, value, zone in zip(weeks, rms_mm_s, zones, strict=True):
    right.annotate(zone, (week, value), xytext=(0, 6), textcoords="offset points", ha="center", color="C0")
right.set(xlim=(0, 12.5), ylim=(0, 7.5), xlabel="week", ylabel="velocity, RMS / (mm/s)", xticks=weeks)
right.grid(visible=False)
plt.show()
