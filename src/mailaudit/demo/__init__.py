"""A demonstration province, and a loopback EWS server to audit it, or real traffic, on."""

from mailaudit.sources import optional as optional  # before pyspnego imports those packages
