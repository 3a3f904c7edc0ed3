"""What proves that reports are what they were: packs of them for a review, and checking a pack.

A pack is a ZIP file with one form only, so that every byte of it can be accounted for.
"""
