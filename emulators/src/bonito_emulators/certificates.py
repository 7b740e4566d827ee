"""A throw-away certificate authority that can vouch for the emulated names only."""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from collections.abc import Sequence

_LIFETIME = datetime.timedelta(days=7)
_CLOCK_SKEW = datetime.timedelta(hours=1)
_EVERY_ADDRESS = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))


class CertificateAuthority:
    """Issues server certificates; its key is made here and never leaves memory.

    The authority's own certificate carries critical name constraints, so whoever trusts it
    trusts it for the given patterns and nothing else, whatever it should sign.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        if not patterns:
            msg = "a certificate authority without names would be unconstrained"
            raise ValueError(msg)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _common_name("bonito emulators, throw-away authority")
        builder = _certificate(subject=self._name, issuer=self._name, key=self._key.public_key())
        self._certificate = (
            builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_authority_key_usage(), critical=True)
            .add_extension(_name_constraints(patterns), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    @property
    def certificate(self) -> bytes:
        """The public part, PEM, for those who shall trust it."""
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    def server_context(self, names: Sequence[str]) -> ssl.SSLContext:
        """Makes a TLS server context with a fresh certificate for the names.

        Names outside the constraints can be issued too; clients refuse them.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        context.num_tickets = 0  # no client here resumes a session, and tickets cost a tenth of it
        _load_chain(context, self._issue(names, key.public_key()), key)
        return context

    def _issue(self, names: Sequence[str], key: ec.EllipticCurvePublicKey) -> x509.Certificate:
        alternative_names = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
        authority_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        server_only = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        return (
            _certificate(subject=_common_name("bonito emulators"), issuer=self._name, key=key)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(alternative_names, critical=False)
            .add_extension(authority_key, critical=False)
            .add_extension(server_only, critical=False)
            .sign(self._key, hashes.SHA256())
        )


def _common_name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    *, subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _authority_key_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        key_cert_sign=True,
        crl_sign=True,
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name_constraints(patterns: Sequence[str]) -> x509.NameConstraints:
    subtrees = sorted({pattern.removeprefix("*.") for pattern in patterns})
    return x509.NameConstraints(
        permitted_subtrees=[x509.DNSName(subtree) for subtree in subtrees],
        # Permitting DNS names leaves addresses free (RFC 5280, 4.2.1.10), so shut them out.
        excluded_subtrees=[x509.IPAddress(network) for network in _EVERY_ADDRESS],
    )


def _load_chain(
    context: ssl.SSLContext, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
) -> None:
    """Hands certificate and key to OpenSSL, which takes them from a file only."""
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    descriptor, path = tempfile.mkstemp(suffix=".pem")  # readable by this user only
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(private + certificate.public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(path)
    finally:
        Path(path).unlink()
