"""Commands about records and people: link, label."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karat.cli.app import app
from karat.cli.by_kind import require_on_run
from karat.cli.commands import How, Json, Out, Quiet, Seed, reads_data
from karat.cli.say import say
from karat.core.errors import InputError, OptionError
from karat.flow.private_files import require_no_links

if TYPE_CHECKING:
    from karat.flow.labelling import Labelling


@app.command()
@reads_data
def link(
    left: Annotated[str, typer.Argument(help="a table", metavar="A")],
    right: Annotated[
        str | None, typer.Argument(help="another; without it, A is searched for repeats", metavar="B")
    ] = None,
    one_to_one: Annotated[bool, typer.Option("--one-to-one", help="each record has at most one partner")] = False,
    out: Out = None,
    quiet: Quiet = False,
    json: Json = False,
    how: How = None,
) -> None:
    """Match records that refer to the same entity."""
    from karat.cli.linking import linked

    links = linked(left, right, one_to_one=one_to_one, out=out, how=how)
    if not quiet:
        print(links.as_json()) if json else say(links.in_words())


@app.command()
def label(
    votes: Annotated[
        str | None,
        typer.Argument(
            help="votes (item, voter, label), an annotation tool's file, or with --ask a run folder", metavar="VOTES"
        ),
    ] = None,
    items: Annotated[
        str | None, typer.Option(help="all items (item or id), with their texts where there are any")
    ] = None,
    gold: Annotated[str | None, typer.Option(help="known answers: item, label")] = None,
    probs: Annotated[str | None, typer.Option(help="a model's probabilities: item and a column a class")] = None,
    rules: Annotated[str | None, typer.Option(help="a Python file of functions under @karat.rule")] = None,
    classes: Annotated[str, typer.Option(help="all classes, with commas between")] = "",
    method: Annotated[str, typer.Option(help="majority, dawid_skene, …; auto chooses and says why")] = "auto",
    model: Annotated[str, typer.Option(help="a language model to ask as well, at KARAT_LLM_URL")] = "",
    parallel: Annotated[int, typer.Option(min=1, help="questions to the language model at once")] = 8,
    per_minute: Annotated[float, typer.Option(min=0, help="questions to it a minute at most; 0 for no limit")] = 0.0,
    max_cost: Annotated[float, typer.Option(min=0, help="money it may cost; 0 for no limit; needs prices")] = 0.0,
    price_in: Annotated[float, typer.Option(min=0, help="of a million tokens of its questions")] = 0.0,
    price_out: Annotated[float, typer.Option(min=0, help="of a million tokens of its answers")] = 0.0,
    trial: Annotated[
        bool, typer.Option("--trial", help="ask it about --gold alone, and say what the rest would cost")
    ] = False,
    voter: Annotated[
        list[str] | None, typer.Option(help="a voter to ask as well: its code in karat list voter; repeat for more")
    ] = None,
    answers: Annotated[
        str,
        typer.Option("--type", help="of the answers: class, ordinal, number, labels, span or box; auto recognises it"),
    ] = "auto",
    keep: Annotated[str, typer.Option(help="of repeated votes of one voter on one item: last, first or all")] = "last",
    source: Annotated[
        str,
        typer.Option("--from", help="label-studio, argilla, doccano, conll, coco or table; auto goes by the content"),
    ] = "auto",
    to: Annotated[
        str, typer.Option(help="the format of a file with the labels; by default the one that was read")
    ] = "",
    question: Annotated[str, typer.Option(help="of an annotation tool; by default the one answered most often")] = "",
    columns: Annotated[
        str, typer.Option(help="of a table of votes, such as voter=rater,label=score; by content when absent")
    ] = "",
    ask: Annotated[
        int | None, typer.Option(min=1, help="how many records of a run to ask a person about; documents with --rubric")
    ] = None,
    rubric: Annotated[
        str,
        typer.Option(help="VOTES is a corpus: --model judges documents by it (educational, coherent, factual, a file)"),
    ] = "",
    out: Out = None,
    seed: Seed = 0,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Turn votes into labels, choose records to ask people about, or learn a language model's judgement."""
    if rubric:
        from karat.cli.distilling import distilled
        from karat.flow.quality_distillation import Distillation

        limits = (parallel, per_minute, max_cost, price_in, price_out)
        wish = Distillation(votes, rubric, model, ask or Distillation.count, Distillation.good_from, seed, *limits)
        distilled(wish, out, trial=trial, quiet=quiet, json=json)
        return
    if ask is not None or _is_run(votes):
        _ask(Path(votes or ""), ask or 20, quiet=quiet)
        return
    from karat.flow.labelling import Labelling, with_classes
    from karat.label.vote_columns import read_columns

    home = out or Path("runs") / Path(votes or items or "labels").stem
    request = Labelling(
        votes,
        items,
        gold,
        probs,
        rules,
        method=method,
        model=model,
        seed=seed,
        voters=tuple(voter or ()),
        answers=answers,
        keep=keep,
        source=source,
        to=to,
        question=question,
        parallel=parallel,
        per_minute=per_minute,
        max_cost=max_cost,
        price_in=price_in,
        price_out=price_out,
        columns=read_columns(columns),
    )
    answer = _try if trial else _label
    answer(with_classes(request, classes), home, quiet=quiet, json=json)


def _label(request: "Labelling", home: Path, *, quiet: bool, json: bool) -> None:
    from karat.cli.labels import as_json, in_words
    from karat.flow.labelling import label as labelled

    labels = labelled(request, home, lambda words: None if quiet else say(words, error=True))
    labels.save(home)
    if json:
        print(as_json(labels, home))
    elif not quiet:
        say(in_words(labels, home))


def _try(request: "Labelling", home: Path, *, quiet: bool, json: bool) -> None:  # noqa: ARG001  it is asked for its words
    from json import dumps

    from karat.flow.labelling import trial

    if not (request.model and request.items and request.gold):
        raise OptionError("--trial needs --model, --items and --gold", "Name all three")
    tried = trial(request, home)
    if tried is None:
        raise InputError(
            f"no item of {request.items} is in {request.gold}", "Use the same names for items in both files"
        )
    print(dumps(tried.as_dict(), ensure_ascii=False)) if json else say(str(tried))


def _is_run(votes: str | None) -> bool:
    return votes is not None and Path(votes).is_dir()


def _ask(run: Path, count: int, *, quiet: bool) -> None:
    from karat.flow.asking import ask_about, so_far

    if not (run / "findings.parquet").exists():
        raise InputError(f"{run} is not a run folder: it has no findings", "Make one with karat clean DATA")
    require_no_links(run)
    require_on_run("label --ask", run)
    asked, place = ask_about(run, count)
    if not quiet:
        for line in asked.to_pylist():
            say(f"row {line['row']:>8}  {line['why']}")
        for said in so_far(run):
            say(said)
        say(
            f"\n{place} holds every cell of these records: write the right value where one is wrong, then\n"
            f"karat clean DATA --out {run} --answers {place}"
        )
