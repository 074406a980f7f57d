"""The views: how a window becomes the tensor that a network sees."""

from faultdiag.registry import Registry
from faultdiag.views.base import ViewType

__all__ = ["VIEWS"]

VIEWS: Registry[ViewType] = Registry(
    "view",
    "faultdiag.views",
    {
        "cyclic_map": (
            "spectral coherence over frequency and order: rank 2",
            "faultdiag.views.cyclic_map:CyclicMapView",
        ),
        "envelope_spectrum": (
            "squared envelope spectrum in orders or Hz, over its background",
            "faultdiag.views.envelope_spectrum:EnvelopeSpectrumView",
        ),
        "image": (
            "an image in 0..1 less the mean of the training images",
            "faultdiag.views.image:ImageView",
        ),
        "kurtogram": (
            "kurtosis of the bands of a 1/3-binary tree: rank 2",
            "faultdiag.views.kurtogram:KurtogramView",
        ),
        "log_spectrum": (
            "logarithm of the amplitude spectrum",
            "faultdiag.views.spectrum:LogSpectrumView",
        ),
        "multiband_envelope": (
            "squared envelope spectra of several bands, a channel each",
            "faultdiag.views.envelope_spectrum:MultibandEnvelopeView",
        ),
        "raw": (
            "the waveform, each window at mean 0 and deviation 1",
            "faultdiag.views.raw:RawView",
        ),
        "raw_prewhitened": (
            "the waveform after cepstrum prewhitening",
            "faultdiag.views.raw_prewhitened:RawPrewhitenedView",
        ),
        "scalogram": (
            "amplitudes of Morlet wavelets over time: rank 2",
            "faultdiag.views.scalogram:ScalogramView",
        ),
        "spectrum": (
            "amplitude spectrum",
            "faultdiag.views.spectrum:SpectrumView",
        ),
        "stft": (
            "spectrogram: amplitudes of short frames over time, rank 2",
            "faultdiag.views.stft:StftView",
        ),
    },
)
