"""Publication -> Report -> HTML, Excel, annex, brief.

`compose` puts a Report together of what `sections/` say; `value` is what it is made of. `rendering`
has `excel/`, `html/`, `annex/` and `brief/` make files of it, which compute nothing, and `manifest`
writes them.
"""
