"""One outer fold of a proof: everything is learned, mended, chosen and fitted on its training records alone."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.errors import InputError
from karat.flow.folder import digest
from karat.flow.job import code_version
from karat.flow.out_of_fold import out_of_fold, unjudged
from karat.flow.refine import Refined, joined, patched
from karat.flow.review import ANSWERS
from karat.lift.arms import below, filled, plain
from karat.lift.choose import Choice, choose, nudged
from karat.lift.design import Design
from karat.lift.label_weighting import LabelWeighting, Weigh, at_power, patches_with, unweighed
from karat.lift.placebo import placebo, repeated
from karat.lift.recipe import FRAGILE, HEADLINE, Arm, Fit, Recipe, Scores, content_key
from karat.lift.robustness import spoiled
from karat.lift.shapley import Coalition, shares
from karat.lift.slices import Slice
from karat.lift.spread import packed, spread, unpacked
from karat.lift.waiting_cases import waiting_scores
from karat.prepare.duplicates import tied_records
from karat.prepare.patched_views import against
from karat.prepare.splits import plan_splits
from karat.prepare.target import read_target

Refine = Callable[[Block], Refined]
ADDED = "records added"
TRAIN_SAMPLE = 4_000  # cost: time of answers; of more training records so many score the fit on itself
LEAST_FITTED = 20  # unproven: fewer records fit nothing, more end the learning curve of small tables
LEAST_DOUBTED = 100  # unproven: models of fewer records doubt right labels; more leave small tables unlooked at
# every quarter and both halves: benchmarks/lift_forecasts.md
CURVE = {"0.25": 4, "0.5": 2}  # into how many parts the training records are cut: each part is fitted


@dataclass(frozen=True, eq=False)
class Setting:
    """What all folds of a proof share.

    Parameters
    ----------
    block : Block
        All raw records.
    recipe : Recipe
    plan : Plan
    refine : callable
        Finds and mends on the records it is given.
    testable : ndarray of bool, shape (n,)
        Records that may test: their target is there, not in disguise.
    slices : list of Slice
    truth : Block or None
        The same records, clean: test records then come from it.
    seed : int
    scores : Scores
    added : Block or None
        Records that stand only in the newer of two versions: they only train. ``block`` holds them too, at the end.
    judged : Block or None
        The same records with the targets that people put right: they judge every arm.
    asks : set of str
        What checks may ask of models, e.g. "out_of_fold": given for what waits for a person, never for what ships.
    forward : bool
        Folds go forward in time: records that follow each other are not taken for independent.
    weighing : LabelWeighting or None
        How labels are weighed; the records then have a column of weights, in which each counts 1.
    """

    block: Block
    recipe: Recipe
    plan: Design
    refine: Refine
    testable: np.ndarray
    slices: list[Slice]
    truth: Block | None = None
    seed: int = 0
    scores: Scores = field(default_factory=Scores)
    added: Block | None = None
    judged: Block | None = None
    asks: frozenset[str] = frozenset()
    forward: bool = False
    weighing: LabelWeighting | None = None

    @cached_property
    def tied(self) -> np.ndarray:
        """(n,) clusters of records that repeat each other."""
        return tied_records(self.block)

    @cached_property
    def key(self) -> str:
        """Hash of all that decides a fold's result but its records."""
        truth = content_key(self.truth) if self.truth is not None else ""
        named = [part.name for part in self.slices]
        return digest(
            code_version(),
            content_key(self.block),
            int((self.block.rows < self.added.rows[0]).sum()) if self.added is not None else -1,
            self.block.schema.to_json(),
            truth,
            self.recipe.hash,
            self.plan.to_json(),
            self.seed,
            named,
            _named(self.refine),
            sorted(self.asks),
            np.packbits(self.testable).tobytes(),
            self.weighing.key if self.weighing is not None else None,
        )


def _named(refine: Any) -> str:
    """What a way of refining is called: its name, and the units it was given."""
    if hasattr(refine, "key"):
        return f"{type(refine).__qualname__} {refine.key}"
    keywords = {**getattr(refine, "keywords", {})}
    return f"{getattr(getattr(refine, 'func', refine), '__qualname__', type(refine).__qualname__)} {keywords}"


@dataclass(frozen=True, eq=False)
class Tests:
    """The held-out records of one fold, in the states they are scored in.

    Parameters
    ----------
    sets : dict of str to Block
        "raw" and others; blocks of all records, of which ``positions`` test.
    positions : ndarray of int
    truth : ndarray
        Class codes or numbers at the positions.
    keys : dict of str to str
        Hash of the test records in each state.
    """

    sets: dict[str, Block]
    positions: np.ndarray
    truth: np.ndarray
    keys: dict[str, str]

    def without(self, name: str) -> "Tests":
        """The same but for one state: raw models do not meet mended records, so no fix makes them be fitted again."""
        sets = {key: block for key, block in self.sets.items() if key != name}
        return Tests(sets, self.positions, self.truth, {key: self.keys[key] for key in sets})


