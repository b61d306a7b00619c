"""Limits are settings: each has a key of its name, and the error says which one to raise."""

from karat.collect.limits import LIMITS, LimitError, set_higher
from karat.core.errors import InputError
from karat.flow.settings import CollectSettings


def test_every_limit_is_a_setting_with_its_default() -> None:
    fields = CollectSettings.model_fields
    assert {key: fields[key].default for key in LIMITS} == LIMITS


def test_what_asks_for_too_much_is_told_what_to_raise() -> None:
    assert set_higher("max_query_seconds") == (
        "if you trust the file, set max_query_seconds higher in [collect] of karat.toml"
    )
    assert issubclass(LimitError, InputError)
    assert LimitError.exit_status == 2
