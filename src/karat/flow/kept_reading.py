"""How a source is read, kept in the ``karat.toml`` of its run folder, so that every command reads it alike."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from karat.core.errors import InputError
from karat.flow.folder import MARK, SETTINGS, require_run_folder, write_text
from karat.flow.journal import Change, locked
from karat.flow.looking import Look, look
from karat.flow.settings import Settings, made_settings, read_settings, written

# Of [collect]: what says how a source is read
READING = ("encoding", "delimiter", "header_row", "sheet", "decimal", "date_order", "kind", "text", "query", "columns")
# What is assumed of a source can be set; in this order it is left out again where setting it reads other cells
ASSUMED = ("decimal", "date_order", "header_row", "sheet", "delimiter", "encoding")


def kept_reading(home: Path, data: Any) -> dict[str, Any]:
    """The settings of ``[collect]`` that were kept for a source in its run folder; none where it is another source.

    Parameters
    ----------
    home : Path
        The run folder, which need not be there.
    data : path, address or table
    """
    place = home / SETTINGS
    if not isinstance(data, (str, Path)) or not place.is_file():
        return {}
    collect = read_settings(place).collect
    if not collect.data or not _same_place(collect.data, home, str(data)):
        return {}
    values = collect.model_dump(mode="json", exclude_defaults=True)
    return {"data": collect.data, **{name: values[name] for name in READING if name in values}}


def keep_reading(home: Path, data: str, settings: Settings, seen: Look) -> dict[str, str]:
    """Write how a source was read to ``karat.toml`` in its run folder, and return the settings of the reader.

    What was assumed is set from now on, but for settings that would read other cells.

    Raises
    ------
    InputError
        The folder holds other things than a run.
    """
    require_run_folder(home)
    assumed = _assumed(seen)
    for name in ("", *ASSUMED):
        assumed.pop(name, None)
        if look(data, with_values(settings, assumed)).same_as(seen):
            break
    home.mkdir(parents=True, exist_ok=True)
    assumed["target"] = ""  # what is to be predicted is said with each command
    named = data if "://" in data else os.path.relpath(Path(data).expanduser(), home)
    text = written(with_values(settings, {**assumed, "data": named}))
    if (home / MARK).is_file():
        with locked(home):
            change = Change(home)
            write_text(change.path(SETTINGS), text)
            change.commit()
    else:
        write_text(home / SETTINGS, text)
    return assumed


def _assumed(seen: Look) -> dict[str, str]:
    """The settings that stand for what was assumed, where all files of the source agree."""
    values: dict[str, str] = {}
    several: set[str] = set()
    for entry in seen.assumed:
        if entry.what in ASSUMED and entry.value:
            several |= {entry.what} if values.get(entry.what, entry.value) != entry.value else set()
            values[entry.what] = entry.value
    return {name: value for name, value in values.items() if name not in several}


def with_values(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """Settings with other values in ``[collect]``. Raises OptionError for one that means nothing."""
    collect = settings.collect.model_dump(mode="json", exclude_defaults=True) | dict(values)
    own = settings.model_dump(mode="json", exclude_defaults=True) | {"collect": collect}
    return made_settings(own, "the settings")


def _same_place(kept: str, home: Path, data: str) -> bool:
    """Is it the source whose name was kept, relative to the run folder?"""
    if "://" in kept or "://" in data:
        return kept == data
    try:
        return (home / kept).resolve() == Path(data).expanduser().resolve()
    except OSError as error:
        raise InputError(f"{data} cannot be looked up: {error.strerror}", "Check the path") from None
