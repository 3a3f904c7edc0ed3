"""Sessions: exchangelib set up for one server and one login, with nothing left to guess."""

import importlib
import sys
from functools import partial
from importlib.metadata import version

import requests
from exchangelib.configuration import Configuration
from exchangelib.credentials import BaseCredentials, Credentials, OAuth2Credentials
from exchangelib.transport import BASIC, GSSAPI, NOAUTH, NTLM, OAUTH2
from exchangelib.version import Build, Version

from mailaudit.errors import N_, ConfigurationError
from mailaudit.model.certificate import trusting
from mailaudit.sources.ews.handshake import LoginAdapter, OneHandshake, PublicTrust
from mailaudit.sources.ews.internals import HandOver, SessionPool, open_pool
from mailaudit.sources.ews.login import VERSIONS, EwsLogin
from mailaudit.sources.login_packages import BROKEN

# NOAUTH: exchangelib's own choice for Windows is a package that is no longer kept.
_AUTH_TYPES = {"ntlm": NTLM, "basic": BASIC, "kerberos": GSSAPI, "windows": NOAUTH, "oauth": OAUTH2}
_FURTHER_PACKAGES = {"kerberos": "requests_gssapi", "windows": "requests_kerberos"}


def open_sessions(server: EwsLogin) -> SessionPool:
    """Sessions that verify TLS against the CA file and take nothing from the environment (no proxy,
    no .netrc, no CA override).

    Raises:
        ConfigurationError: The CA file can't be used, or `server.auth` needs a package that is
            missing.
    """
    require_usable(server)

    def prepare(session: requests.Session, token_endpoint: str | None) -> None:
        session.trust_env = False
        session.verify = str(server.ca_file) if server.ca_file else True
        if token_endpoint is not None:
            session.mount(token_endpoint, PublicTrust())

    configuration = Configuration(
        service_endpoint=endpoint(server),
        credentials=_credentials(server),
        auth_type=_AUTH_TYPES[server.auth],
        version=Version(build=Build(*VERSIONS[server.version]), api_version=server.version),
        max_connections=server.max_connections,
        retry_policy=HandOver(),
    )
    return open_pool(
        configuration,
        OneHandshake if server.auth == "ntlm" else LoginAdapter,
        prepare,
        partial(_ticket, server.auth) if server.auth in _FURTHER_PACKAGES else None,
    )


def endpoint(server: EwsLogin) -> str:
    """The server's url, with its host as it is asked for: letters beyond ASCII encoded.

    Raises:
        ConfigurationError: There can be no such host.
    """
    try:
        return str(requests.Request("POST", server.url).prepare().url)
    except requests.exceptions.InvalidURL:
        raise ConfigurationError(
            N_("{url} can't be the address of a server."),
            N_(
                "Write the host in {place}.url as the server's certificate names it; a name with"
                " letters such as đ or ư can also be written in the form that begins with xn--."
            ),
            url=server.url,
            place=server.place,
        ) from None


def require_usable(server: EwsLogin) -> None:
    """Looks at what can be seen before the server is asked.

    Raises:
        ConfigurationError: The CA file can't be used, or `server.auth` needs a package that is
            missing.
    """
    endpoint(server)
    if server.ca_file is not None:
        trusting(server.ca_file, server.place)
    if server.auth in _FURTHER_PACKAGES:
        _require_package(server.auth, server.place)


def _require_package(auth: str, place: str) -> None:
    """Raises ConfigurationError where a login by ticket lacks its system or its package."""
    if auth == "windows" and sys.platform != "win32":
        raise ConfigurationError(
            N_("{place}.auth is {auth}, which only Windows has."),
            N_("Use kerberos here, with a ticket from kinit."),
            place=place,
            auth=auth,
        )
    try:
        importlib.import_module(_FURTHER_PACKAGES[auth])
    except ImportError:
        for package, why in BROKEN.items():
            raise ConfigurationError(
                N_("{place}.auth is {auth}, and its package {package} can't be loaded: {why}."),
                N_(
                    'Install the system\'s Kerberos library; on Windows, {place}.auth = "windows"'
                    " needs none."
                ),
                place=place,
                auth=auth,
                package=package,
                why=why.rstrip("."),
            ) from None
        raise ConfigurationError(
            N_("{place}.auth is {auth}, which needs a further package."),
            N_(
                "Install it from the folder or the wheel that mailaudit came from, never by the"
                " name mailaudit, which may be another program on a public index:"
                ' pip install ".[{auth}]" or pip install "{wheel}[{auth}]"'
            ),
            place=place,
            auth=auth,
            wheel=f"mailaudit-{version('mailaudit')}-py3-none-any.whl",
        ) from None


def _ticket(auth: str) -> requests.auth.AuthBase:
    """A login by the system's own ticket, bound to the TLS connection (RFC 5929), as Extended
    Protection demands.

    That needs the certificate, so the first request of each login goes without a ticket.
    """
    library = importlib.import_module(_FURTHER_PACKAGES[auth])  # only there where it was asked for
    login: requests.auth.AuthBase = (
        library.HTTPSPNEGOAuth(channel_bindings="tls-server-end-point")
        if auth == "kerberos"
        # TLS says who the server is already.
        else library.HTTPKerberosAuth(mutual_authentication=library.DISABLED, send_cbt=True)
    )
    return login


def _credentials(server: EwsLogin) -> BaseCredentials | None:
    if server.auth == "oauth":
        return OAuth2Credentials(
            client_id=server.client_id,
            client_secret=server.secret,
            tenant_id=server.tenant_id,
        )
    if server.auth in _FURTHER_PACKAGES:
        return None
    return Credentials(server.username, server.secret)
