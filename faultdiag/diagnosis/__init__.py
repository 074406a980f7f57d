"""Diagnosis by physics: no training data, but a bearing, a speed and the laws of noise."""
