"""Every error Karat raises on purpose.

KaratError
├── InputError    the data cannot be used as it is            exit 2
│   └── MissingExtraError   it needs a package that is not installed
├── OptionError   an option, name or setting is wrong         exit 2
├── GateError     a gate was not met, or the guard stopped    exit 1
└── MachineError  disk, memory or permission                  exit 3
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import ClassVar, Self

from karat.core.addresses import without_secrets

MOST_NAMED = 20  # display: known names listed in one line, as many as fit a screen


class KaratError(Exception):
    """What is wrong, and what to do, in one line: ``column 'defualt' not found in loans.csv. Did you mean 'default'?``

    Parameters
    ----------
    problem : str
        What is wrong, with the value and its place, as a clause without a full stop.
    do : str
        What to do, as an order or a question.
    """

    exit_status: ClassVar[int] = 2

    def __init__(self, problem: str, do: str = "") -> None:
        problem, do = without_secrets(problem), without_secrets(do)
        self.problem, self.do = " ".join(problem.split()).rstrip("."), " ".join(do.split())
        super().__init__(self.problem, self.do)

    def __str__(self) -> str:
        do = self.do[:1].upper() + self.do[1:]
        return ". ".join(filter(None, (self.problem, do))) + ("" if do.endswith(("?", ".", "!")) else ".")


class InputError(KaratError):
    """The data cannot be used as it is."""


class MissingExtraError(InputError):
    """The data needs a package that is not installed."""


class OptionError(KaratError):
    """An option, a name or a setting is wrong."""

    @classmethod
    def unknown(cls, kind: str, name: str, known: Iterable[str], where: str = "", shown: int = MOST_NAMED) -> Self:
        """An unknown name, with the nearest known one.

        Parameters
        ----------
        kind : str
            What it names: "column", "check" …
        known : iterable of str
            The names there are.
        where : str, optional
            The file, the option or the setting in which it was given.
        shown : int
            How many names to list where none is near.
        """
        names = sorted(known)
        near = get_close_matches(name, names, n=1, cutoff=0.5)
        more = f" and {len(names) - shown} more" if len(names) > shown else ""
        listed = f"choose from: {', '.join(names[:shown])}{more}" if names else ""
        do = f"did you mean {near[0]!r}?" if near else listed
        place = f" ({where})" if where.startswith(("-", "[")) else f" in {where}" if where else ""
        return cls(f"{kind} {name!r} not found{place}", do)


class GateError(KaratError):
    """A gate was not met, or the guard stopped a step."""

    exit_status = 1


class MachineError(KaratError):
    """The machine is out of disk, memory or permission."""

    exit_status = 3
