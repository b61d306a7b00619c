import pytest

from karat.core.errors import OptionError
from karat.evaluate.headline import headline_metric, metric_named, metrics_for


def test_what_leads():
    assert [headline_metric(k).code() for k in (2, 3, 0)] == ["AUC", "F1", "R2"]


def test_names_are_forgiving_and_tasks_are_not():
    assert metric_named("log-loss", "classification").code() == "LogLoss"
    assert metric_named("macro_f1", "classification").code() == "F1"
    with pytest.raises(OptionError, match="Did you mean 'MSE'"):
        metric_named("MES", "regression")
    with pytest.raises(OptionError, match="metric for regression"):
        metric_named("auc", "regression")


def test_every_metric_of_a_task_is_found():
    assert {"AUC", "Accuracy", "Brier", "F1", "LogLoss", "Precision", "Recall"} <= {
        m.code() for m in metrics_for("classification")
    }
    assert {"MAE", "MSE", "R2"} <= {m.code() for m in metrics_for("regression")}
