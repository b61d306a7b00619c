"""``karat look``: how a source is read, before anything is done with it."""

import json as json_text
import sys
from pathlib import Path
from typing import Annotated

import typer

from karat.cli.app import app
from karat.cli.commands import Data, How, Json, Kind, Out, Query, Target, job_of, reads_data
from karat.cli.say import say

Yes = Annotated[bool, typer.Option("--yes", "-y", help="accept and save without asking")]


@app.command()
@reads_data
def look(
    data: Data,
    target: Target = "",
    out: Out = None,
    kind: Kind = None,
    query: Query = "",
    yes: Yes = False,
    json: Json = False,
    how: How = None,
) -> None:
    """Show how a file is read, and save it for the other commands."""
    from karat.cli.asking_how import can_ask, settled
    from karat.flow.kept_reading import keep_reading
    from karat.flow.looking import look as seen_of
    from karat.show.lines import width, wrapped
    from karat.show.preview import preview

    job = job_of(data, "assess", out, True, how=how, collect__target=target, collect__kind=kind, collect__query=query)
    seen = seen_of(job.data, job.settings)
    if json:
        print(json_text.dumps(seen.to_json(), ensure_ascii=False, indent=2))
    elif not yes and can_ask():
        if settled(str(job.data), job.out, job.settings, seen) is not None:
            say("\n".join(wrapped(_saved(job.out, data), width())))
        return
    else:
        say("\n".join(preview(seen, width())), told=True)
    if yes:
        keep_reading(job.out, str(job.data), job.settings, seen)
        print("\n".join(wrapped(_saved(job.out, data), width())), file=sys.stderr if json else sys.stdout)
    elif not json:
        say("\n".join(["", *wrapped(f"Not saved. --yes saves this in {job.out / 'karat.toml'}.", width())]))


def _saved(home: Path, data: str) -> str:
    return f"Saved in {home / 'karat.toml'}: karat run {data} reads it the same way."
