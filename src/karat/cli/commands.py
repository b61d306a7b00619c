"""The commands."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from karat.cli.app import app
from karat.cli.by_kind import require_on_data
from karat.cli.say import say
from karat.core.errors import OptionError
from karat.show.spoken import speak


def _spoken(lang: str) -> str:
    """From here on everything is said in the language asked for."""
    if lang:
        speak(lang)
    return lang


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
Mask = Annotated[bool, typer.Option("--mask", help="take personal data out; originals go to vault/ alone")]


Encoding = Annotated[
    str, typer.Option(help="encoding of delimited text, such as cp1252: any that Python knows; detected when absent")
]
Delimiter = Annotated[str, typer.Option(help="character between fields, or its name")]
Decimal = Annotated[str, typer.Option(help="decimal mark of numbers: . or ,")]
DateOrder = Annotated[str, typer.Option(help="dmy, mdy or ymd, for dates that can be read in several ways")]
HeaderRow = Annotated[str, typer.Option(help="line that names the columns, from 1; 3-4 for two; 0 for none")]
Sheet = Annotated[str, typer.Option(help="sheet of a workbook")]
Lang = Annotated[str, typer.Option(help="language of what is shown: en or zh", callback=_spoken)]
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
WALKING: dict[str, tuple[Any, Any]] = {
    "data": (Data, inspect.Parameter.empty),
    "target": (Target, ""),
    "out": (Out, None),
    "kind": (Kind, None),
    "query": (Query, ""),
    "now": (Now, ""),
    "seed": (Seed, 0),
    "workers": (Workers, 0),
    "quiet": (Quiet, False),
    "json": (Json, False),
    "yes": (Yes, False),
    "lang": (Lang, ""),
}


@dataclass(frozen=True)
class Walking:
    """What was asked of a command that walks data, as far as all of them have it."""

    data: str
    out: Path | None
    quiet: bool
    json: bool
    yes: bool
    seed: int
    settings: Mapping[str, Any]
    how: Mapping[str, str]

    def job(self, upto: str, **options: Any) -> Any:
        """The work, with options of the command's own."""
        ask = not (self.yes or self.quiet or self.json)
        options |= self.settings
        return job_of(self.data, upto, self.out, self.quiet, ask=ask, how=self.how, seed=self.seed, **options)

    def finish(self, on: Any) -> None:
        """Show what came of it; GateError where the guard stopped something."""
        from karat.cli.gates import unstopped

        self.show(on)
        unstopped(on.rooms["clean"])

    def show(self, on: Any) -> None:
        """Show what came of it."""
        from karat.cli.summary import as_json, in_words

        if self.json:
            print(as_json(on))
        elif not self.quiet:
            say(in_words(on))

    def tell(self, line: str) -> None:
        """One more line for a person; a program gets none."""
        if not (self.quiet or self.json):
            say(line)


def _walking(
    data: str,
    out: Path | None,
    quiet: bool,
    json: bool,
    yes: bool,
    seed: int,
    now: str,
    workers: int,
    lang: str,
    **rest: Any,
) -> Walking:
    rest = dict(rest)
    settings = {"show__lang": lang} | {f"collect__{name}": rest.pop(name) for name in ("target", "kind", "query")}
    return Walking(data, out, quiet, json, yes, seed, settings | {"now": now, "workers": workers}, rest)


def _gathering(
    command: Callable[..., None], name: str, options: Mapping[str, tuple[Any, Any]], put_together: Callable[..., Any]
) -> Callable[..., None]:
    """A command with more options, by name with annotation and default; it gets what is made of them under a name."""

    def wrapped(**given: Any) -> None:
        gathered = put_together(**{option: given.pop(option) for option in options})
        command(**given, **{name: gathered})

    own = [parameter for parameter in inspect.signature(command).parameters.values() if parameter.name != name]
    more = [
        inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for option, (annotation, default) in options.items()
    ]
    shown = sorted(
        [*more, *own], key=lambda entry: (entry.default is not inspect.Parameter.empty, entry.name in READING)
    )
    wrapped.__name__, wrapped.__doc__ = command.__name__, command.__doc__
    wrapped.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in shown]
    )
    wrapped.__annotations__ = {parameter.name: parameter.annotation for parameter in shown}
    return wrapped


def reads_data(command: Callable[..., None]) -> Callable[..., None]:
    """A command with the options that say how a file is read; it gets them together as ``how``."""
    options = {name: (kind, "") for name, kind in READING.items()} | {"lang": (Lang, "")}
    return _gathering(command, "how", options, lambda **how: {name: how[name] for name in READING})


def walks_data(command: Callable[..., None]) -> Callable[..., None]:
    """A command with the data and the options of all that walk it; it gets them together as ``walk``."""
    reading = {name: (kind, "") for name, kind in READING.items()}
    return _gathering(command, "walk", WALKING | reading, _walking)


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
    if settings.show.lang != "en":
        speak(settings.show.lang)
    if ask:
        from karat.cli.asking_how import settled_where_unclear

        settings = settled_where_unclear(source, home, settings, kept)
    return Job(source, home, upto, settings, listener=Progress(quiet=quiet), full=full, truth=truth or None)


