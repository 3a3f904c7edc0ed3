"""Faults a demonstration server injects on demand, the same ones for the same seed."""
