"""A real directory server, OpenLDAP's slapd, on loopback with LDAPS, and what is put into it."""

import base64
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import trustme

from mailaudit.model.directory import DirectoryServer

SLAPD = shutil.which("slapd", path="/usr/sbin:/usr/local/sbin:/usr/local/libexec:/usr/bin")
SLAPADD = shutil.which("slapadd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
MODULES = (Path("/usr/lib/ldap"), Path("/usr/lib/x86_64-linux-gnu/ldap"))
BASE = "dc=tinh,dc=test"
STAFF = f"ou=canbo,{BASE}"
READER = f"cn=reader,{BASE}"
LIMITED = f"cn=limited,{BASE}"  # may read fewer entries than there are
PASSWORD = "Đọc danh bạ: 1!"
ENABLED, DISABLED = "512", "514"
LARGEST_ANSWER = 40  # entries the server gives without paging
PATIENCE_S = 30.0

# What of Active Directory's schema a staff list is made from; names take any bytes here, so that
# hostile ones can be tried.
SCHEMA = """
attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch
  SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl'
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.2.210 NAME 'proxyAddresses' EQUALITY caseExactMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributetype ( 1.2.840.113556.1.4.35 NAME 'employeeID' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributetype ( 1.2.840.113556.1.2.141 NAME 'department'
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.2.13 NAME 'displayName' EQUALITY octetStringMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )
attributetype ( 1.2.840.113556.1.2.613 NAME 'employeeType'
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
objectclass ( 1.2.840.113556.1.5.9 NAME 'user' SUP top STRUCTURAL MUST cn
  MAY ( sAMAccountName $ userAccountControl $ mail $ proxyAddresses $ employeeID $ department
        $ displayName $ employeeType $ title $ userPassword ) )
"""

CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include {folder}/user.schema
modulepath {modules}
moduleload back_mdb
pidfile {folder}/slapd.pid
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
database mdb
maxsize 67108864
suffix "{base}"
directory {folder}/data
limits dn.exact="{limited}" size.soft={most} size.hard={most} size.prtotal=100
limits * size.soft={most} size.hard={most} size.prtotal=unlimited
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
"""

Values = Mapping[str, str | bytes | Sequence[str | bytes]]


@dataclass(frozen=True, slots=True)
class Slapd:
    """A running server, the authority its certificate is from, and its own log."""

    port: int
    ca_file: Path
    log: Path

    def server(self, **changes: object) -> DirectoryServer:
        """How mailaudit reaches it."""
        usual = DirectoryServer(
            host="localhost",
            port=self.port,
            username=READER,
            secret=PASSWORD,
            base=STAFF,
            filter="(objectClass=user)",
            ca_file=self.ca_file,
            timeout_s=20,
        )
        return replace(usual, **changes)  # type: ignore[arg-type]

    def logged(self, word: str) -> int:
        """How many lines of the server's log hold this."""
        return self.log.read_text("utf-8", errors="replace").count(word)


def a_user(number: int, **changes: str | bytes | Sequence[str | bytes]) -> dict[str, object]:
    """An enabled account of a person, unless given otherwise; "" takes an attribute away."""
    usual: dict[str, object] = {
        "cn": f"user{number}",
        "sAMAccountName": f"user{number}",
        "userAccountControl": ENABLED,
        "mail": f"user{number}@tinh.test",
        "employeeID": f"CB{number:04d}",
        "department": f"Sở {number % 3}",
        "displayName": f"Nguyễn Văn {number}",
        "employeeType": "công chức",
    }
    return {name: value for name, value in (usual | changes).items() if value != ""}


@contextmanager
def directory(folder: Path, users: Iterable[Mapping[str, object]]) -> Iterator[Slapd]:
    """A directory with these users below STAFF, and a part of it that lies elsewhere."""
    assert SLAPD is not None
    assert SLAPADD is not None
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    certificate.private_key_pem.write_to_path(folder / "server.key")
    for number, blob in enumerate(certificate.cert_chain_pems):
        blob.write_to_path(folder / "server.pem", append=number > 0)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    (folder / "data").mkdir()
    (folder / "user.schema").write_text(SCHEMA, "utf-8")
    configuration = folder / "slapd.conf"
    configuration.write_text(
        CONFIGURATION.format(
            folder=folder,
            base=BASE,
            limited=LIMITED,
            most=LARGEST_ANSWER,
            modules=next(path for path in MODULES if path.is_dir()),
        ),
        "utf-8",
    )
    (folder / "content.ldif").write_text("\n".join(_ldif(users)), "utf-8")
    subprocess.run(
        [SLAPADD, "-f", configuration, "-l", folder / "content.ldif"],
        check=True,
        capture_output=True,
        timeout=60,
    )
    with _running(configuration, folder / "slapd.log") as port:
        yield Slapd(port, folder / "ca.pem", folder / "slapd.log")


@contextmanager
def _running(configuration: Path, log: Path) -> Iterator[int]:
    """The server while the block runs; gives its port."""
    port = _free_port()
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [str(SLAPD), "-f", configuration, "-h", f"ldaps://localhost:{port}/", "-d", "stats"],
            stdout=subprocess.DEVNULL,
            stderr=stderr,
        )
    try:
        until = time.monotonic() + PATIENCE_S
        while not _listens(port):
            assert process.poll() is None, log.read_text("utf-8", errors="replace")
            assert time.monotonic() < until, "slapd does not listen"
            time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def _ldif(users: Iterable[Mapping[str, object]]) -> Iterator[str]:
    yield from _entry(
        BASE, {"objectClass": ["dcObject", "organization"], "dc": "tinh", "o": "Tỉnh"}
    )
    for dn in (READER, LIMITED):
        kinds = ["applicationProcess", "simpleSecurityObject"]
        name = dn.split(",")[0].removeprefix("cn=")
        yield from _entry(dn, {"objectClass": kinds, "cn": name, "userPassword": PASSWORD})
    yield from _entry(STAFF, {"objectClass": "organizationalUnit", "ou": "canbo"})
    yield from _entry(
        f"ou=elsewhere,{STAFF}",
        {
            "objectClass": ["referral", "extensibleObject"],
            "ou": "elsewhere",
            "ref": "ldaps://elsewhere.tinh.test/ou=canbo,dc=elsewhere",
        },
    )
    for user in users:
        yield from _entry(f"cn={user['cn']},{STAFF}", {"objectClass": "user", **user})


def _entry(dn: str, values: Mapping[str, object]) -> Iterator[str]:
    yield f"dn:: {_base64(dn)}"
    for name, listed in values.items():
        for value in listed if isinstance(listed, list | tuple) else [listed]:
            assert isinstance(value, str | bytes)
            yield f"{name}:: {_base64(value)}"
    yield ""


def _base64(value: str | bytes) -> str:
    return base64.b64encode(value.encode() if isinstance(value, str) else value).decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("localhost", port), timeout=1):
            return True
    except OSError:
        return False
