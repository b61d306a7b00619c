"""``karat doctor``: what is installed, and what would be missing."""

import json as json_text
from pathlib import Path

from karat.cli.app import app
from karat.cli.commands import Json
from karat.cli.say import say
from karat.core.errors import MachineError
from karat.flow.installation import Installation, examined

NAME_CELLS = 12  # display: of a name


@app.command()
def doctor(json: Json = False) -> None:
    """Check what is installed and what is missing."""
    known = examined(Path.cwd())
    if json:
        print(json_text.dumps(known.to_json(), indent=2))
    else:
        say("\n".join(lines(known)))
    if known.missing:
        raise MachineError(f"{', '.join(known.missing)} not installed", "Install Karat again")


def lines(known: Installation) -> list[str]:
    """The installation in words."""
    memory = f", {known.memory_bytes / 2**30:,.0f} GB of memory" if known.memory_bytes else ""
    cores = "1 core" if known.cores == 1 else f"{known.cores} cores"
    versions = " · ".join(f"{name} {number or 'missing'}" for name, number in known.libraries.items())
    compiled = f"{known.compiled} files compiled and kept on disk" if known.compiled else "none compiled yet"
    later = "" if known.compiled else ": the first run takes up to half a minute longer"
    out = [
        _line("karat", f"{known.version} · Python {known.python} · {known.system} · {cores}{memory}"),
        _line("libraries", versions),
        _line("kernels", compiled + later),
    ]
    for place in known.places:
        trouble = f": {place.trouble}" if place.trouble else ""
        out.append(_line("disk", f"{place.free_bytes / 2**30:,.1f} GB free in {place.path} ({place.name}){trouble}"))
    for extra in known.extras:
        state = f"not installed: {extra.install}" if extra.missing else "installed"
        out.append(_line(f"[{extra.name}]", f"{extra.gives} · {state}"))
    return out


def _line(name: str, text: str) -> str:
    return f"{name:<{NAME_CELLS}} {text}"
