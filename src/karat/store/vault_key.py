"""The key that originals of masked personal data are encrypted with: of a file or the environment, never written down.

Files are Parquet with AES-GCM over footer and pages (Parquet Modular Encryption). Random 96-bit nonces allow 2³² pages
under one key (NIST SP 800-38D, section 8.3), far more than originals fill.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from karat.core.errors import InputError, MissingExtraError, OptionError

KEY, KEY_FILE = "KARAT_KEY", "KARAT_KEY_FILE"
LEAST_BYTES = 16  # definition: 128 bits, the shortest key of AES
ENCRYPTED = b"PARE"  # definition: first bytes of a Parquet file with an encrypted footer
MAKE_ONE = "Make one with: openssl rand -hex 32 > FILE && chmod 600 FILE"


def key() -> bytes | None:
    """32 bytes derived from the secret that is set; None where none is.

    Raises
    ------
    OptionError
        The key file cannot be read, is open to others, or the secret is too short.
    """
    path, secret = os.environ.get(KEY_FILE, ""), os.environ.get(KEY, "").encode()
    if path:
        try:
            if Path(path).stat().st_mode & 0o077:
                raise OptionError(f"key file {path} ({KEY_FILE}) can be read by others", f"Run chmod 600 {path}")
            secret = Path(path).read_bytes()
        except OSError as error:
            raise OptionError(
                f"key file {path} ({KEY_FILE}) cannot be read: {error.strerror or error}", "Correct the path"
            ) from error
    secret = secret.strip()
    if path and not secret:
        raise OptionError(f"key file {path} ({KEY_FILE}) is empty", MAKE_ONE)
    if secret and len(secret) < LEAST_BYTES:
        raise OptionError(f"the key of {path or KEY} has {len(secret)} bytes, fewer than {LEAST_BYTES}", MAKE_ONE)
    return hashlib.sha256(b"karat originals 1\0" + secret).digest() if secret else None


def encrypting() -> dict[str, Any]:
    """What a Parquet writer needs to encrypt; nothing where no key is set.

    Raises
    ------
    MissingExtraError
        This PyArrow cannot encrypt with a key.
    """
    secret = key()
    return {} if secret is None else {"encryption_properties": _library().create_encryption_properties(secret)}


@contextmanager
def decrypting(path: Path) -> Iterator[dict[str, Any]]:
    """What a Parquet reader needs to read a file, encrypted or not.

    Raises
    ------
    InputError
        The file is encrypted, and no key or another one is set.
    """
    with path.open("rb") as file:
        encrypted = file.read(len(ENCRYPTED)) == ENCRYPTED
    if not encrypted:
        yield {}
        return
    secret = key()
    if secret is None:
        raise InputError(f"{path} is encrypted", f"Set {KEY_FILE} to the file that holds its key")
    try:
        yield {"decryption_properties": _library().create_decryption_properties(secret)}
    except (OSError, ValueError, pa.ArrowException) as error:
        raise InputError(
            f"{path} cannot be decrypted with the key of {KEY_FILE} or {KEY}", "Set the key it was written with"
        ) from error


def _library() -> Any:
    from pyarrow.parquet import encryption

    if not hasattr(encryption, "create_encryption_properties"):
        raise MissingExtraError(
            f"PyArrow {pa.__version__} cannot encrypt with a key of {KEY_FILE} or {KEY}", "Run pip install -U pyarrow"
        )
    return encryption
