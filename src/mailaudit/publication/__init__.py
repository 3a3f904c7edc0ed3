"""Who may see what: Ranking -> Publication; the only room that withholds figures.

`docs/privacy.md` says what is protected, against whom, and what is not.
"""
