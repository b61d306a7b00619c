"""Rules learned from answers: the shortest programs that explain the corrections and leave right cells alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np
import pyarrow as pa
from rapidfuzz.distance import Levenshtein

from karat.clean.by_example.operations import AGREED, agreed, redated, shape_of, signs_of
from karat.clean.by_example.programs import OPERATION_BITS, Program
from karat.clean.by_example.searching import explanations
from karat.core.block import Block
from karat.core.degrees import SMALL_SAMPLE
from karat.core.finding import FACT, FORM, Dimension, findings, no_findings

CODE = "LearnedFromExamples"
FLAG_BITS = 4.0  # unproven: to say of a cell that it is wrong: one answered cell in sixteen
EXCEPTION_BITS = 12.0  # unproven: an answered right cell that a program would change
LEAST_GAIN = 10.0  # unproven: bits: a thousand to one that the corrections follow the rule
RIVAL_BITS = 10.0  # unproven: programs that much longer than the best still have a say
MOST_RULES = 4  # unproven: for one column
SIGN_BITS = 5.0  # unproven: a letter, where texts are written out
INCOHERENT_BITS = 24.0  # unproven: if every other cell of the kind came out with characters that no answered cell has
MOST_LOOKED_AT = 500  # cost: texts of a column, and records of a table
WRITES_ITS_OWN = frozenset({"with_ends", "without_ends", "replaced"})

Record = Mapping[str, str]


@dataclass(frozen=True)
class AnsweredExample:
    """An answered cell: the record as the file has it, and what should stand there."""

    record: Record
    column: str
    value: str

    @property
    def wrong(self) -> bool:
        """Did the person correct it?"""
        return self.record[self.column] != self.value


@dataclass(frozen=True)
class CorrectionRule:
    """What corrections of one column have in common.

    Parameters
    ----------
    programs : tuple of Program
        Those that explain the same corrections, the shortest first.
    shares : tuple of float
        The say of each; they sum to 1.
    shapes : tuple of str
        How the cells that were corrected are built (``shape_of``): a cell of another shape is not changed.
    confidence : float
        That the corrections follow the programs at all.
    right, seen : int
        Of ``seen`` answered cells that the shortest program changes, it was right about so many.
    """

    column: str
    programs: tuple[Program, ...]
    shares: tuple[float, ...]
    shapes: tuple[str, ...]
    confidence: float
    right: int
    seen: int

    def outcome(self, record: Record) -> tuple[str, float] | None:
        """What should stand in the record's cell, and the say it has; None where the rule changes nothing."""
        outcomes = [(share, program.run(record)) for program, share in zip(self.programs, self.shares, strict=True)]
        done: tuple[str, float] | None = agreed(record[self.column], self.shapes, outcomes)
        return done

    def code(self, name: str) -> str:
        """As a Python function of a record, over the functions of ``operations``."""
        programs = [
            (round(share, 6), program.code()) for program, share in zip(self.programs, self.shares, strict=True)
        ]
        outcomes = "".join(f"        ({share}, {code}),\n" for share, code in programs)
        body = f"agreed(record[{self.column!r}], {self.shapes!r}, [\n{outcomes}    ])"
        return f'def {name}(record):\n    """{_quotable(self.words())}"""\n    return {body}\n'

    def kind(self, before: str, after: str) -> str:
        """A change of form, if the best program only writes the cell's own value in another way."""
        same = _letters(before) == _letters(after) and not (set(signs_of(before)) <= set("9.,+-"))
        return FORM if same or self.programs[0].keeps_meaning(self.column) else FACT

    def words(self) -> str:
        """The rule in words, with what it rests on."""
        said = self.programs[0].words(self.column)
        return f"learned from examples: {said} ({self.right} of {self.seen} checked cells it changes)"


def learn_rules(
    examples: Sequence[AnsweredExample], texts: Mapping[str, Sequence[str]], records: Sequence[Record] = ()
) -> tuple[CorrectionRule, ...]:
    """Rules for every column with corrections.

    Parameters
    ----------
    examples : sequence of AnsweredExample
        Every cell of every record that was checked.
    texts : mapping of column to list of str
        The distinct texts of each column: what is not answered says which programs make sense.
    records : sequence of mappings
        Some records of the table: a program that copies from other columns must write what stands in right cells.
    """
    by_column: dict[str, list[AnsweredExample]] = {}
    for example in examples:
        by_column.setdefault(example.column, []).append(example)
    out: list[CorrectionRule] = []
    for column, cells in by_column.items():
        opposed = opposed_moves(cells)
        kept = [cell for cell in cells if (cell.record[column], cell.value) not in opposed]
        if any(cell.wrong for cell in kept):
            out += _RuleSearch(column, kept, texts[column], records, len(by_column)).rules()
    return tuple(out)


