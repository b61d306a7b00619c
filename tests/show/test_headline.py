"""The page's sentences, told from figures that are counted by hand."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from karat.show.headline import ROOMS, commands, dimensions, figures, headline, path
from karat.show.run_files import Facts

NUMBERS = {"found": 3, "suspicious": 0, "cells": 2, "removed": 1, "quarantined": 0, "kept": 9, "in": 10, "waiting": 1}
NUMBERS |= {"columns": 4, "checks": 2}


def test_the_figures_of_a_run(clean_run: Path) -> None:
    assert figures(Facts(clean_run)) == {
        "found": 3,
        "suspicious": 1,
        "cells": 1,
        "removed": 1,
        "quarantined": 1,
        "kept": 3,
        "in": 5,
        "waiting": 0,
        "columns": 4,
        "checks": 3,
    }


@pytest.mark.parametrize(
    ("verdict", "title", "tone"),
    [
        ("worth it", "Improves AUC by 0.020", "good"),
        ("harm", "Worsens AUC by 0.020", "bad"),
        ("nothing changed", "Cleaning changed no training record", "even"),
    ],
)
def test_a_proof_leads(proved_run: Callable[[str, float], Path], verdict: str, title: str, tone: str) -> None:
    lead = headline(Facts(proved_run(verdict, 0.02)), NUMBERS)
    assert (lead["title"], lead["tone"]) == (title, tone)
    assert lead["text"] == ("AUC 0.700 on raw data, 0.720 on cleaned data: +0.020 (95 % interval +0.010 to +0.030).")


def test_what_was_cleaned(clean_run: Path) -> None:
    facts = Facts(clean_run)
    lead = headline(facts, NUMBERS)
    assert lead["title"] == "2 cells fixed, 1 record removed"
    assert lead["text"] == (
        "3 findings in 10 records. 1 case needs review. Every change is listed with its reason and can be undone."
    )
    assert "2 cases need review" in headline(facts, NUMBERS | {"waiting": 2})["text"]
    assert "review" not in headline(facts, NUMBERS | {"waiting": 0})["text"]
    assert headline(facts, NUMBERS | {"cells": 0})["title"] == "1 record removed"
    assert headline(facts, NUMBERS | {"removed": 0})["title"] == "2 cells fixed"
    nothing = NUMBERS | {"removed": 0, "cells": 0}
    untouched = headline(facts, nothing)
    assert untouched["title"] == "1 case needs review"
    assert untouched["text"] == "3 findings in 10 records. No error was certain enough to fix without you."
    assert headline(facts, nothing | {"waiting": 2})["title"] == "2 cases need review"
    assert headline(facts, nothing | {"waiting": 0})["title"] == "3 findings, nothing changed"
    doubts = headline(facts, nothing | {"waiting": 0, "found": 0, "suspicious": 2})
    assert doubts["title"] == "No errors, 2 suspicious values to look at"
    clean = headline(facts, nothing | {"found": 0, "waiting": 0})
    assert (clean["title"], clean["text"]) == ("No changes were needed", "No check found anything wrong in 10 records.")


def test_the_state_leads_where_nothing_was_changed(proved_run: Callable[[str, float], Path]) -> None:
    nothing = NUMBERS | {"removed": 0, "cells": 0, "waiting": 12}
    for verdict in ("no effect seen", "nothing changed"):
        assert headline(Facts(proved_run(verdict, 0.0)), nothing)["title"] == "12 cases need review"
    assert headline(Facts(proved_run("harm", -0.02)), nothing)["title"] == "Worsens AUC by 0.020"


def test_what_was_only_assessed(clean_run: Path) -> None:
    (clean_run / "ledger.parquet").unlink()
    facts = Facts(clean_run)
    assessed = NUMBERS | {"cells": 0, "removed": 0, "waiting": 0}
    lead = headline(facts, assessed)
    assert lead["title"] == "3 findings, nothing changed"
    assert lead["text"] == "In 10 records with 4 columns. Weakest is accuracy at 0.900."
    clean = headline(facts, assessed | {"found": 0})
    assert clean["title"] == "No errors found"
    assert clean["text"] == "No check found anything wrong in 10 records."


def test_the_weakest_is_told_only_below_one(clean_run: Path) -> None:
    (clean_run / "ledger.parquet").unlink()
    perfect = {"before": {"dimensions": {"accuracy": {"score": 1.0}, "timeliness": {"score": None}}}}
    (clean_run / "scores.json").write_text(json.dumps(perfect), encoding="utf-8")
    assessed = NUMBERS | {"cells": 0, "removed": 0, "waiting": 0}
    assert "Weakest" not in headline(Facts(clean_run), assessed)["text"]


def test_scores_are_placed_between_the_lowest_and_one(clean_run: Path) -> None:
    (chart,) = dimensions(Facts(clean_run))
    assert chart["floor"] == pytest.approx(0.83)
    accuracy, timeliness = chart["rows"]
    assert accuracy["before"] == {
        "score": 0.9,
        "low": 0.85,
        "high": 0.95,
        "width": 41.18,  # (0.90 - 0.83) / 0.17
        "left": 11.76,
        "span": 58.82,
    }
    assert accuracy["measures"][0]["after"]["bad"] == 1
    assert timeliness["before"] is timeliness["after"] is None


def test_a_low_score_moves_the_floor_and_no_score_draws_nothing(clean_run: Path) -> None:
    low = {"score": 0.5, "low": 0.01, "high": 0.5, "measures": []}
    (clean_run / "scores.json").write_text(json.dumps({"before": {"dimensions": {"accuracy": low}}}), encoding="utf-8")
    (chart,) = dimensions(Facts(clean_run))
    assert chart["floor"] == 0
    assert chart["rows"][0]["after"] is None
    exact = {"score": 1.0, "low": 1.0, "high": 1.0}
    (clean_run / "scores.json").write_text(json.dumps({"before": {"dimensions": {"x": exact}}}), encoding="utf-8")
    (chart,) = dimensions(Facts(clean_run))
    assert chart["floor"] == pytest.approx(0.88)
    assert (chart["rows"][0]["before"]["width"], chart["rows"][0]["before"]["span"]) == (100.0, 0.4)
    (clean_run / "scores.json").unlink()
    assert dimensions(Facts(clean_run)) == []


def names(facts: Facts, **numbers: int) -> list[str]:
    return [" ".join(command.split()[:2]) for command, _ in commands(facts, NUMBERS | numbers)]


def test_how_to_go_on(clean_run: Path) -> None:
    (clean_run / "store").mkdir(exist_ok=True)
    assert names(Facts(clean_run), waiting=0) == ["karat why", "karat store", "karat store", "karat run"]
    assert names(Facts(clean_run), waiting=1)[0] == "karat review"
    (clean_run / "model").mkdir()
    assert names(Facts(clean_run), waiting=0)[-2:] == ["karat serve", "karat apply"]
    (clean_run / "ledger.parquet").unlink()
    assert names(Facts(clean_run), waiting=0)[0] == "karat clean"


def test_a_proved_run_is_not_sent_to_prove_again(proved_run: Callable[[str, float], Path]) -> None:
    assert "karat run" not in names(Facts(proved_run("worth it", 0.02)))


def test_the_rooms_the_data_went_through(clean_run: Path) -> None:
    rooms = {room["name"]: room for room in path(Facts(clean_run), NUMBERS | {"quarantined": 1})}
    assert tuple(rooms) == ROOMS
    assert [name for name, room in rooms.items() if room["done"]] == ["collect", "clean", "store"]
    assert rooms["collect"]["text"] == "10 in, 1 quarantined"
    assert rooms["clean"]["text"] == "3 found, 2 fixed, 1 removed"
    assert rooms["store"]["text"] == "version 2 ← 1"
    assert rooms["train"]["text"] == ""


@pytest.mark.parametrize(
    ("versions", "text"),
    [({}, "versions off"), ({"raw": 1, "refined": 1}, "version 1"), ({"raw": 1, "refined": 3}, "version 3 ← 1")],
)
def test_the_versions_of_the_store(clean_run: Path, versions: dict[str, int], text: str) -> None:
    run = json.loads((clean_run / "run.json").read_text(encoding="utf-8"))
    run["rooms"] = {"store": versions}
    (clean_run / "run.json").write_text(json.dumps(run), encoding="utf-8")
    rooms = {room["name"]: room for room in path(Facts(clean_run), NUMBERS)}
    assert rooms["store"]["text"] == text
    assert rooms["clean"]["text"] == ""
