"""What a forecast came to, in words."""

from karat.flow.forecast_words import sentence, title

FORECAST = {
    "horizon": 12,
    "step": "monthly",
    "folds": 5,
    "choice": {"panel": "combination", "each": {"": "combination"}, "usual": {"drift": 0.2, "theta": 0.8}},
    "shipped": {"MASE": 0.5, "naive": "seasonal naive", "naive_MASE": 1.0},
    "intervals": {"combination": {"level": 0.9, "coverage": 0.9123}},
    "known_ahead": [],
    "told": [],
}


def test_title_and_sentence():
    assert title(FORECAST) == "Forecast 12 steps ahead: MASE 0.500, seasonal naive 1.000"
    assert sentence(FORECAST) == (
        "Monthly; combination answers, made of theta (80%), drift (20%). "
        "Its 90% intervals held 91.2% of the values in 5 windows of the past."
    )


def test_panels_short_histories_and_doubts():
    each = {"a": "combination", "b": "drift"}
    many = FORECAST | {
        "choice": {"panel": "combination", "each": each},
        "known_ahead": ["promo"],
        "told": ["The times are uneven"],
    }
    said = sentence(many)
    assert "combination answers for 1 of 2 series and a naive forecast" in said
    assert said.endswith("Known ahead: promo. The times are uneven.")
    assert title(FORECAST | {"shipped": {}}) == "Forecast 12 steps ahead: the history is too short to measure it"
