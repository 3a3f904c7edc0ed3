"""Faults of logins, connections and the server as a whole, before a request is looked at."""

from mailaudit.demo.faults.kinds import Premises, upsetting
from mailaudit.demo.faults.rule import Parameters
from mailaudit.demo.logins import Login


@upsetting("session-expired")
def session_expired(premises: Premises, login: Login, parameters: Parameters) -> None:
    """Forgets that the connection is logged in, so that its next request is answered 401."""
    login.forget()


@upsetting("handshake-cut")
def handshake_cut(premises: Premises, login: Login, parameters: Parameters) -> None:
    """Forgets that the connection is logged in, and closes the next one to log in half-way."""
    login.forget()
    premises.cut_handshake()


@upsetting("password-changed")
def password_changed(premises: Premises, login: Login, parameters: Parameters) -> None:
    """Forgets all logins, and accepts no password any more."""
    premises.refuse_logins()
    premises.log_everybody_out()


@upsetting("tls-renewal")
def tls_renewal(premises: Premises, login: Login, parameters: Parameters) -> None:
    """Takes a new certificate of the same authority and closes all connections."""
    premises.renew_certificate()
    premises.close_connections()
