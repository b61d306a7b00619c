"""Which command makes sense on which kind of data: the table that commands consult before they start.

``karat list --commands`` prints it, and a test tries every cell.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from karat.core.errors import OptionError
from karat.core.schema import kind_name
from karat.flow.folder import read_json
from karat.flow.job import Job

KINDS = ("table", "text", "chat", "image", "event", "series")
WIDTH = 24  # display: characters of a command
CELL = 8  # display: characters of a kind


@dataclass(frozen=True)
class No:
    """Why a command does not apply to a kind of data, and what does."""

    why: str
    instead: str


def _all_but(*names: str) -> tuple[str, ...]:
    return tuple(name for name in KINDS if name not in names)


def _refused(names: Iterable[str], why: str, instead: str) -> dict[str, No]:
    return dict.fromkeys(names, No(why, instead))


COMMANDS: Mapping[str, Mapping[str, No]] = {
    "assess": {},
    "assess --contract": {},
    "assess --write-contract": {},
    "clean": {},
    "clean --answers": {},
    "clean --mask": {},
    "clean --sweep": _refused(_all_but("text"), "it varies the limits of the rules for documents", "Leave it out"),
    "clean --emit-code": _refused(
        ["text", "image"],
        "the code it writes repairs cells of CSV files",
        "Use ledger.parquet in the run folder",
    ),
    "clean --select": _refused(["image"], "it compares what is written in columns", "Leave it out"),
    "clean --shards": _refused(_all_but("text"), "training shards are made of documents", "Use data.parquet"),
    "run": {},
    "lift": {},
    "link": _refused(["image"], "it compares what is written in columns", "Use the duplicates that karat clean finds"),
    "apply": {},
    "watch": _refused(
        ["text", "chat", "image"], "it judges records that come one at a time", "Use karat apply RUN NEW"
    ),
    "drift": _refused(
        ["text", "chat", "image", "event"], "it compares columns of records", "Use karat assess on the new data"
    ),
    "learn": _refused(
        ["text", "chat", "image", "event", "series"], "it learns from outcomes of single records", "Use karat run again"
    ),
    "why": {},
    "verify": {},
    "label --ask": {},
    "review": {},
    "serve": _refused(["chat"], "karat run makes no model of chats", "Tune one on data.jsonl in the run folder")
    | _refused(
        ["event"], "it serves models of single records", "Use recommendations.parquet in the run's model folder"
    ),
    "train": _refused(
        _all_but("text"), "a language model is trained on documents", "Use karat run for a model of this data"
    ),
    "store log": {},
    "store diff": {},
    "store tag": {},
    "store restore": {},
    "store export": {},
    "store append": {},
    "store forget": {},
}


def require(command: str, kind: str) -> None:
    """Refuse a command that makes no sense on a kind of data.

    Parameters
    ----------
    command : str
        As in ``COMMANDS``.
    kind : str
        Name of a kind of data, an earlier name too.

    Raises
    ------
    OptionError
        Why it does not apply, and what to do instead.
    """
    name = kind_name(kind)
    no = COMMANDS[command].get(name)
    if no is not None:
        others = [other for other in KINDS if other not in COMMANDS[command]]
        few = len(others) < len(COMMANDS[command])  # then the beginning of the data may show less than its kind
        place = f"applies to {', '.join(others)} data only" if few else f"does not apply to {name} data"
        raise OptionError(f"karat {command} {place}: {no.why}", no.instead)


def require_on_run(command: str, run: Path) -> None:
    """``require`` for the data of a run folder; a folder without a schema is left to the command."""
    place = run / "schema.json"
    if place.is_file():
        require(command, str(read_json(place).get("kind", "table")))


def require_on_data(commands: Iterable[str], job: Job) -> None:
    """``require`` for the data of a job, as its beginning shows; commands that suit every kind look at nothing."""
    from karat.flow.kinds import kind_of

    asked = [command for command in commands if COMMANDS[command]]
    if asked:
        kind = kind_of(job).kind.name
        for command in asked:
            require(command, kind)


def lines() -> list[str]:
    """The table as text: a line a command, then the reasons."""
    out = [f"{'command':<{WIDTH}}" + "".join(f"{name:<{CELL}}" for name in KINDS).rstrip()]
    reasons: dict[tuple[str, No], list[str]] = {}
    for command, refused in COMMANDS.items():
        cells = "".join(f"{'no' if name in refused else 'yes':<{CELL}}" for name in KINDS)
        out.append(f"{command:<{WIDTH}}{cells.rstrip()}")
        for name, no in refused.items():
            reasons.setdefault((command, no), []).append(name)
    out.append("")
    out += [f"{command} on {', '.join(names)}: {no.why}. {no.instead}." for (command, no), names in reasons.items()]
    return out
