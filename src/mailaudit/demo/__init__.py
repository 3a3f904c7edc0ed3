"""A demonstration province, and a loopback EWS server to audit it, or real traffic, on."""
