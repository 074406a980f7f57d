"""Data sets, their cards, splits and downloads."""
