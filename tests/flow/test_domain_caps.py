"""Caps count what earlier steps have left."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from karat.flow.document_verdicts import Verdicts
from karat.flow.domain_caps import DOMAIN, ORDER, cap_domains


@dataclass
class Held:
    tables: list

    def __len__(self):
        return len(self.tables)

    def facts(self, at, names):
        return self.tables[at].select(names)


def parts(*halves):
    return Held([pa.table({DOMAIN: pa.array(d, pa.string()), ORDER: pa.array(o, pa.uint64())}) for d, o in halves])


def test_those_with_the_smallest_hashes_stay_over_all_parts():
    held = parts((["a", "b", "a"], [5, 1, 3]), (["a", None, "a"], [4, 0, 2]))
    verdicts = Verdicts.all_kept(6)
    cap_domains(held, verdicts, 2)
    assert np.flatnonzero(~verdicts.kept).tolist() == [0, 3]
    assert verdicts.measure[0] == 4
    assert verdicts.limit[0] == 2


def test_what_is_gone_already_does_not_count_and_of_equal_texts_the_first_stays():
    held = parts((["a", "a", "a"], [1, 2, 2]))
    verdicts = Verdicts.all_kept(3)
    verdicts.drop(("X", ""), np.array([0]))
    cap_domains(held, verdicts, 1)
    assert np.flatnonzero(~verdicts.kept).tolist() == [0, 2]


def test_nothing_to_cap():
    verdicts = Verdicts.all_kept(2)
    cap_domains(parts(([None, None], [1, 2])), verdicts, 1)
    assert verdicts.kept.all()
