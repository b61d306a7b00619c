"""Addresses as they may be written down: without what lets their reader in."""

import re

HIDDEN = "REDACTED"  # the word of OpenTelemetry's semantic conventions, attribute url.full
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s'\"<>]+")
PARTS = re.compile(r"([^/]*//)(?:[^/?#]*@)?([^?#]*)(?:\?([^#]*))?")


def without_secrets(text: str) -> str:
    """A text whose addresses have lost user, password, fragment and the values of their query.

    All values, as no list of names knows every name that a signature or a token goes by.

    >>> without_secrets("https://ann:pw@data.org/loans.csv?year=2024&X-Amz-Signature=0b5e did not answer")
    'https://REDACTED@data.org/loans.csv?year=REDACTED&X-Amz-Signature=REDACTED did not answer'
    """
    return ADDRESS.sub(lambda match: _plain(match[0]), text) if "://" in text else text


def _plain(address: str) -> str:
    parts = PARTS.match(address)
    assert parts is not None
    start, place, query = parts.groups()
    user = f"{HIDDEN}@" if "@" in re.split("[/?#]", address[len(start) :], maxsplit=1)[0] else ""
    values = re.sub(r"([^&;=]*=)?[^&;]+", lambda match: (match[1] or "") + HIDDEN, query or "")
    return f"{start}{user}{place}{'?' + values if values else ''}"
