"""A demonstration province, and a loopback EWS server to audit it, or real traffic, on."""

# Before pyspnego imports the packages it sets aside.
from mailaudit.sources import login_packages as login_packages