def opposed_moves(cells: Sequence[AnsweredExample]) -> set[tuple[str, str]]:
    """Corrections of one column, before and after, whose opposite is a correction too: no rule follows from them."""
    moves = {(cell.record[cell.column], cell.value) for cell in cells if cell.wrong}
    return {(a, b) for a, b in moves if (b, a) in moves}


@dataclass(frozen=True)
class _Judged:
    """A program: bits gained, the corrections it explains, their shapes, and the right cells it would change."""

    gain: float
    program: Program
    covered: frozenset[int]
    shapes: tuple[str, ...]
    broken: int


class _RuleSearch:
    """The rules of one column."""

    def __init__(
        self,
        column: str,
        cells: Sequence[AnsweredExample],
        texts: Sequence[str],
        records: Sequence[Record],
        columns: int,
    ) -> None:
        self.column, self.texts, self.known = column, texts[:: 1 + len(texts) // MOST_LOOKED_AT], frozenset(texts)
        self.records = records
        self.wrong = [cell for cell in cells if cell.wrong]
        # a text that a person wrote is right where others have it too: 100 was 10, so that no rule makes 1 of 10
        written = [AnsweredExample({**cell.record, column: cell.value}, column, cell.value) for cell in self.wrong]
        usual = [cell for cell in written if cell.value in self.known]
        self.right = [*(cell for cell in cells if not cell.wrong), *usual]
        programs = set().union(*(explanations(cell.record, column, cell.value) for cell in self.wrong))
        self.bits = {program: program.bits(column, columns) for program in programs}
        self.writes = {program: self._writes(program) for program in programs}

    def rules(self) -> list[CorrectionRule]:
        """The best program for the corrections still open, again and again while it gains."""
        open_, out = frozenset(range(len(self.wrong))), list[CorrectionRule]()
        while open_ and len(out) < MOST_RULES:
            judged = (self._judged(program, self.writes[program] & open_) for program in self.bits)
            best = max(judged, key=lambda candidate: (candidate.gain, repr(candidate.program)))
            if best.gain < LEAST_GAIN:
                break
            out.append(self._rule(best, open_))
            open_ -= best.covered
        return out

    def _writes(self, program: Program) -> frozenset[int]:
        return frozenset(at for at, cell in enumerate(self.wrong) if program.run(cell.record) == cell.value)

    def _judged(self, program: Program, covered: frozenset[int]) -> _Judged:
        shapes = tuple(sorted({shape_of(self.wrong[at].record[self.column]) for at in covered}))
        spelt = sum(self._literal_bits(self.wrong[at]) + FLAG_BITS for at in covered)
        least = spelt - self._program_bits(program)
        if least < LEAST_GAIN or not self._shown_twice(program, covered):
            return _Judged(min(least, 0.0), program, covered, shapes, 0)
        broken = self._broken(program, shapes)
        return _Judged(
            least - EXCEPTION_BITS * broken - self._incoherence(program, covered, shapes),
            program,
            covered,
            shapes,
            broken,
        )

    def _shown_twice(self, program: Program, covered: frozenset[int]) -> bool:
        """Two different corrections show what a program writes of its own; a single one may be this cell's alone."""
        said = any(isinstance(argument, str) for argument in program.arguments)
        cells = {(self.wrong[at].record[self.column], self.wrong[at].value) for at in covered}
        return program.operation not in WRITES_ITS_OWN or not said or len(cells) > 1

    def _program_bits(self, program: Program) -> float:
        """A text of the column is named by its place among the column's texts."""
        if program.operation != "exactly":
            return self.bits[program]
        return OPERATION_BITS + log2(len(self.known) + 1) + SIGN_BITS * len(program.arguments[1])

    def _broken(self, program: Program, shapes: tuple[str, ...]) -> int:
        fits = (cell for cell in self.right if shape_of(cell.record[self.column]) in shapes)
        return sum(program.run(cell.record) not in (None, cell.value) for cell in fits)

    def _incoherence(self, program: Program, covered: frozenset[int], shapes: tuple[str, ...]) -> float:
        """Bits against a program that leaves cells of the kind as they are, or writes what nobody has asked for."""
        if program.operation == "exactly" or program.columns() != {self.column}:
            return 0.0
        if program.operation == "redated":
            return self._unlike_dates(program.arguments[1])
        wanted = set().union(*(signs_of(self.wrong[at].value) for at in covered))
        wanted |= set().union(*(signs_of(cell.value) for cell in self.right))
        here = [text for text in self.texts if shape_of(text) in shapes]
        odd = sum(not set(signs_of(program.run({self.column: text}) or text)) <= wanted for text in here)
        return INCOHERENT_BITS * odd / max(len(here), 1)

    def _unlike_dates(self, write: str) -> float:
        """Bits against a way to write dates that the dates already in it do not follow (01 for 1)."""
        again = [(text, redated(text, write, write, False)) for text in self.texts]
        read = [text == done for text, done in again if done is not None]
        return INCOHERENT_BITS * (1 - sum(read) / len(read)) if read else 0.0

    def _literal_bits(self, cell: AnsweredExample) -> float:
        """The bits to say a correction by itself: as edits, as a text, or as one of the column's values."""
        before, after = cell.record[self.column], cell.value
        edits = Levenshtein.distance(before, after) * (log2(len(before) + 2) + SIGN_BITS)
        least = min(edits, SIGN_BITS * len(after) + 2.0)
        return min(least, log2(len(self.known) + 1) + 3.0) if after in self.known else least

    def _reproduced(self, best: _Judged) -> float:
        """Of the cells that the program would not change by their shape, the share it would write as they are."""
        rest = [
            record
            for record in self.records
            if record[self.column] and shape_of(record[self.column]) not in best.shapes
        ]
        same = sum(best.program.run(record) == record[self.column] for record in rest)
        return same / len(rest) if len(rest) >= SMALL_SAMPLE else 1.0 if not self._filled() else 0.0

    def _filled(self) -> bool:
        return sum(record[self.column] != "" for record in self.records) >= SMALL_SAMPLE

    def _rule(self, best: _Judged, open_: frozenset[int]) -> CorrectionRule:
        """The rule around a program: with the others that explain the same corrections and break no more."""
        rivals = []
        for other in self.bits:
            if self.writes[other] & open_ >= best.covered and self.bits[other] <= self.bits[best.program] + RIVAL_BITS:
                judged = self._judged(other, best.covered)
                if judged.broken <= best.broken and judged.gain >= best.gain - RIVAL_BITS:
                    rivals.append(judged)
        rivals.sort(key=lambda rival: (-rival.gain, rival.program != best.program, repr(rival.program)))
        weight = np.exp2(np.array([rival.gain - best.gain for rival in rivals]))
        size = len(best.covered)
        others = best.program.columns() != {self.column}  # what other columns hold may be there by another mistake
        believed = (1 - 2.0**-best.gain) * size / (size + best.broken + others)
        believed *= self._reproduced(best) if others else 1.0
        return CorrectionRule(
            self.column,
            tuple(rival.program for rival in rivals),
            tuple((weight / weight.sum()).tolist()),
            best.shapes,
            float(believed),
            size,
            size + best.broken,
        )


def _quotable(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', "'").replace("\n", " ")


def _letters(text: str) -> str:
    return "".join(ch for ch in text.casefold() if ch.isalnum())


def rule_findings(rules: Sequence[CorrectionRule], block: Block) -> pa.Table:
    """What the rules would change in a block; where their programs differ, below an even chance: a question."""
    parts = [no_findings()]
    for rule in rules:
        names = sorted(frozenset().union(*(p.columns() for p in rule.programs)) | {rule.column})
        codes = [block.encoded(name) for name in names]
        keys, home = np.unique(np.stack([code for code, _ in codes]), axis=1, return_inverse=True)
        texts = [[*values, ""] for _, values in codes]  # -1, a blank, is the last
        done = [
            rule.outcome({name: distinct[at] for name, distinct, at in zip(names, texts, key, strict=True)})
            for key in keys.T
        ]
        hit = np.flatnonzero(np.array([outcome is not None for outcome in done], bool)[home.ravel()])
        pairs = [done[at] for at in home.ravel()[hit].tolist()]
        own = texts[names.index(rule.column)]
        before = [own[at] for at in codes[names.index(rule.column)][0][hit].tolist()]
        parts.append(
            findings(
                CODE,
                Dimension.CONSISTENCY,
                len(hit),
                row=block.rows[hit],
                column=rule.column,
                value=before,
                suggestion=[pair[0] for pair in pairs if pair],
                confidence=[_sure(pair[1], rule.confidence) for pair in pairs if pair],
                message=rule.words(),
                kind=[rule.kind(text, pair[0]) for text, pair in zip(before, pairs, strict=True) if pair],
            )
        )
    return pa.concat_tables(parts)


def _sure(share: float, believed: float) -> float:
    return round(min(share * believed, 0.999), 4) if share >= AGREED else round(0.49 * share, 4)
