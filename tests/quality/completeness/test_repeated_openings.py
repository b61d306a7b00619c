import numpy as np
import pytest

from karat.core.schema import Role
from karat.quality.completeness.repeated_openings import RepeatedOpenings

SIGNS = list("山水人家天地日月风云花草树木鸟兽虫鱼上下左右东西南北")


def texts(letters, size=300, seed=3):
    chance = np.random.default_rng(seed)
    return ["".join(chance.choice(letters, 60).tolist()) for _ in range(size)]


def told(make, held):
    block, check = make({"t": held}, t=Role.TEXT), RepeatedOpenings()
    state = check.learn(block)
    return check.conclude(state, block.schema).to_pylist(), check.measures(state, block.schema, None)


@pytest.mark.parametrize("stock", ["Dear Sir or Madam, thank you for your letter. ", "亲爱的顾客您好，感谢您的光临。"])
@pytest.mark.parametrize("where", ["begin", "end"])
def test_stock_is_told_once_with_its_share(make, stock, where):
    letters = SIGNS if "亲" in stock else list("abcdefghij klmnop")
    held = [(stock + t if where == "begin" else t + stock) if at % 4 == 0 else t for at, t in enumerate(texts(letters))]
    found, measured = told(make, held)
    assert [(one["column"], one["row"]) for one in found] == [("t", None)]
    assert found[0]["message"].startswith("25% of 300")
    assert stock.strip().casefold() in found[0]["value"]
    assert (measured[0].bad, measured[0].total) == (1, 1)


def test_numbers_and_case_do_not_hide_a_template(make):
    held = [f"Order {at} was SENT on the {at % 28}th; {t}" for at, t in enumerate(texts(list("abcdefgh ")))]
    assert len(told(make, held)[0]) == 1


def test_equal_texts_and_free_ones_are_no_templates(make):
    assert not told(make, texts(list("abcdefgh ")))[0]
    assert not told(make, [*texts(list("abcdefgh ")), *["the very same text, again and again, all over"] * 200])[0]
