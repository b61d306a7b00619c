"""``karat store``: versions of a run's data."""

from pathlib import Path
from typing import Annotated, Any

import typer

from karat.cli.app import Commands, app
from karat.cli.by_kind import require_on_run
from karat.cli.say import say
from karat.core.errors import InputError

store_app = Commands(help="Keep, compare and restore versions.", rich_markup_mode=None, no_args_is_help=True)
app.add_typer(store_app, name="store")

Run = Annotated[Path, typer.Argument(help="a run folder", metavar="RUN")]
Version = Annotated[str, typer.Argument(help="a version number, tag or label", metavar="VERSION")]
MAX_LINES = 50  # display: changes


def _store(run: Path) -> Any:
    from karat.store.versions import Store

    if not (run / "store").is_dir():
        raise InputError(f"{run} has no stored versions", "Make some with karat clean DATA or karat run DATA")
    return Store(run / "store")


def _named(version: str) -> int | str:
    return int(version) if version.isdigit() else version


def _shown(value: str | None) -> str:
    return "blank" if value is None else repr(value)


@store_app.command()
def log(run: Run) -> None:
    """All versions, oldest first."""
    for version in _store(run).log():
        tags = f"  ({', '.join(version.tags)})" if version.tags else ""
        parent = f" ← {version.parent}" if version.parent is not None else ""
        say(
            f"{version.number}  {version.label}{parent}  {version.records:,} × {version.columns}  "
            f"{version.written_at:%Y-%m-%d %H:%M:%S}  {version.content[:12]}{tags}"
        )


@store_app.command()
def diff(
    run: Run,
    before: Annotated[str, typer.Argument(help="a version number, tag or label", metavar="A")],
    after: Annotated[str, typer.Argument(help="another", metavar="B")],
) -> None:
    """What changed between two versions, by row and cell."""
    changed = _store(run).diff(_named(before), _named(after))
    for line in changed.slice(0, MAX_LINES).to_pylist():
        place = f"row {line['row']}" + (f" · {line['column']}" if line["column"] else "")
        say(
            f"{line['action']:<5} {place}: {_shown(line['before'])} → {_shown(line['after'])}"
            if line["column"]
            else f"{line['action']:<5} {place}"
        )
    rest = changed.num_rows - MAX_LINES
    say(
        f"{changed.num_rows:,} differences"
        + (f", the first {MAX_LINES} shown; all of them are in ledger.parquet" if rest > 0 else "")
    )


@store_app.command()
def tag(run: Run, version: Version, name: Annotated[str, typer.Argument(help="the name", metavar="NAME")]) -> None:
    """Give a version a name."""
    from karat.flow.journal import Change, locked

    store = _store(run)
    with locked(run):
        store.tag(_named(version), name)
        Change(run).commit()  # the digests of the store follow
    say(f"version {version} is now also called {name}")


@store_app.command()
def restore(run: Run, version: Version) -> None:
    """Make an old version the newest again, in data.parquet too."""
    from karat.flow.versions import restored

    number = restored(run, _named(version))
    say(f"version {number} is equal to version {version}; {run / 'data.parquet'} holds it now")


@store_app.command()
def export(
    run: Run,
    version: Version,
    to: Annotated[Path, typer.Argument(help="a new folder", metavar="FOLDER")],
    weigh_labels: Annotated[
        bool,
        typer.Option("--weigh-labels", help="add _weight: how probable each label is, by models that never saw it"),
    ] = False,
) -> None:
    """Write one version as a folder that another machine opens."""
    from karat.flow.exporting import exported

    say(str(exported(_store(run), run, _named(version), to, weigh=weigh_labels)))


@store_app.command()
def append(run: Run, new: Annotated[str, typer.Argument(help="records with the same columns", metavar="NEW")]) -> None:
    """Add later records; only they are read, and the data and every check's statistics are brought up to date."""
    from karat.flow.appending import appending

    require_on_run("store append", run)
    with appending(run, new) as done:
        say(
            f"{done['in']:,} records in · {done['kept']:,} kept · {done['quarantined']:,} quarantined · "
            f"{done['findings']:,} findings · {done['cells']:,} cells fixed\n"
            f"version {done['version']} holds them from row {done['first']} on; {run / 'data.parquet'} too",
        )


@store_app.command()
def forget(run: Run) -> None:
    """Destroy the originals of masked personal data, for good."""
    from karat.store.vault import Vault

    say(f"{Vault(run / 'vault').forget():,} originals were destroyed")
