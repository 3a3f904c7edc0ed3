"""Authorities and certificates as organisations make them, with and without faults."""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LONG = timedelta(days=3650)
_NO_USE = dict.fromkeys(
    ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
     "key_agreement", "encipher_only", "decipher_only"), False,
)  # fmt: skip
_SIGNS = x509.KeyUsage(key_cert_sign=True, crl_sign=True, **_NO_USE)


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def authority(
    signer: Signed | None = None, *, critical: bool = True, key_id: bool = True
) -> Signed:
    """A certificate authority.

    Args:
        signer: The one above it; without, it is signed by itself.
        critical: Whether its constraints are marked so, as RFC 5280 demands.
        key_id: Whether it names its key.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("An authority below another" if signer else "An authority")
    issuer = signer.certificate.subject if signer else name
    now = datetime.now(UTC)
    builder = _builder(name, issuer, key, now - LONG, now + LONG).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical
    )
    if critical:
        builder = builder.add_extension(_SIGNS, critical=True)
    if key_id:
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        builder = builder.add_extension(identifier, critical=False)
    return Signed(builder.sign(signer.key if signer else key, hashes.SHA256()), key)


def certificate(
    signer: Signed | None,
    *names: str,
    since: timedelta = -timedelta(days=1),
    until: timedelta = timedelta(days=1),
    key_id: bool = True,
) -> Signed:
    """A server's certificate for DNS names and IP addresses; without a signer, its own.

    Args:
        since, until: From when until when it is valid, from now.
        key_id: Whether it names its signer's key.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = _name("a server"), datetime.now(UTC)
    issuer = signer.certificate.subject if signer else name
    alternatives = [
        x509.IPAddress(ipaddress.ip_address(one)) if one[0].isdigit() else x509.DNSName(one)
        for one in names
    ]
    builder = _builder(name, issuer, key, now + since, now + until).add_extension(
        x509.SubjectAlternativeName(alternatives), critical=False
    )
    if signer and key_id:
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key())
        builder = builder.add_extension(identifier, critical=False)
    return Signed(builder.sign(signer.key if signer else key, hashes.SHA256()), key)


def shown(folder: Path, server: Signed) -> ssl.SSLContext:
    """What a server needs to show its certificate."""
    file = folder / "server.pem"
    key = server.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(server.pem() + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    name: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    since: datetime,
    until: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )
