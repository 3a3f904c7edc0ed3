"""Exchange message tracking logs: who sent and received how much, from files instead of a server.

`finding` names the files and `coverage` the hours they stand for; `rows` reads them, `events` says
which count, `recording` makes records of them, `mails` counts each mail once, `tally` adds up.
`work` is the line within one process, `source` the line of all this.
"""
