"""The commands."""

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from karat.cli.app import app
from karat.cli.by_kind import require_on_data
from karat.cli.say import say
from karat.core.errors import OptionError

Data = Annotated[str, typer.Argument(help="file, folder, glob, URL, RUN@N or a karat.toml", metavar="DATA")]
Target = Annotated[str, typer.Option(help="the column to predict")]
Out = Annotated[Path | None, typer.Option(help="the run folder; default runs/<name of the input>")]
Kind = Annotated[str | None, typer.Option(help="table, text, chat, image, event or series; recognised when absent")]
Query = Annotated[str, typer.Option(help="SQL for a SQLite or DuckDB file")]
Key = Annotated[str, typer.Option(help="a column that names a record in both data sets")]
Metric = Annotated[str, typer.Option(help="the metric of the headline")]
Now = Annotated[str, typer.Option(help="the time taken as now, where the data has no clock of its own")]
Seed = Annotated[int, typer.Option(help="the seed of all chance")]
Budget = Annotated[str, typer.Option(help="time the run is to take, such as 5m: proof and learners are cut to fit")]
Workers = Annotated[int, typer.Option(help="cores to use; 0 for all. The answer does not depend on it")]
Quiet = Annotated[bool, typer.Option("--quiet", help="say nothing but errors")]
Json = Annotated[bool, typer.Option("--json", help="the summary as JSON on stdout")]
Answers = Annotated[Path | None, typer.Option(help="CSV of a person's answers: row, column, value")]
Profile = Annotated[str, typer.Option(help="rules for the documents of a corpus: karat, gopher, c4, fineweb, zh, …")]
Allow = Annotated[list[str] | None, typer.Option(help="a step the guard may not stop")]


Encoding = Annotated[
    str, typer.Option(help="encoding of delimited text, such as cp1252: any that Python knows; detected when absent")
]
Delimiter = Annotated[str, typer.Option(help="character between fields, or its name")]
Decimal = Annotated[str, typer.Option(help="decimal mark of numbers: . or ,")]
DateOrder = Annotated[str, typer.Option(help="dmy, mdy or ymd, for dates that can be read in several ways")]
HeaderRow = Annotated[str, typer.Option(help="line that names the columns, from 1; 3-4 for two; 0 for none")]
Sheet = Annotated[str, typer.Option(help="sheet of a workbook")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="ask nothing: take what was assumed of the file")]
How = Mapping[str, str] | None
READING = {
    "encoding": Encoding,
    "delimiter": Delimiter,
    "decimal": Decimal,
    "date_order": DateOrder,
    "header_row": HeaderRow,
    "sheet": Sheet,
}


def reads_data(command: Callable[..., None]) -> Callable[..., None]:
    """A command with the options that say how a file is read; it gets them together as ``how``."""

    def wrapped(**options: Any) -> None:
        how = {name: options.pop(name) for name in READING}
        command(**options, how=how)

    signature = inspect.signature(command)
    plain = [parameter for name, parameter in signature.parameters.items() if name != "how"]
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default="", annotation=annotation)
        for name, annotation in READING.items()
    ]
    wrapped.__name__, wrapped.__doc__ = command.__name__, command.__doc__
    wrapped.__signature__ = signature.replace(parameters=[*plain, *more])  # type: ignore[attr-defined]
    wrapped.__annotations__ = {parameter.name: parameter.annotation for parameter in (*plain, *more)}
    return wrapped


def _settings(
    data: str, out: Path | None, recipe: Mapping[str, Any] | None = None, **options: Any
) -> tuple[Any, Path, Any, Mapping[str, Any]]:
    """The data, the run folder, the settings, and how the source was read before where that was kept.

    Settings come from a spec file when DATA is one, or from a recipe, else from what ``karat look`` has kept; options
    overrule them.
    """
    from karat.flow.job import data_name
    from karat.flow.kept_reading import kept_reading
    from karat.flow.settings import made_settings, read_settings

    values: dict[str, Any] = {}
    if data.endswith(".toml"):
        values = read_settings(Path(data)).model_dump(mode="json", exclude_defaults=True)
        named = values.get("collect", {}).get("data", "")
        if not named:
            raise OptionError(f"{data} names no data", 'Write data = "FILE" under [collect], or name the file itself')
        data = named if "://" in named else str(Path(data).parent / named)
    home = out or Path("runs") / data_name(data)
    kept = {} if values else kept_reading(home, data)
    values |= {"collect": dict(kept)} if kept else {}
    for table, settings in (recipe or {}).items():
        values[table] = {**values.get(table, {}), **settings}
    for path, value in options.items():
        if value not in (None, "", (), [], 0):
            table, _, key = path.partition("__")
            if key:
                values.setdefault(table, {})[key] = value
            else:
                values[table] = value
    return data, home, made_settings(values, "the options"), kept


