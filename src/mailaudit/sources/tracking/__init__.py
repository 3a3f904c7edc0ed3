"""Exchange message tracking logs: who sent and received how much, from files instead of a server.

`finding` names the files and `coverage` the hours they stand for; `rows` reads them, `events` keeps
what can count, `mails` counts each mail once, `tally` adds up; `source` is the line of all this.
"""
