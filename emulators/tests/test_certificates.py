from __future__ import annotations

import socket
import ssl
import tempfile
import threading
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from bonito_emulators.certificates import CertificateAuthority

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATTERNS = ("*.services.ai.azure.com", "login.example.com")


def handshake(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> None:
    """Shakes hands over a socket pair; raises what the client raises."""
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            server.wrap_socket(theirs, server_side=True).close()
        except OSError:
            theirs.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with ours, client.wrap_socket(ours, server_hostname=name):
            pass
    finally:
        thread.join()


@pytest.fixture
def authority() -> CertificateAuthority:
    return CertificateAuthority(PATTERNS)


@pytest.fixture
def trusting(authority: CertificateAuthority) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=authority.certificate.decode())


@pytest.mark.parametrize("name", ["acme.services.ai.azure.com", "login.example.com"])
def test_a_certificate_for_an_emulated_name_is_trusted(
    authority: CertificateAuthority, trusting: ssl.SSLContext, name: str
) -> None:
    handshake(authority.server_context(PATTERNS), trusting, name)


@pytest.mark.parametrize("name", ["example.com", "services.ai.azure.com.evil.test", "azure.com"])
def test_a_certificate_for_another_name_is_refused_though_the_authority_signed_it(
    authority: CertificateAuthority, trusting: ssl.SSLContext, name: str
) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        handshake(authority.server_context([name]), trusting, name)


def test_another_authority_of_the_same_name_is_not_trusted(trusting: ssl.SSLContext) -> None:
    other = CertificateAuthority(PATTERNS)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(other.server_context(PATTERNS), trusting, "login.example.com")


def test_the_name_constraints_are_critical_and_shut_out_addresses(
    authority: CertificateAuthority,
) -> None:
    certificate = x509.load_pem_x509_certificate(authority.certificate)
    extension = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert extension.critical
    permitted = [subtree.value for subtree in extension.value.permitted_subtrees or ()]
    assert permitted == ["login.example.com", "services.ai.azure.com"]
    assert [str(subtree.value) for subtree in extension.value.excluded_subtrees or ()] == [
        "0.0.0.0/0",
        "::/0",
    ]


def test_the_public_part_holds_no_key(authority: CertificateAuthority) -> None:
    assert authority.certificate.count(b"-----BEGIN") == 1
    assert b"PRIVATE" not in authority.certificate


def test_an_authority_for_no_name_cannot_be_made() -> None:
    make: Callable[[], object] = lambda: CertificateAuthority([])  # noqa: E731 - typed
    with pytest.raises(ValueError, match="without names"):
        make()


def test_no_key_is_left_on_disk(
    authority: CertificateAuthority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    authority.server_context(PATTERNS)
    assert list(tmp_path.iterdir()) == []
