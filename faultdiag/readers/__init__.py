"""Readers of signal files: one file a format, a row of READERS each."""

from faultdiag.readers.read import read, read_signals

__all__ = ["read", "read_signals"]