@dataclass(frozen=True, eq=False)
class FoldWork:
    """One outer fold.

    Parameters
    ----------
    setting : Setting
    repeat, fold : int
    train, test : ndarray of int
        Positions in the block.
    """

    setting: Setting
    repeat: int
    fold: int
    train: np.ndarray
    test: np.ndarray

    def run(self) -> dict[str, Any]:
        """Scores of all arms, as plain values: an entry of the certificate's ``folds``."""
        s = self.setting
        records = s.block.take(self.train)
        refined = s.refine(records if s.weighing is None else unweighed(records))
        patches, weigh = patches_with(refined.patches, records, s.weighing)
        choice = self.chosen(records, patches, weigh)
        refined = replace(refined, patches=at_power(patches, records, weigh, choice.power))
        mended = self.state(records, refined.patches, choice.kept)
        arms = {"raw": self.arm(records), "refined": self.arm(mended)}
        tests = self.tests(refined if choice.kept else None, choice)
        looks = self.repeat < s.plan.look_repeats
        met = {"raw": tests.without("mended"), "refined": tests}
        details = {name: self.detail(arm, met[name], looks=looks and name == "refined") for name, arm in arms.items()}
        scores: dict[str, Any] = {name: detail["sets"]["raw"] for name, detail in details.items()}
        scores["refined_mended_test"] = details["refined"]["sets"].get("mended", scores["refined"])
        scores["plain"] = self.plain_score(records, tests)
        draws = range(s.plan.placebos if s.plan.placebos == 1 or self.repeat == 0 else 0)
        placebos = [self.placebo_score(records, refined.patches, choice.kept, tests, draw) for draw in draws]
        if placebos:
            scores["placebo"] = [score for score, _ in placebos]
        if s.truth is not None:
            scores["clean"] = self.score(Arm.of(s.truth, s.truth.take(self.train)), HEADLINE, tests)
        entry = {
            "repeat": self.repeat,
            "fold": self.fold,
            "train": len(self.train),
            "test": len(tests.positions),
            "scores": scores,
            "changed": arms["refined"].key != arms["raw"].key,
            "chosen": [vars(effect) for effect in choice.effects],
            "changes": {family: p.num_rows for family, p in refined.patches.items()},
            "train_scores": {name: detail["train"] for name, detail in details.items()},
            "slices": {name: detail["slices"] for name, detail in details.items()},
            "metrics": {name: detail["metrics"] for name, detail in details.items()},
        }
        if s.plan.placebos > 1 and not s.forward:
            lift = unpacked(details["refined"]["influence"]) - unpacked(details["raw"]["influence"])
            entry |= spread(lift, [influence for _, influence in placebos], s.tied[tests.positions])
        entry["fragile"] = {name: self.score(arm, FRAGILE, tests) for name, arm in arms.items()}
        entry["shares"] = self.shapley(records, refined.patches, choice, tests)
        if arms["refined"].key == arms["raw"].key:  # what could have been seen, then, must be told by something else
            entry["nudged"] = self.score(self.arm(records.take(nudged(records.keys))), HEADLINE, tests)
        if ANSWERS in choice.kept and refined.patches[ANSWERS].num_rows:
            own = [family for family in choice.kept if family != ANSWERS]
            scores["unanswered"] = self.score(self.arm(self.state(records, refined.patches, own)), HEADLINE, tests)
        if looks:
            entry["waiting"] = self.waiting(mended, self._doubted(records, refined).waiting, tests)
            entry["looks"] = {
                name: {key: detail[key] for key in ("sets", "curve") if key in detail}
                for name, detail in details.items()
            }
        return entry

    def waiting(self, mended: Block, cases: pa.Table, tests: Tests) -> dict[str, dict[str, float]]:
        """What the cases that wait for a person are worth."""
        seeds = [self.setting.seed, self.repeat, self.fold]
        return waiting_scores(mended, cases, lambda records: self.score(self.arm(records), HEADLINE, tests), seeds)

    def arm(self, records: Block) -> Arm:
        """A state of the training records, sharing what was read of the raw ones."""
        return Arm.of(self.setting.block, records)

    def state(self, records: Block, patches: dict[str, pa.Table], families: Collection[str]) -> Block:
        """The training records with some families of changes applied."""
        mended = patched(records, joined(patches, families))
        return mended if ADDED not in families else below(mended, self._fresh())

    def _fresh(self) -> Block:
        """Added records, but for those that repeat a test record."""
        s = self.setting
        assert s.added is not None
        at = np.flatnonzero(s.block.rows >= s.added.rows[0])
        seen = np.isin(s.tied[at], s.tied[self.test])
        return s.added.take(~seen)

    def chosen(self, records: Block, patches: dict[str, pa.Table], weigh: Weigh | None = None) -> Choice:
        """What ships, by validation inside the training records."""
        s = self.setting
        if ANSWERS in patches:  # what a person wrote is never up for choice
            own = {family: patch for family, patch in patches.items() if family != ANSWERS}
            choice = self.chosen(records, own, weigh)
            return replace(choice, kept=(ANSWERS, *choice.kept))
        if not patches or not s.plan.inner_folds:
            return Choice(tuple(sorted(patches)), ())
        try:
            inner = plan_splits(records, seed=s.seed + 1, repeats=1, folds=s.plan.inner_folds)
        except InputError:  # too few records to validate on: all safe fixes ship
            return Choice(tuple(sorted(patches)), ())
        folds = [(train, test) for _, _, train, test in inner.pairs()]
        return choose(
            s.block, records, patches, s.recipe, folds, learner=s.plan.choose_by, scores=s.scores, weigh=weigh
        )

    def held_out(self) -> Tests:
        """The held-out records: true ones, else raw ones with the targets that people put right."""
        s = self.setting
        known = [version for version in (s.truth, s.judged) if version is not None]
        return self._tests({"raw": known[0] if known else s.block})

    def tests(self, refined: Refined | None, choice: Choice) -> Tests:
        """The held-out records: raw (or true), mended, and spoiled in the first repeats."""
        s, plain_tests = self.setting, self.held_out()
        whole, at = plain_tests.sets["raw"], plain_tests.positions
        sets, test_records = {"raw": whole}, whole.take(at)
        if refined is not None:
            mended = refined.mend(test_records, choice.kept)
            if mended is not test_records:
                sets["mended"] = against(whole, mended)[0]
        if self.repeat < s.plan.look_repeats:
            sets |= {
                f"spoiled {name}": block for name, block in spoiled(whole, at[np.argsort(s.block.keys[at])], s.seed + 7)
            }
        return self._tests(sets)

    def _tests(self, sets: dict[str, Block]) -> Tests:
        target = read_target(sets["raw"], self.setting.recipe.classes)
        at = self.test[self.setting.testable[self.test]]
        at = at[~target.missing[at]]
        return Tests(sets, at, target.values[at], {name: content_key(block.take(at)) for name, block in sets.items()})

    def score(self, arm: Arm, learner: str, tests: Tests, name: str = "raw") -> float:
        """An arm's score on one state of the test records; computed once for equal contents."""
        whole = tests.sets[name]

        def make() -> float:
            answer = self.setting.recipe.fit(arm, learner).answers(whole, tests.positions)
            return self.setting.recipe.score(tests.truth, answer)

        return float(self.setting.scores.get(self._parts(arm, learner, tests, name), make))

    def _parts(self, arm: Arm, learner: str, tests: Tests, name: str) -> list[Any]:
        return ["score", self.setting.recipe.hash, learner, arm.key, tests.keys[name]]

    def detail(self, arm: Arm, tests: Tests, *, looks: bool) -> dict[str, Any]:
        """All that is told of the headline learner on an arm: every state of the tests, slices, training records."""
        parts = ["detail", self.setting.recipe.hash, arm.key, sorted(tests.keys.items()), looks]
        detail = dict(self.setting.scores.get(parts, lambda: self._detail(arm, tests, looks=looks)))
        for name, score in detail["sets"].items():
            self.setting.scores.get(self._parts(arm, HEADLINE, tests, name), lambda score=score: score)  # type: ignore[misc]
        weighed = [detail["sets"]["raw"], detail["influence"]]
        self.setting.scores.get(self._parts(arm, "weighed", tests, "raw"), lambda: weighed)
        return detail

    def _weighed(self, arm: Arm, tests: Tests) -> tuple[float, np.ndarray]:
        """The headline learner's score on an arm, and what each test record adds to it."""
        recipe = self.setting.recipe

        def make() -> list[Any]:
            answer = recipe.fit(arm, HEADLINE).answers(tests.sets["raw"], tests.positions)
            return [recipe.score(tests.truth, answer), packed(recipe.influence(tests.truth, answer))]

        score, influence = self.setting.scores.get(self._parts(arm, "weighed", tests, "raw"), make)
        return float(score), unpacked(influence)

    def _detail(self, arm: Arm, tests: Tests, *, looks: bool) -> dict[str, Any]:
        recipe = self.setting.recipe
        fit = recipe.fit(arm, HEADLINE)
        answers = {name: fit.answers(whole, tests.positions) for name, whole in tests.sets.items()}
        out: dict[str, Any] = {"sets": {name: recipe.score(tests.truth, answer) for name, answer in answers.items()}}
        out |= {"slices": self._by_slice(tests, answers["raw"]), "train": self._on_training(fit, arm)}
        out["metrics"] = recipe.by_others(tests.truth, answers["raw"])
        out["influence"] = packed(recipe.influence(tests.truth, answers["raw"]))
        if looks:
            out["curve"] = {share: self._with_less(arm, parts, tests) for share, parts in CURVE.items()}
        return out

    def _by_slice(self, tests: Tests, answer: np.ndarray) -> list[float | None]:
        out: list[float | None] = []
        for part in self.setting.slices:
            here = part.mask[tests.positions]
            enough = here.sum() >= 10 and len(np.unique(tests.truth[here])) > 1
            score = self.setting.recipe.score(tests.truth[here], answer[here]) if enough else None
            out.append(score if score is not None and np.isfinite(score) else None)
        return out

    def _on_training(self, fit: Fit, arm: Arm) -> float:
        target = read_target(arm.block, self.setting.recipe.classes)
        at = arm.positions[~target.missing[arm.positions]]
        at = at[np.argsort(arm.block.keys[at], kind="stable")[:TRAIN_SAMPLE]]
        return self.setting.recipe.score(target.values[at], fit.answers(arm.block, at))

    def _with_less(self, arm: Arm, parts: int, tests: Tests) -> float:
        """The mean score of models that had one part of the training records each."""
        order = np.argsort(arm.block.keys[arm.positions], kind="stable")
        parts = max(1, min(parts, len(order) // LEAST_FITTED))
        fewer = [Arm(arm.block, np.sort(arm.positions[order[at::parts]]), "") for at in range(parts)]
        recipe, whole = self.setting.recipe, tests.sets["raw"]
        fits = [recipe.fit(sample, HEADLINE) for sample in fewer]
        return float(np.mean([recipe.score(tests.truth, fit.answers(whole, tests.positions)) for fit in fits]))

    def plain_score(self, records: Block, tests: Tests) -> float:
        """Plain cleaning: its fillings are part of the model, so the test records' gaps are filled alike."""
        cleaned, values = plain(records)
        whole = tests.sets["raw"]
        test_records = whole.take(tests.positions)
        here = filled(test_records, values)
        sets = {"raw": whole if here.table is test_records.table else against(whole, here)[0]}
        tests = Tests(sets, tests.positions, tests.truth, {"raw": content_key(here)})
        return self.score(self.arm(cleaned), HEADLINE, tests)

    def placebo_score(
        self, records: Block, patches: dict[str, pa.Table], families: Collection[str], tests: Tests, draw: int
    ) -> tuple[float, np.ndarray]:
        """The score after the same actions on records drawn at random, several draws the same in all folds."""
        several = self.setting.plan.placebos > 1
        rng = np.random.default_rng([self.setting.seed, *(() if several else (self.repeat, self.fold)), draw])
        state = patched(records, placebo(records, joined(patches, families), rng))
        if ADDED in families:
            state = below(state, repeated(records, self._fresh(), rng))
        return self._weighed(self.arm(state), tests)

    def _doubted(self, records: Block, refined: Refined) -> Refined:
        """What is found once models that have not seen them speak of the training labels; held-out records stay out."""
        s = self.setting
        asked = "out_of_fold" in s.asks and len(records) >= LEAST_DOUBTED
        if not asked or unjudged(read_target(records)):
            return refined
        answers, target = out_of_fold(records, s.seed)
        extra: dict[str, Any] = {**records.extra, "out_of_fold": answers}
        if target.classes:
            extra["classes"] = list(target.classes)
        return s.refine((records if s.weighing is None else unweighed(records)).with_extra(extra))

    def shapley(self, records: Block, patches: dict[str, pa.Table], choice: Choice, tests: Tests) -> dict[str, float]:
        """Shapley shares of the families that ship; the others have none in this fold."""
        players = [family for family in choice.kept if patches[family].num_rows or family == ADDED]

        def value(some: Coalition) -> float:
            return self.score(self.arm(self.state(records, patches, some)), self.setting.plan.share_by, tests)

        seed = self.setting.seed * 1_000 + self.repeat * 100 + self.fold
        return dict.fromkeys(sorted(patches), 0.0) | shares(players, value, seed, self.setting.plan.exact_players)
