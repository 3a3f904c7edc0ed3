"""The protocol of Exchange Web Services, as far as an audit speaks it: requests in, answers out."""
