"""The annex: a document in the form of Nghị định 30/2020/NĐ-CP, to be numbered and signed.

`compose` makes the value in `content` of a Report and a `wording`, which may name `variables`;
`pdf` and `word/` write it, both in the same `form`.
"""
