"""Measures the use of official mailboxes and ranks the units of a government by it."""
