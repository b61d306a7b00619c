"""A run folder is its owner's alone, and nothing in it leads out of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from karat.core.errors import InputError

OWNER_ONLY = 0o077  # files 0600, folders 0700: a run folder holds the data, and what was found in it, in plain


@contextmanager
def private_files() -> Iterator[None]:
    """What is made in the meantime, by this process and those it starts, nobody but its owner can open."""
    before = os.umask(OWNER_ONLY)
    try:
        yield
    finally:
        os.umask(before)


def require_no_links(run: Path) -> None:
    """Raises InputError where a folder holds a symbolic link: what is written to it would land elsewhere."""
    for folder, folders, files in os.walk(run):
        for name in (*folders, *files):
            path = Path(folder) / name
            if path.is_symlink():
                raise InputError(
                    f"{path} is a symbolic link to {path.readlink()}, which leads out of the run folder",
                    "Remove the link, or name another folder with --out",
                )
