"""Snapshot -> Measurement -> Ranking: pure, exact, and the only room that knows pandas.

`docs/metrics.md` defines every number made here.
"""
