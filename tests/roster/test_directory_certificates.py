"""The directory's certificate: which ones are taken, and one message for each that is not."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mailaudit.errors import DirectoryError
from mailaudit.model.directory import DirectoryServer
from mailaudit.roster.directory import read_entries

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
TAKEN = "can't be used"  # what a server says that hangs up after the handshake


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


def certified(
    name: str,
    by: Certified | None = None,
    *,
    is_authority: bool = False,
    critical: bool = True,
    from_day: int = -9,
    to_day: int = 9,
) -> Certified:
    """A certificate as openssl's plain commands make them: without key identifiers.

    Args:
        by: Who signs it; None signs it with its own key.
        critical: Whether an authority's basicConstraints are critical.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if by is None else by.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + from_day * DAY)
        .not_valid_after(NOW + to_day * DAY)
    )
    if is_authority:
        builder = builder.add_extension(x509.BasicConstraints(True, None), critical)
    else:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
    return Certified(builder.sign(key if by is None else by.key, hashes.SHA256()), key)


@contextmanager
def served(folder: Path, own: Certified, *chain: Certified) -> Iterator[int]:
    """A server with this certificate that hangs up after one handshake; gives its port."""
    (folder / "server.pem").write_bytes(b"".join(each.pem() for each in (own, *chain)))
    (folder / "server.key").write_bytes(own.key_pem())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")

    def greet(listener: socket.socket) -> None:
        plain, _ = listener.accept()
        with plain, suppress(OSError):  # where the certificate is refused
            context.wrap_socket(plain, server_side=True).close()

    with socket.create_server(("localhost", 0)) as listener:
        listener.settimeout(20)
        thread = threading.Thread(target=greet, args=(listener,), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(20)
    assert not thread.is_alive()


def answer(folder: Path, trusted: Certified | None, own: Certified, *chain: Certified) -> str:
    """What reading the directory ends with, message and remedy."""
    ca_file = None
    if trusted is not None:
        ca_file = folder / "ca.pem"
        ca_file.write_bytes(trusted.pem())
    with served(folder, own, *chain) as port, pytest.raises(DirectoryError) as caught:
        read_entries(
            DirectoryServer(
                host="localhost",
                port=port,
                username="reader",
                secret="secret",
                base="dc=x",
                filter="(objectClass=user)",
                ca_file=ca_file,
                timeout_s=20,
            )
        )
    return caught.value.text()


@pytest.mark.parametrize("critical", [True, False])
def test_authority_without_the_extensions_of_public_ones_is_taken(
    tmp_path: Path, critical: bool
) -> None:
    """Python 3.13 refuses it unless the strict check is switched off."""
    authority = certified("CA", is_authority=True, critical=critical)
    assert TAKEN in answer(tmp_path, authority, certified("localhost", authority))


def test_intermediate_authority_of_the_ca_file_is_taken(tmp_path: Path) -> None:
    """What the file names is trusted; before Python 3.13 only with the root beside it."""
    root = certified("Root", is_authority=True)
    intermediate = certified("CA", root, is_authority=True)
    own = certified("localhost", intermediate)
    assert TAKEN in answer(tmp_path, intermediate, own, intermediate)


def test_servers_own_certificate_can_be_the_ca_file(tmp_path: Path) -> None:
    """As servers make them at installation."""
    own = certified("localhost")
    assert TAKEN in answer(tmp_path, own, own)


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"to_day": -1}, "has expired"),
        ({"from_day": 1}, "is not valid yet"),
        ({"name": "other.test"}, "is for another name"),
    ],
)
def test_ca_file_is_no_cure_for_a_date_or_a_name(
    tmp_path: Path, own: dict[str, object], message: str
) -> None:
    """One message for each, with what helps."""
    authority = certified("CA", is_authority=True)
    said = answer(tmp_path, authority, certified(**{"name": "localhost", "by": authority, **own}))  # type: ignore[arg-type]
    assert message in said
    assert "ca_file" not in said


def test_expired_authority_is_expired(tmp_path: Path) -> None:
    """Not unknown: naming it again would not help."""
    authority = certified("CA", is_authority=True, to_day=-1)
    assert "has expired" in answer(tmp_path, authority, certified("localhost", authority))


@pytest.mark.parametrize("named", [True, False])
def test_unknown_authority_is_named_in_the_ca_file(tmp_path: Path, named: bool) -> None:
    """With another authority in the file, and without a file."""
    trusted = certified("Other", is_authority=True) if named else None
    own = certified("localhost", certified("CA", is_authority=True))
    said = answer(tmp_path, trusted, own)
    assert "its authority is not known" in said
    assert "directory.ca_file" in said


def test_authority_that_is_none_is_refused(tmp_path: Path) -> None:
    """A server's certificate that signs another: no extension is needed, but not this."""
    no_authority = certified("server.test")
    said = answer(tmp_path, no_authority, certified("localhost", no_authority))
    assert TAKEN not in said
    assert "certificate" in said
