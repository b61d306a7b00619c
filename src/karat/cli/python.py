"""The commands as Python calls: ``karat.assess``, ``karat.clean``, ``karat.run``, ``karat.lift``."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from karat import kinds
from karat.cli.frames import library_of
from karat.cli.options import Options, as_settings, named_options
from karat.cli.results import Assessment, Cleaned, Labels, Run, TemporaryHome
from karat.flow.job import Job, data_name
from karat.flow.settings import made_settings

if TYPE_CHECKING:
    from karat.lift.certificate import Certificate

__all__ = ["Assessment", "Cleaned", "Labels", "Run", "aggregate", "assess", "clean", "lift", "run"]


@named_options
def assess(
    data: Any, target: str = "", *, out: str | Path | None = None, **options: Unpack[Options]
) -> Assessment[Any]:
    """Find what is wrong with a data set; nothing is changed.

    Parameters
    ----------
    data : path, URL, ``RUN@N``, or table
        A table is anything with ``__arrow_c_stream__`` (pandas, Polars, PyArrow, DuckDB); with ``kind="text"`` also a
        list of texts.
    target : str, default ''
        The column to predict; '' for none.
    out : path or None, default None
        The run folder. None keeps it in a temporary folder as long as the result lives.
    **options

    Returns
    -------
    Assessment
        ``.findings``, ``.scores`` (in [0, 1]), ``.accounting``, ``.quarantine``, ``.schema``; ``.save(folder)``. Tables
        are pandas for pandas, Polars for Polars, else Arrow; ``.arrow`` has them as Arrow always.

    Raises
    ------
    karat.InputError
        The data cannot be used as it is.
    karat.OptionError
        An option is unknown or out of its range.
    karat.MachineError
        Disk, memory or permission.
    """
    return Assessment(*_walked(data, "assess", target, out, options), library_of(data))


@named_options
def clean(data: Any, target: str = "", *, out: str | Path | None = None, **options: Unpack[Options]) -> Cleaned[Any]:
    """Find what is wrong with a data set and fix high-confidence errors; every change is reversible.

    Parameters
    ----------
    data : path, URL, ``RUN@N``, or table
        A table is anything with ``__arrow_c_stream__`` (pandas, Polars, PyArrow, DuckDB); with ``kind="text"`` also a
        list of texts. It is never written.
    target : str, default ''
        The column to predict; '' for none.
    out : path or None, default None
        The run folder. None keeps it in a temporary folder as long as the result lives.
    **options

    Returns
    -------
    Cleaned
        All of ``karat.assess``, and ``.data``, ``.ledger`` (one row a change), ``.review``, ``.undo(checks)``.

    Raises
    ------
    karat.InputError
        The data or the answers cannot be used as they are.
    karat.OptionError
        An option is unknown or out of its range.
    karat.MachineError
        Disk, memory or permission.
    """
    return Cleaned(*_walked(data, "clean", target, out, options), library_of(data))


@named_options
def run(
    data: Any,
    target: str = "",
    *,
    out: str | Path | None = None,
    truth: Any = None,
    full: bool = False,
    **options: Unpack[Options],
) -> Run[Any]:
    """Clean a data set, prove what that was worth to a model, and export the model.

    Parameters
    ----------
    data : path, URL, ``RUN@N``, or table
        A table is anything with ``__arrow_c_stream__`` (pandas, Polars, PyArrow, DuckDB). It is never written.
    target : str, default ''
        The column to predict; '' for none.
    out : path or None, default None
        The run folder. None keeps it in a temporary folder as long as the result lives.
    truth : like ``data``, or None, default None
        The same records, clean: the values to test against come from it.
    full : bool, default False
        Also measure dose and response, the value of each record, and forecasts.
    **options

    Returns
    -------
    Run
        All of ``karat.clean``, and ``.lift``, the certificate (None where there is nothing to predict).

    Raises
    ------
    karat.InputError
        The data cannot be used as it is, or is too small to test a model on.
    karat.OptionError
        An option is unknown or out of its range.
    karat.GateError
        The exported model answers otherwise than the trained one.
    karat.MachineError
        Disk, memory or permission.
    """
    return Run(*_walked(data, "run", target, out, options, truth=truth, full=full), library_of(data))


def _walked(
    data: Any, upto: str, target: str, out: str | Path | None, options: Options, **more: Any
) -> tuple[Path, TemporaryHome | None]:
    from karat.cli.wiring import walked

    settings = made_settings(as_settings(options, target), "the options")
    texts = isinstance(data, (list, tuple)) and data and all(text is None or isinstance(text, str) for text in data)
    if texts and settings.collect.kind:
        data = kinds.of(settings.collect.kind).of_strings(data)
    home = None if out else TemporaryHome()
    place = Path(out) if out else Path(home.path) / data_name(data)  # type: ignore[union-attr]
    walked(Job(data, place, upto, settings, **more))
    return place, home


def lift(
    before: Any,
    after: Any,
    target: str = "",
    *,
    truth: Any = None,
    test: Any = None,
    out: str | Path | None = None,
    key: str = "",
    metric: str = "",
    seed: int = 0,
    workers: int = 0,
    budget: str = "",
    full: bool = False,
    command: str = "",
    reads: str | Path = "",
) -> "Certificate":
    """Measure what a change of data was worth to a model: the certificate of the ``versions`` protocol.

    Parameters
    ----------
    before, after : path, ``RUN@N``, or table
        Two versions of the same records, paired by ``_row``, else by ``key``, else by content.
    target : str, default ''
        The column to predict; '' where a language model is judged by the texts themselves.
    truth : like ``before``, or None, default None
        The same records, clean: the values to test against come from it.
    test : like ``before``, or None, default None
        Records that are in neither version.
    out : path or None, default None
        A folder for ``lift.json``; None writes none.
    key : str, default ''
        A column that names a record in both versions.
    metric : str, default ''
        The metric of the headline; AUC, macro-F1 or R2, as the target asks, when ''.
    seed : int, default 0
    workers : int, default 0
        Cores to use, 0 for all; the answer does not depend on it.
    budget : str, default ''
        Time that the proof may take, such as '90s', '5m' or '1h'.
    full : bool, default False
        Also measure dose and response and the value of each record.
    command : str, default ''
        A program of your own to measure, with ``{data}`` and ``{seed}`` in it.
    reads : path, default ''
        The JSON file that the program writes its metric to.

    Returns
    -------
    karat.lift.certificate.Certificate
        ``.lift``, ``.low``, ``.high`` (95 %, + is better), ``.placebo``, ``.verdict`` and the other names of
        ``lift.json``.

    Raises
    ------
    karat.InputError
        The records cannot be paired, or are too few.
    karat.OptionError
        An option is unknown, or does not go with the data.
    """
    from karat.cli.lifting import compared, measured

    options: dict[str, Any] = {
        "target": target,
        "truth": truth,
        "test": test,
        "key": key,
        "metric": metric,
        "seed": seed,
        "workers": workers,
        "budget": budget,
        "full": full,
        "command": command,
        "reads": str(reads),
    }
    return compared(before, after, out=Path(out), **options)[0] if out else measured(before, after, **options)


def aggregate(
    votes: Any,
    items: Any = None,
    gold: Any = None,
    probs: Any = None,
    method: str = "auto",
    classes: Sequence[str] | None = None,
    seed: int = 0,
    answers: str = "auto",
    keep: str = "last",
) -> Labels[Any]:
    """Find the labels behind votes.

    Parameters
    ----------
    votes : table with ``item``, ``voter``, ``label``
        Anything with ``__arrow_c_stream__``, or a mapping of columns. A null label is an abstention. A label may be a
        class, a level, a number, a list of labels, of spans or of boxes. Also read: counts of votes (``item``,
        ``label``, ``count``), probabilities of voters (``item``, ``voter``, ``label``, ``probability``), and spans or
        boxes one a line (``start``, ``end`` or ``x``, ``y``, ``width``, ``height``).
    items : table with ``item`` or ``id``, or a sequence of names, default None
        All items, also those nobody voted on. Columns of text teach a model what votes cannot reach.
    gold : table with ``item`` and ``label``, default None
        Known answers: they choose the method, judge the voters and stand in the result.
    probs : table with ``item`` and a column a class, or ndarray (n, k) in the order of items and classes, default None
        A model's out-of-sample probabilities.
    method : str, default 'auto'
        'majority', 'weighted_majority', 'dawid_skene', 'one_coin', 'mace', 'glad', 'consensus', 'label_model',
        'known_answers', 'with_model', 'end_model' or, for levels, 'ordinal_scale'; for numbers 'weighted', 'median' or
        'mean'; 'auto' chooses and says why.
    classes : sequence of str, default None
        All classes in order; the labels met, sorted, when None.
    seed : int, default 0
        Draws folds; nothing else is left to chance.
    answers : str, default 'auto'
        The type of the answers: 'class', 'ordinal', 'number', 'labels', 'span' or 'box'; 'auto' recognises it.
    keep : str, default 'last'
        Which of several votes of one voter on one item count: 'last', 'first' or 'all'.

    Returns
    -------
    Labels
        ``.labels``, ``.voters``, ``.classes``, ``.agreement``, ``.chosen``, ``.ties``, ``.answers``, ``.verified``,
        ``.soft``, ``.suspects``, ``.notes``, ``.save(folder)``. Tables are pandas for pandas votes, Polars for Polars,
        else Arrow; ``.arrow`` has them as Arrow always.

    Raises
    ------
    karat.InputError
        Votes, known answers or probabilities that cannot be used: how many, and the first of them.
    karat.OptionError
        An unknown method, or one that lacks what it needs.

    Examples
    --------
    >>> votes = {"item": ["a", "a", "a", "b"], "voter": ["x", "y", "z", "x"], "label": ["猫", "猫", "狗", "狗"]}
    >>> aggregate(votes, method="majority").labels["label"].to_pylist()
    ['猫', '狗']
    """
    from karat.label.aggregating import aggregate as aggregated

    return Labels(aggregated(votes, items, gold, probs, method, classes, seed, answers, keep), library_of(votes))