def job_of(
    data: str,
    upto: str,
    out: Path | None,
    quiet: bool,
    *,
    ask: bool = False,
    full: bool = False,
    truth: str = "",
    how: How = None,
    recipe: Mapping[str, Any] | None = None,
    **options: Any,
) -> Any:
    """The work that a command asks for; ``ask`` a person at a terminal where nothing decides how the data is read."""
    from karat.cli.progress import Progress
    from karat.flow.job import Job

    options |= {f"collect__{name}": value for name, value in (how or {}).items()}
    source, home, settings, kept = _settings(data, out, recipe, **options)
    if ask:
        from karat.cli.asking_how import settled_where_unclear

        settings = settled_where_unclear(source, home, settings, kept)
    return Job(source, home, upto, settings, listener=Progress(quiet=quiet), full=full, truth=truth or None)


def _finish(on: Any, *, quiet: bool, json: bool) -> None:
    """Show what came of it; GateError where the guard stopped something."""
    from karat.cli.gates import unstopped

    _show(on, quiet=quiet, json=json)
    unstopped(on.rooms["clean"])


def _show(on: Any, *, quiet: bool, json: bool) -> None:
    from karat.cli.summary import as_json, in_words

    if json:
        print(as_json(on))
    elif not quiet:
        say(in_words(on))


@app.command()
@reads_data
def assess(
    data: Data,
    target: Target = "",
    out: Out = None,
    kind: Kind = None,
    query: Query = "",
    profile: Profile = "",
    now: Now = "",
    seed: Seed = 0,
    workers: Workers = 0,
    quiet: Quiet = False,
    json: Json = False,
    yes: Yes = False,
    contract: Annotated[Path | None, typer.Option(help="an ODCS 3 contract: exit 1 when it is broken")] = None,
    write_contract: Annotated[Path | None, typer.Option(help="write what was learned as an ODCS 3 contract")] = None,
    fail_under: Annotated[
        list[str] | None, typer.Option(help="DIMENSION=SCORE: exit 1 below it", metavar="DIM=X")
    ] = None,
    how: How = None,
) -> None:
    """Say what is wrong; change nothing."""
    from karat.cli.gates import kept, met, read_gates, read_rules
    from karat.cli.wiring import walked

    job = job_of(
        data,
        "assess",
        out,
        quiet,
        ask=not (yes or quiet or json),
        how=how,
        collect__target=target,
        collect__kind=kind,
        collect__query=query,
        clean__profile=profile,
        now=now,
        seed=seed,
        workers=workers,
    )
    asked = {"assess --contract": contract, "assess --write-contract": write_contract}
    require_on_data([command for command, place in asked.items() if place is not None], job)
    gates = read_gates(fail_under or [])
    rules = contract and read_rules(contract)
    on = walked(job)
    _show(on, quiet=quiet, json=json)
    if write_contract is not None:
        from karat.flow.contracting import learned_contract

        learned_contract(on.folder, write_contract)
        say(f"contract   {write_contract}")
    met(gates, on.rooms["clean"]["scores"])
    if contract is not None:
        kept(rules, on.folder)


