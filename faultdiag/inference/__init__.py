"""Predict and evaluate with a Run."""
