"""Planted defects in chat and instruction files, found again: precision and recall for each, seeds apart.

    python benchmarks/instructions.py --data DIR [--seeds 3] [--untouched]

DIR holds the folder ``instructions`` (seed_tasks, user_oriented_instructions, gsm8k_train, gsm8k_test). A Chinese set
is made from templates. Into each, every seed plants 5 % of the records for each defect: answers cut at random between
30 % and 85 % of their length; copies of a question with one to three slips, in other case, or with a polite frame;
copies with an answer that contradicts; questions of the test file. A finding at 0.5 or above counts. Precision is over
all findings of the check, so that what it says about untouched records counts against it.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa

from karat.collect.arrow import read_frame
from karat.collect.instructions import chat_schema, flattened
from karat.core.block import Block
from karat.core.registry import units
from karat.core.schema import Column, Role, Schema
from karat.flow import engine
from karat.flow.dataset import Dataset
from karat.quality.contamination import TestSet
from karat.quality.questions import RUN

PLANTED = {
    "cut": "TruncatedAnswers",
    "near": "NearDuplicateQuestions",
    "contradiction": "ContradictoryAnswers",
    "test": "QuestionsInTestSet",
}
SHARE = 0.05


def load(path: Path) -> list[dict[str, Any]]:
    """The records of a JSONL file, packed or not."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def plain(record: dict[str, Any]) -> dict[str, str]:
    """Question and answer of any of the files."""
    if "question" in record:
        return {"question": record["question"], "answer": record["answer"]}
    one = record["instances"][0]
    question = record["instruction"] + ("\n" + one["input"] if one["input"] else "")
    return {"question": question, "answer": one["output"]}


def chinese(size: int, seed: int) -> list[dict[str, str]]:
    """Arithmetic, facts and advice in Chinese, made from templates."""
    chance = np.random.default_rng(seed)
    who, what = list("赵钱孙李周吴郑王冯陈"), ["苹果", "铅笔", "邮票", "本子", "糖果", "气球", "贝壳", "卡片"]
    where = ["学校", "超市", "公园", "图书馆", "车站", "医院", "菜市场", "书店"]
    topics = ["睡眠", "写作", "跑步", "记单词", "做饭", "存钱", "养花", "学琴", "带孩子", "面试", "画画", "游泳"]
    ways = [
        "每天坚持一点点",
        "先定一个小目标",
        "找一个同伴互相监督",
        "把过程记录下来",
        "遇到困难时先停下来想一想",
        "向有经验的人请教",
    ]
    out, seen = [], set()
    while len(out) < size:
        a, b, c = (int(x) for x in chance.integers(3, 900, 3))
        name, other = chance.choice(who, 2, replace=False)
        thing, place = chance.choice(what), chance.choice(where)
        kind = len(out) % 3
        if kind == 0:
            q = f"小{name}在{place}买了{a}个{thing}，又从小{other}那里得到{b}个，后来送给同学{min(c, a + b)}个。小{name}现在有多少个{thing}？"
            left = a + b - min(c, a + b)
            said = f"小{name}一共有{a}加{b}等于{a + b}个{thing}。送出以后还剩{left}个。答案是{left}。"
        elif kind == 1:
            q = f"{place}离小{name}家{a}公里，他每小时走{b % 7 + 2}公里，走了{c % 5 + 1}小时，他一共走了多少公里？"
            way = (b % 7 + 2) * (c % 5 + 1)
            said = f"路程等于速度乘以时间，也就是{b % 7 + 2}乘以{c % 5 + 1}等于{way}。答案是{way}。"
        else:
            topic, first, second = chance.choice(topics), *chance.choice(ways, 2, replace=False)
            job = chance.choice(["教师", "司机", "医生", "农民", "程序员"])
            q = f"我是一名{a}岁的{job}，住在离{place}{b}公里的地方，每月收入{c}百元，想改善{topic}，请给我两条建议。"
            said = f"关于{topic}，我的建议有两条。第一，{first}，这样能看到自己的进步。第二，{second}，{topic}就会越来越好。"
        if q not in seen:
            seen.add(q)
            out.append({"question": q, "answer": said})
    return out


