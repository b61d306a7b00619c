"""The files of a run's store against their digests: a version that was altered is refused, never passed on."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from karat.core.errors import InputError
from karat.flow.folder import altered_in, digests, read_json

STORE = "store"
WRITTEN = "store.json"  # digests of the files of a run's store when its versions had been written
CHANGING = "_refs"  # names of versions move; every other file of Lance is written once
LOCK_FILE, HINT = "writer.lock", "latest_version_hint.json"  # the one is empty, the other only saves a search


def store_digests(store: Path, known: Mapping[str, Any]) -> dict[str, Any]:
    """SHA-256 of the files of a store, by name; of those that are known the digest they had, as they never change."""
    if not store.is_dir():
        return {}
    out: dict[str, Any] = {}
    for path in sorted(store.iterdir()):
        before = known.get(path.name)
        if path.is_dir():
            inner = before if isinstance(before, Mapping) and path.name != CHANGING else {}
            out[path.name] = store_digests(path, inner)
        elif path.name not in (LOCK_FILE, HINT):
            out[path.name] = before if isinstance(before, str) else digests(path)
    return out


def require_unaltered(store: Path, known: Mapping[str, Any]) -> None:
    """Raises InputError where a file of a store is missing or was altered; without a store all is well."""
    if store.is_dir() and (names := sorted(altered_in(store, known))):
        raise InputError(
            f"{store / names[0]} is not the file that was written",
            f"Restore it from a copy, or remove {store} and run again; earlier versions are then lost",
        )


def is_wrong_hint(store: Path) -> bool:
    """Does the note about the newest version speak of another one than there is?"""
    path = store / "_versions" / HINT
    if not path.exists():
        return False
    from karat.store.versions import Store

    try:
        hint = read_json(path)["version"]
    except (InputError, KeyError, TypeError):
        return True
    return bool(hint != max(version.number for version in Store(store).log()))
