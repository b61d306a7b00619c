"""A small made-up corpus: good texts of two sites in two languages, copies, near copies and rubbish."""

import json

import numpy as np
import pytest

COMMON = ["the", "of", "and", "to", "a", "in", "that", "is", "was", "he", "for", "it", "with", "as", "his", "on", "be"]
SIGNS = "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会"


def english(chance, sentences=12):
    made = []
    for size in chance.integers(8, 18, sentences):
        rare = ["".join(chance.choice(list("abcdefghilmnoprstu"), 6)) for _ in range(size // 2)]
        words = [w for pair in zip(chance.choice(COMMON, len(rare)), rare, strict=True) for w in pair]
        made.append(" ".join(words).capitalize() + ".")
    return " ".join(made)


def chinese(chance, sentences=8):
    return "".join("".join(chance.choice(list(SIGNS), size)) + "。" for size in chance.integers(10, 30, sentences))


@pytest.fixture(scope="session")
def records():
    """(records, kinds): what each record is."""
    chance = np.random.default_rng(7)
    made, kinds = [], []
    for at in range(240):
        kind = ("good", "good", "chinese", "good", "copy", "near", "rubbish", "good")[at % 8]
        good = [m["text"] for m, k in zip(made, kinds, strict=True) if k == "good"]
        if kind == "copy":
            text = good[at // 8]
        elif kind == "near":
            text = good[at // 8] + " Added at the end."
        elif kind == "rubbish":
            text = "\n".join(["Home | About | Log in"] * 30)
        else:
            text = chinese(chance) if kind == "chinese" else english(chance)
        made.append({"id": at, "source": f"site{at % 3}", "date": f"2024-01-{at % 28 + 1:02d}", "text": text})
        kinds.append(kind)
    return made, kinds


@pytest.fixture(scope="session")
def corpus(tmp_path_factory, records):
    place = tmp_path_factory.mktemp("corpus") / "crawl.jsonl"
    place.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records[0]), encoding="utf-8")
    return place


@pytest.fixture
def parts_of(tmp_path):
    """A function that reads texts, a list for each file, into a part store: the plan and the parts."""
    from karat.flow.folder import RunFolder
    from karat.flow.job import Job
    from karat.flow.part_plan import planned, store_of
    from karat.flow.part_reading import PartReader
    from karat.flow.part_store import Parts
    from karat.flow.settings import made_settings

    def read(*files, sign=True, **clean):
        place = tmp_path / "texts"
        place.mkdir(exist_ok=True)
        for at, texts in enumerate(files):
            lines = [json.dumps({"text": text} if isinstance(text, str) else text) + "\n" for text in texts]
            (place / f"{at}.jsonl").write_text("".join(lines), encoding="utf-8")
        wants = {"collect": {"kind": "text"}, "clean": {"identify_languages": False} | clean}
        job = Job(place, tmp_path / "run", "clean", made_settings(wants, "the test"))
        part_store = store_of(job, RunFolder.open(tmp_path / "run", "f" * 64))
        plan = planned(job, part_store)
        reader = PartReader(part_store, plan)
        for at in range(len(plan.pieces)):
            reader.do({"read": at})
        parts = Parts.of(part_store, len(plan.pieces))
        for at, size in enumerate(parts.sizes if sign else ()):
            reader.do({"sign": parts.places[at].name, "rows": list(range(size))})
        return plan, parts

    return read
