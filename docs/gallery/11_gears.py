"""
Gears: a tooth that is breaking
===============================

Is it one tooth, or all of them? The mean turn of the shaft holds both, under the mesh of sound teeth. Taken
apart it shows which tooth, and its indicators how far it has gone.
"""

import matplotlib.pyplot as plt
import numpy as np

from faultdiag import signal
from faultdiag.datasets.gear_rig import Gearbox, GearTrain, simulate_gearbox

rate_hz, n_teeth, per_turn = 12000, 32, 512


def mean_turn(severity: float, *, fault: str = "tooth", seed: int = 0) -> np.ndarray:
    """Return the synchronous average of ten seconds; a severity of 0 is a sound gear."""
    (x, tacho_v), _ = simulate_gearbox(
        gearbox=Gearbox(GearTrain(((n_teeth, 80),))), fault=fault if severity else "normal",
        severity=severity or 1, rate_hz=rate_hz, duration_s=10, speed_rpm=1500,
        rng=np.random.default_rng(seed),
    )  # fmt: skip
    pulses_s = signal.pulse_times(tacho_v, rate_hz=rate_hz)
    turns = signal.turns_from_pulses(pulses_s, rate_hz=rate_hz, n_samples=len(x))
    angular = signal.angular_resample(x, rate_hz=rate_hz, turns=turns, samples_per_turn=per_turn)
    return signal.synchronous_average(angular, samples_per_turn=per_turn)[0]


# %%
# One turn, taken apart
# ---------------------
# The regular part is the mesh with its first sidebands. The residual has lost the mesh, the difference the
# sidebands too: what one tooth does differently is left.

average = mean_turn(0.5)
parts = {
    "mean turn": average,
    "regular": signal.regular_signal(average, n_teeth=n_teeth),
    "residual": signal.residual_signal(average, n_teeth=n_teeth),
    "difference": signal.difference_signal(average, n_teeth=n_teeth),
}
angle_deg = 360 * np.arange(per_turn) / per_turn
figure, panels = plt.subplots(4, 1, sharex=True, figsize=(8, 5.6))
for axes, (name, part) in zip(panels, parts.items(), strict=True):
    axes.plot(angle_deg, part)
    axes.set(title=name, xlim=(0, 360), ylabel="acceleration")
panels[-1].set(xlabel="angle of the shaft / °", xticks=range(0, 361, 45))
figure.align_ylabels()

# %%
# Modulation of the mesh
# ----------------------
# While the bad tooth meshes, the amplitude of the mesh drops and its phase jumps.

figure, panels = plt.subplots(2, 1, sharex=True, figsize=(8, 3.6))
for severity, label in ((0, "sound"), (0.5, "damaged tooth")):
    modulation = signal.mesh_modulation(mean_turn(severity), n_teeth=n_teeth, n_sidebands=8)
    for axes, value in zip(panels, modulation, strict=True):
        axes.plot(angle_deg, value, label=label)
panels[0].set(ylabel="amplitude", xlim=(0, 360))
panels[0].legend(ncols=2)
panels[1].set(ylabel="phase / rad", xlabel="angle of the shaft / °", xticks=range(0, 361, 45))
figure.align_ylabels()

# %%
# Indicators while damage grows
# -----------------------------
# Twelve readings, the first four of a sound gear (left of the dotted line), each indicator over its first
# one. A single tooth drives the moments of the difference, M8A most. Wear of all teeth makes these scatter;
# NA4, NB4 and the energy ratio go on rising, for they compare with the readings before, or with the mesh.


def indicators(averages: np.ndarray) -> dict[str, np.ndarray]:
    """Return each indicator of some readings, one after the other."""
    residual = signal.residual_signal(averages, n_teeth=n_teeth)
    difference = signal.difference_signal(averages, n_teeth=n_teeth)
    envelope, _ = signal.mesh_modulation(averages, n_teeth=n_teeth)
    later = range(1, len(averages))
    return {
        "FM0": signal.fm0(averages, n_teeth=n_teeth),
        "FM4": signal.fm4(difference),
        "M6A": signal.m6a(difference),
        "M8A": signal.m8a(difference),
        "NA4": np.array([signal.na4(residual[i], earlier=residual[:i]) for i in later]),
        "NB4": np.array([signal.nb4(envelope[i], earlier=envelope[:i]) for i in later]),
        "energy ratio": signal.energy_ratio(difference, regular=averages - difference),
        "sideband ratio": signal.sideband_ratio(averages, n_teeth=n_teeth, n_sidebands=5),
        "energy operator": signal.energy_operator(averages),
    }


figure, panels = plt.subplots(1, 2, sharey=True, figsize=(8, 4.2))
cases = {"one tooth": ("tooth", 0.16), "wear of all teeth": ("wear", 1.0)}
for axes, (title, (fault, worst)) in zip(panels, cases.items(), strict=True):
    severities = worst * np.maximum(np.arange(12) - 3, 0) / 8
    averages = np.array([mean_turn(s, fault=fault, seed=i) for i, s in enumerate(severities)])
    for number, (name, values) in enumerate(indicators(averages).items()):
        look = {"marker": "osv^Dxph*"[number], "color": f"C{number % 5}", "markersize": 4}
        axes.semilogy(np.arange(13 - len(values), 13), values / values[0], label=name, **look)
    axes.set(title=title, xlabel="reading", xticks=range(1, 13))
    axes.axvline(4.5, color="0.5", linestyle=":")
panels[0].set_ylabel("over the first reading")
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=5)
plt.show()
