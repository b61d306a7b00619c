"""Every error Karat raises on purpose.

KaratError
├── InputError    the data cannot be used as it is            exit 2
├── OptionError   an option, name or setting is wrong         exit 2
├── GateError     a gate was not met, or the guard stopped    exit 1
└── MachineError  disk, memory or permission                  exit 3
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import ClassVar, Self


class KaratError(Exception):
    """What was wanted, what was found, where, and what to do now, in one line.

    Parameters
    ----------
    wanted : str
        What Karat needed.
    found : str
        What stood there instead.
    where : str
        File, column or option.
    do : str
        The cure, as an order.
    """

    exit_status: ClassVar[int] = 2

    def __init__(self, wanted: str, found: str = "", where: str = "", do: str = "") -> None:
        self.wanted, self.found, self.where, self.do = wanted, found, where, do
        super().__init__(wanted, found, where, do)

    def __str__(self) -> str:
        line = f"{self.where}: {self.wanted}" if self.where else self.wanted
        if self.found:
            line += f", found {self.found}"
        if self.do:
            line += f"; {self.do}"
        return " ".join(line.split())


class InputError(KaratError):
    """The data cannot be used as it is."""


class OptionError(KaratError):
    """An option, a name or a setting is wrong."""

    @classmethod
    def unknown(cls, kind: str, name: str, known: Iterable[str], where: str = "") -> Self:
        """An unknown name, with the nearest known one."""
        names = sorted(known)
        near = get_close_matches(name, names, n=1, cutoff=0.5)
        do = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names[:20])}"
        return cls(f"a known {kind} wanted", repr(name), where, do)


class GateError(KaratError):
    """A gate was not met, or the guard stopped a step."""

    exit_status = 1


class MachineError(KaratError):
    """The machine is out of disk, memory or permission."""

    exit_status = 3
