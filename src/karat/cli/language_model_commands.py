"""``karat train``: a small GPT from the shards of a cleaned corpus."""

from pathlib import Path
from typing import Annotated

import typer

from karat.cli.app import app
from karat.cli.by_kind import require_on_run
from karat.cli.commands import Json, Quiet, Seed
from karat.cli.say import say


@app.command()
def train(
    run: Annotated[Path, typer.Argument(help="a run of karat clean --shards, or a folder of shards", metavar="RUN")],
    start: Annotated[
        Path | None, typer.Option(help="a local GPT-2 checkpoint to tune; its tokenizer made the shards")
    ] = None,
    held_out: Annotated[
        list[str] | None, typer.Option(help="texts to judge by, beside those the shards hold out; may be repeated")
    ] = None,
    steps: Annotated[int, typer.Option(help="steps of training")] = 1_000,
    batch: Annotated[int, typer.Option(help="windows a step")] = 16,
    context: Annotated[int, typer.Option(help="tokens of a window")] = 128,
    layers: Annotated[int, typer.Option(help="layers")] = 4,
    heads: Annotated[int, typer.Option(help="heads of a layer")] = 4,
    width: Annotated[int, typer.Option(help="width of a layer; the heads divide it")] = 128,
    learning_rate: Annotated[float, typer.Option(help="at its highest")] = 2e-3,
    device: Annotated[str, typer.Option(help="cpu or cuda; a GPU where there is one")] = "",
    out: Annotated[Path | None, typer.Option(help="where the model goes; default RUN/model")] = None,
    seed: Seed = 0,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Train or tune a small GPT on a corpus's shards."""
    from karat.cli.progress import Progress
    from karat.flow.language_model import GptRecipe, in_words, train_language_model

    require_on_run("train", run)
    bar = Progress(quiet=quiet)
    bar.enter("train")
    try:
        said = train_language_model(
            run,
            start=start or "",
            held_out=held_out or (),
            out=out or "",
            recipe=GptRecipe(steps, batch, context, layers, heads, width, learning_rate, seed, device),
            progress=bar.tick,
        )
    finally:
        bar.stop()
    if json:
        import json as written

        print(written.dumps(said, indent=2))
    elif not quiet:
        say("\n".join(in_words(said)))
