"""Every error Karat raises on purpose.

KaratError
├── InputError    the data cannot be used as it is            exit 2
├── OptionError   an option, name or setting is wrong         exit 2
├── GateError     a gate was not met, or the guard stopped    exit 1
└── MachineError  disk, memory or permission                  exit 3
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import ClassVar, Self

WANTED = re.compile(r",? wanted\b")
COMMAND = ("pip ", "karat ")


class KaratError(Exception):
    """One line: what was expected, what was found, where, and what to do.

    Parameters
    ----------
    wanted : str
        What Karat expected, such as "a column of numbers wanted", or the whole of what is wrong.
    found : str
        What stood there instead.
    where : str
        File, column or option.
    do : str
        What to do, as an imperative.
    """

    exit_status: ClassVar[int] = 2

    def __init__(self, wanted: str, found: str = "", where: str = "", do: str = "") -> None:
        self.wanted, self.found, self.where, self.do = wanted, found, where, do
        super().__init__(wanted, found, where, do)

    def __str__(self) -> str:
        line = WANTED.sub("", self.wanted)
        line = line if line == self.wanted else f"expected {line}"
        line = f"{self.where}: {line}" if self.where else line
        line += f", found {self.found}" if self.found else ""
        if self.do:
            do = f"run {self.do}" if self.do.startswith(COMMAND) else self.do
            line += f". {do[0].upper()}{do[1:]}" + ("" if do.endswith("?") else ".")
        return " ".join(line.split())


class InputError(KaratError):
    """The data cannot be used as it is."""


class OptionError(KaratError):
    """An option, a name or a setting is wrong."""

    @classmethod
    def unknown(cls, kind: str, name: str, known: Iterable[str], where: str = "", shown: int = 20) -> Self:
        """An unknown name, with the nearest known one or the first that are known."""
        names = sorted(known)
        near = get_close_matches(name, names, n=1, cutoff=0.5)
        more = f" and {len(names) - shown} more" if len(names) > shown else ""
        do = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names[:shown])}{more}"
        return cls(f"{kind} {name!r} not found", "", where, do)


class GateError(KaratError):
    """A gate was not met, or the guard stopped a step."""

    exit_status = 1


class MachineError(KaratError):
    """The machine is out of disk, memory or permission."""

    exit_status = 3
