"""The store's key: the operator's own, or one generated into a file only its owner can read."""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
import secrets
import stat
from pathlib import Path

from bonito_host.store.errors import StoreUnusable
from bonito_host.store.sealing import KEY_BYTES, Sealer

VARIABLE = "BONITO_KEY"
_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def parse_key(text: str, *, source: str) -> bytes:
    """Read 32 bytes written in base64 (either alphabet) or hexadecimal.

    Raises:
        StoreUnusable: It is neither; the text names the source, never the value.
    """
    given = text.strip()
    for read in (bytes.fromhex, _base64):
        try:
            key = read(given)
        except (ValueError, binascii.Error):
            continue
        if len(key) == KEY_BYTES:
            return key
    message = f"{source} holds no key: it must be {KEY_BYTES} bytes in base64 or hexadecimal."
    raise StoreUnusable(message, hint="Make one with: openssl rand -base64 32")


def read_key_file(path: Path) -> bytes | None:
    """Return the key in a file, or None where there is no file.

    Raises:
        StoreUnusable: The file is open to others, cannot be read, or holds no key.
    """
    try:
        # A link could lead to a file that somebody else controls.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return None
    except OSError as error:
        message = f"The key file {path} cannot be read: {error.strerror}."
        raise StoreUnusable(message, hint=f"Or give the key in {VARIABLE}.") from None
    with os.fdopen(descriptor, encoding="ascii", errors="replace") as file:
        mode = os.fstat(file.fileno()).st_mode
        if os.name == "posix" and mode & _OPEN_TO_OTHERS:
            message = f"The key file {path} can be read by others (mode {stat.S_IMODE(mode):o})."
            raise StoreUnusable(message, hint=f"Close it: chmod 600 {path}")
        return parse_key(file.read(1024), source=f"The key file {path}")


def create_key_file(path: Path) -> bytes:
    """Generate a key into a new file of mode 0600; whoever else was first is taken instead.

    The file appears whole under its name or not at all, so no process reads half a key.
    """
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    key = secrets.token_bytes(KEY_BYTES)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(key) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
        _flush_folder(path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    found = read_key_file(path)
    if found is None:
        raise StoreUnusable(f"The key file {path} is gone again.", hint="Try again.")
    return found


def next_key_file(path: Path) -> Path:
    """Return where a key lies that is to take the place of the one in use."""
    return path.with_name(f"{path.name}.next")


def write_next_key(path: Path) -> bytes:
    """Generate the key that is to come next, safe on the disk before it is returned.

    What an earlier, interrupted rotation left is overwritten; `adopt_next_key` has looked at it.
    """
    next_path = next_key_file(path)
    next_path.unlink(missing_ok=True)
    return create_key_file(next_path)


def adopt_next_key(path: Path, *, known: str) -> None:
    """Put the next key in place if the store is sealed with it already.

    That is how a rotation ends, and how the next start ends one that was interrupted.

    Args:
        path: The key file.
        known: The id of the key the store is sealed with.

    Raises:
        StoreUnusable: The next key's file is open to others, or holds no key.
    """
    found = read_key_file(next_key_file(path))
    if found is not None and Sealer(found).key_id == known:
        with contextlib.suppress(FileNotFoundError):  # another process was faster
            next_key_file(path).replace(path)
        _flush_folder(path)


def _flush_folder(path: Path) -> None:
    if os.name != "posix":
        return  # elsewhere a folder is nothing to open
    # Until the folder is on the disk, a power failure could bring the old name back.
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _base64(text: str) -> bytes:
    padded = text + "=" * (-len(text) % 4)
    return base64.b64decode(padded.translate(str.maketrans("-_", "+/")), validate=True)