@app.command()
@walks_data
def assess(
    walk: Walking,
    profile: Profile = "",
    contract: Annotated[Path | None, typer.Option(help="an ODCS 3 contract: exit 1 when it is broken")] = None,
    write_contract: Annotated[Path | None, typer.Option(help="write what was learned as an ODCS 3 contract")] = None,
    fail_under: Annotated[
        list[str] | None, typer.Option(help="DIMENSION=SCORE: exit 1 below it", metavar="DIM=X")
    ] = None,
) -> None:
    """Say what is wrong; change nothing."""
    from karat.cli.gates import kept, met, read_gates, read_rules
    from karat.cli.wiring import walked

    job = walk.job("assess", clean__profile=profile)
    asked = {"assess --contract": contract, "assess --write-contract": write_contract}
    require_on_data([command for command, place in asked.items() if place is not None], job)
    gates = read_gates(fail_under or [])
    rules = contract and read_rules(contract)
    on = walked(job)
    walk.show(on)
    if write_contract is not None:
        from karat.flow.contracting import learned_contract

        learned_contract(on.folder, write_contract)
        walk.tell(f"contract   {write_contract}")
    met(gates, on.rooms["clean"]["scores"])
    if contract is not None:
        kept(rules, on.folder)
        walk.tell(f"contract   {contract} holds: no violations")


@app.command()
@walks_data
def clean(
    walk: Walking,
    answers: Answers = None,
    allow: Allow = None,
    profile: Profile = "",
    sweep: Annotated[
        str, typer.Option(help="a rule of a corpus's profile: what would be kept at other limits", metavar="RULE")
    ] = "",
    recipe: Annotated[
        Path | None, typer.Option("--from", help="a data-juicer recipe (YAML) or a datatrove script (.py) to follow")
    ] = None,
    mask: Mask = False,
    emit_code: Annotated[
        bool, typer.Option("--emit-code", help="write the repairs as Python and SQL that run without Karat")
    ] = False,
    shards: Annotated[bool, typer.Option("--shards", help="write a corpus as training shards; see [prepare]")] = False,
    select: Annotated[
        str, typer.Option(help="diverse=N: also write the N kept records least like one another", metavar="HOW=N")
    ] = "",
) -> None:
    """Fix high-confidence errors; every change is reversible."""
    from karat.cli.wiring import walked
    from karat.flow.selecting import select as selected
    from karat.flow.selecting import wanted_size

    size = wanted_size(select) if select else 0
    job = walk.job(
        "clean",
        label__answers=str(answers or ""),
        clean__allow=tuple(allow or ()),
        clean__profile=profile,
        clean__mask=mask,
        prepare__shards=shards,
        recipe=_translated(recipe, quiet=walk.quiet) if recipe else None,
    )
    asked: dict[str, object] = {"clean --sweep": sweep, "clean --emit-code": emit_code, "clean --shards": shards}
    asked |= {"clean --mask": mask, "clean --select": select}
    require_on_data([command for command, value in asked.items() if value], job)
    on = walked(job)
    if sweep:
        from karat.cli.sweeping import shown

        say(shown(on, sweep))
    if size:
        place = selected(on.folder.path, size, walk.seed)
        if not walk.quiet:
            say(f"selected   {place}")
    if emit_code:
        from karat.flow.code import write_code

        write_code(on.folder.path)
    walk.finish(on)


def _translated(recipe: Path, *, quiet: bool) -> Mapping[str, Any]:
    """The settings of a recipe; what it says and what is left out is said first."""
    import sys

    from karat.flow.recipes import read_recipe

    said = read_recipe(recipe)
    if not quiet:
        print("\n".join(said.in_words()), file=sys.stderr)
    return said.settings


@app.command()
@walks_data
def run(
    walk: Walking,
    answers: Answers = None,
    allow: Allow = None,
    metric: Metric = "",
    budget: Budget = "",
    mask: Mask = False,
    full: Annotated[bool, typer.Option("--full", help="also dose and response, record values and forecasts")] = False,
    truth: Annotated[str, typer.Option(help="the same records, clean: held-out values come from it")] = "",
    write_spec: Annotated[Path | None, typer.Option(help="write the inferred settings to this file and stop")] = None,
) -> None:
    """Take raw data to a served model, with proof of what cleaning was worth."""
    job = walk.job(
        "run",
        full=full,
        truth=truth,
        budget=budget,
        label__answers=str(answers or ""),
        clean__allow=tuple(allow or ()),
        clean__mask=mask,
        evaluate__metric=metric,
    )
    if write_spec is not None:
        from karat.flow.spec import write_inferred

        write_inferred(job, write_spec)
        return
    from karat.cli.wiring import walked

    walk.finish(walked(job))


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
