"""Which metric leads, and how a metric is named by users."""

from karat.core.errors import OptionError
from karat.core.registry import units
from karat.core.unit import Metric


def headline_metric(classes: int) -> Metric:
    """AUC for two classes, F1 (its mean over classes) for more, R2 for numbers (0 classes)."""
    from karat.evaluate.auc import AUC
    from karat.evaluate.f1 import F1
    from karat.evaluate.r2 import R2

    return AUC() if classes == 2 else F1() if classes else R2()


def metrics_for(task: str) -> tuple[Metric, ...]:
    """Every metric of a task, "classification" or "regression", by name."""
    return tuple(unit() for unit in units("metric").values() if issubclass(unit, Metric) and task in unit.tasks)


def metric_named(name: str, task: str) -> Metric:
    """The metric of a name, letter case and separators aside.

    Raises
    ------
    OptionError
        For a name that is not known, or is not of the task.
    """
    known = {type(metric).__name__: metric for metric in metrics_for(task)}
    plain = {key.lower(): metric for key, metric in known.items()}
    asked = "".join(char for char in name.lower() if char.isalnum())
    asked = {"macrof1": "f1", "rocauc": "auc"}.get(asked, asked)
    if asked not in plain:
        raise OptionError.unknown(f"metric for {task}", name, known, where="--metric")
    return plain[asked]
