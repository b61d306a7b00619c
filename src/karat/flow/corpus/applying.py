"""``karat apply`` on documents: tomorrow's texts judged and cleaned as a run did with today's."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from karat.core.schema import Role, Schema
from karat.flow.folder import read_json
from karat.flow.guard import stopped_in
from karat.flow.job import Job
from karat.flow.run import walk
from karat.flow.settings import made_settings, read_settings
from karat.quality.documents import KIND


def apply_documents(run: Path, new: Any, out: Path, how: Mapping[str, str]) -> dict[str, int]:
    """Judge and clean new documents with the checks, limits and profile of a run; see ``applying.apply_run``.

    What the guard stopped in the run stays stopped. New documents are compared with one another; name an index of
    earlier texts (``[clean] index``) to compare them with those of the run too.
    """
    settings = read_settings(run / "karat.toml").model_dump(mode="json")
    text = Schema.from_json(read_json(run / "schema.json")).with_role(Role.TEXT)[0].name
    settings["collect"] |= {"kind": KIND, "text": text, "target": ""} | {key: held for key, held in how.items() if held}
    stopped = {stop.step for stop in stopped_in(run)}
    settings["clean"]["ignore"] = sorted({*settings["clean"]["ignore"], *stopped})
    settings["label"]["answers"], settings["store"]["versions"], settings["prepare"]["shards"] = "", False, False
    rooms = walk(Job(new, out, "clean", made_settings(settings, str(run / "karat.toml")))).rooms
    clean = rooms["clean"]
    quarantined = rooms["collect"]["quarantined"]
    return {
        "in": clean["records"] + quarantined,
        "kept": clean["kept"],
        "quarantined": quarantined,
        "findings": clean["findings"],
        "cells": clean["cells"],
    }
