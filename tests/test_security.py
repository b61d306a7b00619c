"""SECURITY.md says what is so."""

import re
from pathlib import Path

from karat.collect.limits import LIMITS
from karat.store import vault_key

TEXT = (Path(__file__).parents[1] / "SECURITY.md").read_text(encoding="utf-8")


def test_limits_and_their_defaults_are_those_of_the_code():
    said = {name: float(value) for name, value in re.findall(r"\| `(max_\w+)` \| (\d+) \|", TEXT)}
    assert said == {name: float(value) for name, value in LIMITS.items()}


def test_names_of_the_keys_are_those_of_the_code():
    assert set(re.findall(r"KARAT_KEY\w*", TEXT)) == {vault_key.KEY, vault_key.KEY_FILE}
