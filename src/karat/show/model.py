"""How good the model is, for a reader: from what the rooms left in ``run.json``."""

from typing import Any

from karat.show.facts import Facts


def model_quality(facts: Facts) -> dict[str, Any] | None:
    """What the page shows of the model; None without one."""
    return None
