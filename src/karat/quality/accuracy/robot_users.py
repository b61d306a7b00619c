"""Users that are programs."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import Dimension
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.events import OfEvents, SampledEvents
from karat.quality.interaction_columns import InteractionColumns
from karat.quality.robot_signals import signs


@dataclass(frozen=True)
class RobotUsers(OfEvents, Check):
    """Histories that no person wrote: two signs or more that know nothing of each other.

    Signs are a rate or amount far beyond the others', a clock (equal pauses, a steady beat, no sleep), items in the
    order of the catalogue, or side by side in it, one rating for everything, items as by chance, the same items over
    and over, and the very same items as another user; each has to stand out from the other users of the same data. One
    sign alone is a peculiar person, and only suspicious. A robot's thousand events weigh as much as fifty people's, and
    bend what everybody is shown.

    Parameters
    ----------
    two, three, more : float
        Confidence by the number of signs.
    alone : float
        Of a single sign; told at the user's first event.

    Source: Burke et al. (2006), Classification features for attack detection; Chu et al. (2010), Who is tweeting.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "risk of data set inaccuracy"
    unit: ClassVar[str] = "records"

    two: float = 0.85
    three: float = 0.95
    more: float = 0.99
    alone: float = 0.3

    def judge(self, state: SampledEvents, block: Block, before: Any = None) -> pa.Table:
        named = InteractionColumns.of(block.schema)
        assert named is not None
        count, words, first = derived(state, "robots", lambda: _signs_of_users(state))
        codes, texts = block.coded(named.user)
        place = pc.fill_null(pc.index_in(texts.cast(pa.large_string()), state.user.texts), -1).to_numpy()
        user = np.where((codes >= 0) & ~block.missing(named.user), np.append(place, -1)[codes], -1)
        shown = np.append(count, 0)[user]
        at = np.flatnonzero((shown >= 2) | ((shown == 1) & (np.append(first, -1)[user] == block.rows)))
        steps = np.array([0.0, self.alone, self.two, self.three, self.more])
        return self.found(
            len(at),
            row=block.rows[at],
            value=block.text(named.user).take(pa.array(at)),
            confidence=steps[np.minimum(shown[at], len(steps) - 1)],
            message=[words[code] for code in user[at].tolist()],
        )

    def total(self, state: SampledEvents, schema: Schema) -> int:
        return state.records


def _signs_of_users(events: SampledEvents) -> tuple[np.ndarray, dict[int, str], np.ndarray]:
    """(users,) how many kinds of signs each shows; the words about those with any; (users,) each one's first record."""
    count = np.zeros(len(events.user), np.int64)
    parts: dict[int, list[str]] = {}
    for group in signs(events).values():
        any_of = np.zeros(len(count), bool)
        for sign in group:
            for code in np.flatnonzero(sign.hit & ~any_of).tolist():  # the first of a kind is told
                parts.setdefault(code, []).append(sign.words.format(sign.value[code]))
            any_of |= sign.hit
        count += any_of
    texts = events.user.texts
    words = {code: f"user {texts[code].as_py()!r}: {', '.join(said)}; {_others(count)}" for code, said in parts.items()}
    first = np.full(len(count), np.iinfo(np.int64).max)
    sequence = events.sequence
    np.minimum.at(first, sequence.user, events.row[sequence.order])
    return count, words, first


def _others(count: np.ndarray) -> str:
    return f"{int((count == 0).sum()):,} of {len(count):,} users show no such sign"
