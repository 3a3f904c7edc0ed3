"""What a report says: each section's titles, tables, columns, notes and figures.

The sections in order: `summary` (with `headline` and `groups`), `ranking`, `attention`, `trend`,
`exclusions`, `unmeasured`, `method` (with `provenance`); then a page for each unit, `unit_page`
(with `actions` and `staff`). Columns of counts and rates, which several tables have, are in
`counts`. `notices` stand above all; `results` are the figures that sentences are written from.
"""
