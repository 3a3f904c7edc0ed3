"""Certificates of servers: how they are verified, and what is said of one that can't be trusted.

The tables of the configuration that name a server ("server", "directory") have the keys `url` and
`ca_file`.
"""

import ssl
from pathlib import Path

from mailaudit.errors import N_, ConfigurationError, Phrase, cause

_EXPIRED = (
    N_("The certificate of {host}, or of its authority, has expired."),
    N_("Have it renewed on the server; check the date of this computer, too."),
)
_NOT_YET_VALID = (
    N_("The certificate of {host}, or of its authority, is not valid yet."),
    N_("Check the date of this computer first, then that of the server."),
)
_OTHER_NAME = (
    N_("The certificate that {host} shows is for another name."),
    N_(
        "Write the host in {table}.url as its certificate names it, or have a certificate made for"
        " this name."
    ),
)
_UNKNOWN_AUTHORITY = (
    N_("The certificate of {host} can't be trusted: its authority is not known."),
    N_(
        "Set {table}.ca_file to the certificate authority that signed it; verification can't be"
        " switched off."
    ),
)
_INVALID = (
    N_("The certificate of {host} can't be trusted: {detail}."),
    N_("Have one made for the server without that fault; verification can't be switched off."),
)
# By OpenSSL's numbers (x509_vfy.h) of what may be wrong with a certificate.
_MESSAGES = {
    9: _NOT_YET_VALID,
    10: _EXPIRED,
    62: _OTHER_NAME,
    64: _OTHER_NAME,  # an IP address
    **dict.fromkeys((2, 18, 19, 20, 21), _UNKNOWN_AUTHORITY),
}


def distrust(code: int) -> tuple[str, str]:
    """The message and the remedy for OpenSSL's number of what is wrong with a certificate.

    Their fields are `host`, `table` (of the configuration) and `detail` (in OpenSSL's words).
    """
    return _MESSAGES.get(code, _INVALID)


def verify_alike(context: ssl.SSLContext) -> None:
    """Makes every Python verify certificates in the same way.

    From 3.13 on, they are also held against the letter of RFC 5280, which many authorities of
    organisations do not follow: what makes them trusted is verified without it too. And what the
    CA file names is trusted, an intermediate authority without its root as well.
    """
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN


def trusting(ca_file: Path | None, table: str) -> ssl.SSLContext:
    """What verifies servers by the CA file, or by the machine's authorities where there is none.

    Raises:
        ConfigurationError: The file can't be used.
    """
    try:
        context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except OSError as error:  # ssl.SSLError is one
        has_none = isinstance(error, ssl.SSLError)
        raise ConfigurationError(
            N_("The CA file {file} can't be used: {why}."),
            N_("Name the PEM file of the certificate authority in {table}.ca_file."),
            file=ca_file,
            why=Phrase(N_("it holds no certificate")) if has_none else cause(error),
            table=table,
        ) from None
    verify_alike(context)
    return context
