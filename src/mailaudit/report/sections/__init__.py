"""What a report says: each section's titles, tables, columns, notes and figures.

The sections in order: `summary` (with `headline`, `groups`), `ranking`, `attention`, `trend`,
`exclusions`, `unmeasured`, `method`; then a page for each unit (`unit_page`, with `staff` and
`actions`). What stands above them all: `notices`.
"""
