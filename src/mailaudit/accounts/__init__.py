"""Which accounts to create, lock and delete: pure, from stored months to lists.

`collected` says what a stored month proves, `identity` who is the same person in two months,
`lists` what follows.
"""