@app.command()
@reads_data
def clean(
    data: Data,
    target: Target = "",
    out: Out = None,
    kind: Kind = None,
    query: Query = "",
    answers: Answers = None,
    allow: Allow = None,
    profile: Profile = "",
    sweep: Annotated[
        str, typer.Option(help="a rule of a corpus's profile: what would be kept at other limits", metavar="RULE")
    ] = "",
    recipe: Annotated[
        Path | None, typer.Option("--from", help="a data-juicer recipe (YAML) or a datatrove script (.py) to follow")
    ] = None,
    mask: Annotated[bool, typer.Option("--mask", help="take personal data out; originals go to vault/ alone")] = False,
    now: Now = "",
    seed: Seed = 0,
    workers: Workers = 0,
    quiet: Quiet = False,
    json: Json = False,
    yes: Yes = False,
    emit_code: Annotated[
        bool, typer.Option("--emit-code", help="write the repairs as Python and SQL that run without Karat")
    ] = False,
    shards: Annotated[bool, typer.Option("--shards", help="write a corpus as training shards; see [prepare]")] = False,
    select: Annotated[
        str, typer.Option(help="diverse=N: also write the N kept records least like one another", metavar="HOW=N")
    ] = "",
    how: How = None,
) -> None:
    """Fix high-confidence errors; every change is reversible."""
    from karat.cli.wiring import walked
    from karat.flow.selecting import select as selected
    from karat.flow.selecting import wanted_size

    size = wanted_size(select) if select else 0
    translated = _translated(recipe, quiet=quiet) if recipe else None
    job = job_of(
        data,
        "clean",
        out,
        quiet,
        ask=not (yes or quiet or json),
        how=how,
        collect__target=target,
        collect__kind=kind,
        collect__query=query,
        now=now,
        seed=seed,
        workers=workers,
        label__answers=str(answers or ""),
        clean__allow=tuple(allow or ()),
        clean__profile=profile,
        clean__mask=mask,
        prepare__shards=shards,
        recipe=translated,
    )
    asked: dict[str, object] = {"clean --sweep": sweep, "clean --emit-code": emit_code, "clean --shards": shards}
    asked |= {"clean --mask": mask, "clean --select": select}
    require_on_data([command for command, value in asked.items() if value], job)
    on = walked(job)
    if sweep:
        from karat.cli.sweeping import shown

        say(shown(on, sweep))
    if size:
        place = selected(on.folder.path, size, seed)
        if not quiet:
            say(f"selected   {place}")
    if emit_code:
        from karat.flow.code import write_code

        write_code(on.folder.path)
    _finish(on, quiet=quiet, json=json)


def _translated(recipe: Path, *, quiet: bool) -> Mapping[str, Any]:
    """The settings of a recipe; what it says and what is left out is said first."""
    import sys

    from karat.flow.recipes import read_recipe

    said = read_recipe(recipe)
    if not quiet:
        print("\n".join(said.in_words()), file=sys.stderr)
    return said.settings


@app.command()
@reads_data
def run(
    data: Data,
    target: Target = "",
    out: Out = None,
    kind: Kind = None,
    query: Query = "",
    answers: Answers = None,
    allow: Allow = None,
    metric: Metric = "",
    now: Now = "",
    seed: Seed = 0,
    workers: Workers = 0,
    budget: Budget = "",
    quiet: Quiet = False,
    json: Json = False,
    yes: Yes = False,
    full: Annotated[bool, typer.Option("--full", help="also dose and response, record values and forecasts")] = False,
    truth: Annotated[str, typer.Option(help="the same records, clean: held-out values come from it")] = "",
    write_spec: Annotated[Path | None, typer.Option(help="write the inferred settings to this file and stop")] = None,
    how: How = None,
) -> None:
    """Take raw data to a served model, with proof of what cleaning was worth."""
    job = job_of(
        data,
        "run",
        out,
        quiet,
        ask=not (yes or quiet or json),
        full=full,
        truth=truth,
        how=how,
        collect__target=target,
        collect__kind=kind,
        collect__query=query,
        now=now,
        seed=seed,
        workers=workers,
        budget=budget,
        label__answers=str(answers or ""),
        clean__allow=tuple(allow or ()),
        evaluate__metric=metric,
    )
    if write_spec is not None:
        from karat.flow.spec import write_inferred

        write_inferred(job, write_spec)
        return
    from karat.cli.wiring import walked

    on = walked(job)
    _finish(on, quiet=quiet, json=json)


@app.command("list")
def list_units(
    name: Annotated[
        str,
        typer.Argument(help="check, fix, source, …; or one unit such as Misspellings, for its page", metavar="NAME"),
    ] = "",
    commands: Annotated[bool, typer.Option("--commands", help="which command applies to which kind of data")] = False,
) -> None:
    """List checks, fixes, learners and the rest, or show the page of one."""
    from karat.cli import by_kind, listing

    say("\n".join(by_kind.lines() if commands else listing.lines(name)), prose=bool(name))
