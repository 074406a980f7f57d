"""
Spectra: densities for noise, amplitudes for tones
==================================================

How strong is a tone, and how strong is the noise around it? Both questions have a spectrum of their own:
the height of a line is right in one, that of the floor in the other.
"""

import matplotlib.pyplot as plt
import numpy as np

from faultdiag.signal import amplitude_spectrum, power_spectral_density, rms

rate_hz = 12000
time_s = np.arange(20 * rate_hz) / rate_hz
rng = np.random.default_rng(0)
noise = rng.standard_normal(len(time_s))
shaft = sum(a * np.cos(2 * np.pi * 29.6 * k * time_s) for k, a in ((1, 0.5), (2, 0.3), (3, 0.1)))
x = shaft + noise

# %%
# What the resolution changes
# ---------------------------
# White noise of variance 1 has the density 1 / 6000 per Hz at this rate (dashed), whatever the resolution; a
# coarse one scatters less. A tone has no density: its peak grows as the lines get narrower. In the amplitude
# spectrum it is the other way round: the lines at 29.6 Hz and its harmonics read 0.5, 0.3 and 0.1 g (dots),
# and the floor depends on the resolution.

figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.2))
for resolution_hz in (1, 8):
    freq_hz, density = power_spectral_density(x, rate_hz=rate_hz, resolution_hz=resolution_hz)
    left.semilogy(freq_hz, density, label=f"{resolution_hz} Hz")
    freq_hz, amplitude = amplitude_spectrum(x, rate_hz=rate_hz, resolution_hz=resolution_hz, window="flattop")
    right.semilogy(freq_hz, amplitude, label=f"{resolution_hz} Hz")
left.axhline(1 / 6000, color="0.2", linestyle="--", linewidth=1)
left.set(xlim=(0, 200), xlabel="frequency / Hz", ylabel="power spectral density / (g²/Hz)", title="density")
right.plot([29.6, 59.2, 88.8], [0.5, 0.3, 0.1], "o", color="0.2", markersize=4)
right.set(xlim=(0, 200), ylim=(0.01, 2), xlabel="frequency / Hz", ylabel="amplitude / g", title="amplitude")
for axes in (left, right):
    axes.legend(title="resolution")

# %%
# The area under the density is the power:

freq_hz, density = power_spectral_density(x, rate_hz=rate_hz, resolution_hz=1)
print(f"mean square {rms(x) ** 2:.3f}, area {density.sum() * freq_hz[1]:.3f}")

# %%
# Which window
# ------------
# A tone of 1 g that lies between two lines reads low, most with no window at all. ``"hann"`` tells neighbours
# apart well, ``"flattop"`` has amplitudes right. ``scale="rms"`` gives RMS instead of peak.

figure, axes = plt.subplots(figsize=(8, 3))
tone = np.cos(2 * np.pi * 100.5 * time_s[: 12 * rate_hz])
for window, marker in (("boxcar", "s-"), ("hann", "o-"), ("flattop", "^-")):
    freq_hz, amplitude = amplitude_spectrum(tone, rate_hz=rate_hz, resolution_hz=1, window=window)
    axes.plot(freq_hz, amplitude, marker, markersize=4, label=f"{window}: {amplitude.max():.3f} g")
freq_hz, amplitude = amplitude_spectrum(tone, rate_hz=rate_hz, resolution_hz=1, window="flattop", scale="rms")
axes.plot(freq_hz, amplitude, "x:", markersize=4, label=f"flattop, RMS: {amplitude.max():.3f} g")
axes.axvline(100.5, color="0.2", linestyle="--", linewidth=1)
axes.set(xlim=(93, 108), xlabel="frequency / Hz", ylabel="amplitude / g")
axes.legend()
plt.show()
