import numpy as np
import pyarrow.parquet as pq
import pytest

from karat.core.errors import OptionError
from karat.deploy.judging import Service
from karat.deploy.request_checks import as_block
from karat.flow.forecasting import ForecastPairs, sight
from karat.flow.forecasting_on import Forecaster, deploy_forecaster
from tests.flow.test_forecasting import block_of, seasonal

SCORES = {
    "horizon": 2,
    "learners": {
        name: {"MAE": {"value": v}} for name, v in (("lags and calendar", 2.0), ("columns when it is made", 1.0))
    },
}


@pytest.fixture(scope="module")
def block():
    driver, y = seasonal(200)
    return block_of(y.round(4), "regression", driver=driver.round(4))


@pytest.fixture(scope="module")
def home(block, tmp_path_factory):
    place = tmp_path_factory.mktemp("deployed")
    assert deploy_forecaster(block, SCORES, place, "load", "3", 0) == 2
    return place


def test_what_comes_next_goes_on_with_the_season(home):
    told = pq.read_table(home / "forecast.parquet")
    assert told["step"].to_pylist() == [1, 2]
    assert told["time"].to_pylist() == ["2024-01-09T08:00:00", "2024-01-09T09:00:00"]
    truth = 100 + 5 * np.sin(2 * np.pi * np.arange(200, 202) / 12)
    assert told["forecast"].to_numpy() == pytest.approx(truth, abs=3)
    assert (told["low"].to_numpy() < told["forecast"].to_numpy()).all()
    assert (told["high"].to_numpy() > truth).all()


def test_the_served_forecaster_says_the_same_from_columns_alone(block, home):
    made = Forecaster.of(block, 2, SCORES["learners"], 0)
    assert made.way.name == "columns when it is made"
    service = Service.load(home, "forecast")
    signature = service.predictor.signature
    assert [entry.name for entry in signature.outputs] == ["value", "low", "high"]
    assert signature.model == "load-forecast"
    held, asked = made.prepared(block, "load-forecast", "3")
    told = service.predictor.answer(as_block(asked, held.schema))
    pairs = ForecastPairs.of(made.train[-len(asked) // 2 :], np.array([1, 2]))
    features = sight(block, made.way, made.lags, made.train, several=True)(pairs)
    value = made.model.predict(features)
    half = made.reach.half(pairs.steps, features[:, made.lags.names.index("spread of a season")])
    assert told["value"] == pytest.approx(value, rel=1e-6)
    assert told["low"] == pytest.approx(value - half, rel=1e-6)
    assert told["high"] == pytest.approx(value + half, rel=1e-6)
    with pytest.raises(OptionError, match="Did you mean 'forecast'"):
        Service.load(home, "forcast")
