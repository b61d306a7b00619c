"""Shares of games with a known answer."""

import pytest

from karat.lift.shapley import Coalition, exact, sampled, shares

GLOVES = {"left": 0.0, "right one": 0.0, "right two": 0.0}


def glove(some: Coalition) -> float:
    return float("left" in some and bool(some & {"right one", "right two"}))


def test_glove_game() -> None:
    assert exact(list(GLOVES), glove) == pytest.approx({"left": 2 / 3, "right one": 1 / 6, "right two": 1 / 6})


def test_useless_player_gets_nothing_and_shares_add_up() -> None:
    def value(some: Coalition) -> float:
        return 0.3 + 2.0 * ("a" in some) - 1.0 * ("b" in some) + 0.5 * ({"a", "b"} <= some)

    found = exact(["a", "b", "idle"], value)
    assert found["idle"] == 0.0
    assert sum(found.values()) == pytest.approx(value(frozenset({"a", "b", "idle"})) - value(frozenset()))


def test_sampled_adds_up_and_is_near() -> None:
    found = sampled(list(GLOVES), glove, seed=0, pairs=400)
    assert sum(found.values()) == pytest.approx(1.0)
    assert found["left"] == pytest.approx(2 / 3, abs=0.05)


def test_many_players_are_sampled() -> None:
    players = [str(at) for at in range(9)]
    found = shares(players, lambda some: float(len(some)), seed=1)
    assert found == pytest.approx(dict.fromkeys(players, 1.0))