class Planter:
    """Plants defects into records and remembers where."""

    def __init__(self, records: list[dict[str, str]], tests: list[str], seed: int) -> None:
        self.chance = np.random.default_rng(seed)
        self.records = [dict(record) for record in records]
        self.tests = tests
        self.truth: dict[str, list[set[int]]] = {kind: [] for kind in PLANTED}

    def plant(self) -> None:
        """All four defects; copies go to random later places, so truth is kept by identity until the end."""
        size = max(8, int(SHARE * len(self.records)))
        order = self.chance.permutation(len(self.records))
        cut = [at for at in order if self._cut(int(at))][:size]
        spare = [int(at) for at in order if at not in set(cut)]
        marks: list[tuple[str, int, dict[str, str]]] = []
        for at in spare[:size]:
            marks.append(
                (
                    "near",
                    at,
                    {"question": self._slipped(self.records[at]["question"]), "answer": self.records[at]["answer"]},
                )
            )
        told = 0
        for at in spare[size:]:
            wrong = self._contradicted(self.records[at]["answer"])
            if wrong and told < size:
                told += 1
                marks.append(("contradiction", at, {"question": self.records[at]["question"], "answer": wrong}))
        for text in self.chance.choice(self.tests, min(size, len(self.tests) // 2), replace=False).tolist():
            record = self.records[int(self.chance.integers(len(self.records)))]
            marks.append(("test", -1, {"question": self._cased(text), "answer": record["answer"]}))
        for at in cut:
            self.records[at]["answer"] = self._cut(int(at))
            self.truth["cut"].append({int(at)})
        for kind, at, record in marks:
            self.records.append(record)
            self.truth[kind].append({len(self.records) - 1} | ({at} if at >= 0 else set()))
        self._shuffle()

    def _shuffle(self) -> None:
        order = self.chance.permutation(len(self.records))
        place = np.argsort(order)
        self.records = [self.records[at] for at in order]
        self.truth = {kind: [{int(place[at]) for at in one} for one in sets] for kind, sets in self.truth.items()}

    def _cut(self, at: int) -> str:
        """The answer cut inside a word or a sentence; "" where it is too short."""
        text = self.records[at]["answer"].strip()
        if len(text) < (20 if re.search("[一-鿿]", text) else 60):
            return ""
        draw = np.random.default_rng([at, len(text)])
        for _ in range(20):
            end = int(len(text) * draw.uniform(0.3, 0.85))
            made = text[:end].rstrip()
            if re.search(r"\w$", made) and re.match(r"[^\n]*\w", text[end:]) and not re.match(r"\s*\n", text[end:]):
                return made
        return ""

    def _slipped(self, text: str) -> str:
        """A question with slips, in other case, without its marks, or with a polite frame."""
        way = int(self.chance.integers(4))
        han = bool(re.search("[一-鿿]", text))
        if way == 0:
            return text.upper() if not han else text.replace("，", " ").replace("。", " ")
        if way == 1:
            return ("请问，" + text) if han else "Please answer: " + text
        spans = [m.span() for m in re.finditer(r"[一-鿿]" if han else r"[A-Za-z]{4,}", text)]
        for begin, end in sorted(
            (
                spans[i]
                for i in self.chance.choice(
                    len(spans), min(len(spans), max(1, min(3, len(spans) // 12))), replace=False
                )
            ),
            reverse=True,
        ):
            word = text[begin:end]
            at = int(self.chance.integers(1, max(2, len(word) - 1)))
            new = str(self.chance.choice(list("的了就也还都很"))) if han else word[:at] + word[at + 1 :]
            text = text[:begin] + new + text[end:]
        return text

    def _contradicted(self, answer: str) -> str:
        """The answer with another number, choice or truth at its end; "" where it has none."""
        text = answer.strip()
        found = list(re.finditer(r"\d+(?:\.\d+)?", text))
        marked = re.search(r"####\s*(-?[\d,.]+)\s*$|答案是(\d+)。$", text)
        if marked and found:
            last = found[-1]
            return (
                text[: last.start()] + str(int(float(last[0])) + int(self.chance.integers(1, 30))) + text[last.end() :]
            )
        flips = {"yes": "No", "no": "Yes", "true": "False", "false": "True"}
        head = re.match(r"(?i)(yes|no|true|false)\b", text)
        if head:
            return flips[head[1].lower()] + text[head.end() :]
        if re.fullmatch(r"[-\d.,]+", text):
            return str(int(self.chance.integers(100, 999)))
        return ""

    def _cased(self, text: str) -> str:
        way = int(self.chance.integers(3))
        return text if way == 0 else text.lower() if way == 1 else re.sub(r"[,.;，。]", " ", text)


def block_of(records: list[dict[str, str]], tests: list[str]) -> Block:
    """The records as Karat reads them."""
    table = pa.Table.from_pylist(records)
    reading = flattened(lambda: read_frame(table))
    held = pa.Table.from_batches(list(reading.batches()))
    plain_schema = Schema(tuple(Column(name, Role.TEXT) for name in held.column_names))
    extra = {"test_sets": TestSet.of(tests, RUN), "test_questions": tests} if tests else {}
    return Block(np.arange(held.num_rows), held, replace(chat_schema(plain_schema), kind="chat"), extra)


def judged(block: Block) -> list[dict[str, Any]]:
    """All findings of the checks made for chats."""
    checks = [unit() for unit in units("check").values() if "chat" in unit.kinds and "table" not in unit.kinds]
    data = Dataset.of(block)
    learned = engine.learn(data, checks)
    return [one for _, found in engine.judge(data, learned) for one in found.to_pylist()]


def scored(
    found: list[dict[str, Any]], truth: list[set[int]], kind: str, least: float = 0.5
) -> tuple[int, int, int, int]:
    """Planted, found of them, told, rightly told."""
    told = {one["row"] for one in found if one["check"] == PLANTED[kind] and one["confidence"] >= least}
    right = set().union(*truth) if truth else set()
    return len(truth), sum(bool(one & told) for one in truth), len(told), len(told & right)


def sets(folder: Path, seed: int) -> Iterator[tuple[str, list[dict[str, str]], list[str]]]:
    """The files: name, records, questions of a test set."""
    tests = [one["question"] for one in load(folder / "gsm8k_test.jsonl.gz")]
    for name in ("gsm8k_train.jsonl.gz", "seed_tasks.jsonl", "user_oriented_instructions.jsonl"):
        yield name.split(".")[0], [plain(one) for one in load(folder / name)], tests
    made = chinese(1300, seed)
    yield "chinese", made[:1000], [one["question"] for one in made[1000:]]


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--untouched", action="store_true", help="count findings on the files as they are")
    parser.add_argument("--show", default="", help="print what was missed and wrongly told of a check")
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    total: dict[tuple[str, str], Counter[str]] = {}
    for seed in range(asked.seeds):
        for name, records, tests in sets(asked.data / "instructions", seed):
            if asked.only and asked.only != name:
                continue
            begin = perf_counter()
            if asked.untouched:
                found = judged(block_of(records, tests))
                counts = Counter(one["check"] for one in found if one["confidence"] >= 0.5)
                print(
                    f"{name} untouched, {len(records)} records: {dict(sorted(counts.items()))} ({perf_counter() - begin:.1f} s)"
                )
                continue
            planter = Planter(records, tests, seed)
            planter.plant()
            found = judged(block_of(planter.records, tests))
            print(f"{name} seed {seed}: {len(planter.records)} records, {perf_counter() - begin:.1f} s")
            for kind, truth in planter.truth.items():
                planted, hit, told, right = scored(found, truth, kind)
                total.setdefault((name, kind), Counter()).update(planted=planted, hit=hit, told=told, right=right)
                if asked.show == kind:
                    show(planter, found, kind)
    for (name, kind), n in sorted(total.items()):
        if n["planted"]:
            recall, precision = n["hit"] / n["planted"], n["right"] / max(1, n["told"])
            print(f"| {name} | {kind} | {n['planted']} | {precision:.3f} | {recall:.3f} |")


def show(planter: Planter, found: list[dict[str, Any]], kind: str) -> None:
    """What was missed, and what was wrongly told."""
    mine = {one["row"]: one for one in found if one["check"] == PLANTED[kind]}
    told = {row for row, one in mine.items() if one["confidence"] >= 0.5}
    right = set().union(*planter.truth[kind])
    for one in planter.truth[kind]:
        if not one & told:
            for row in sorted(one):
                record = planter.records[row]
                print(
                    "MISSED",
                    row,
                    mine.get(row, {}).get("confidence"),
                    mine.get(row, {}).get("message"),
                    "|",
                    repr(record["question"][:150]),
                    "|",
                    repr(record["answer"][-90:]),
                )
    for row in sorted(told - right):
        print(
            "WRONG",
            row,
            mine[row]["confidence"],
            mine[row]["message"],
            "|",
            repr(planter.records[row]["question"][:80]),
            "|",
            repr(planter.records[row]["answer"][-60:]),
        )


if __name__ == "__main__":
    main()
