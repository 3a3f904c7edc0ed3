"""Ranking -> Report (a value) -> HTML, Excel. Rendering computes nothing; compose() decides."""
