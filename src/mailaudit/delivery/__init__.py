"""Delivery: mails to the readers of reports, and what must be true before and after each is sent.

`plan` says who gets what, `wording` and `mail` write it, `sending` sends each mail once; `smtp` and
`ews` are the ways out.
"""
