"""A stranger's nine units, one of each kind; each writes down what it was used on."""

import os
from pathlib import Path


def used(code: str, kind: str) -> None:
    """A line in the file that the environment names: which unit was used on which kind of data."""
    with Path(os.environ["KARAT_STRANGERS"]).open("a", encoding="utf-8") as out:
        out.write(f"{code} {kind}\n")
