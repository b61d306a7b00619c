"""A corpus on its way down the corridor: pieces → parts → decisions → data, with the same doors as a table."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from karat.collect.document_columns import joint_schema
from karat.collect.piece import QUARANTINE
from karat.core.errors import InputError, OptionError
from karat.core.executor import each_apart
from karat.core.schema import Column, Role, Schema
from karat.flow import (
    cleaning,
    document_checks,
    originals,
    part_plan,
    proving,
    repeated_passages,
    report_data,
    training_shards,
    versions,
)
from karat.flow.collecting import passed_over_in
from karat.flow.crawl_index import CrawlIndex
from karat.flow.dataset import Dataset
from karat.flow.document_answers import DocumentAnswers
from karat.flow.document_checks import chosen
from karat.flow.document_duplicates import DocumentDuplicates
from karat.flow.document_verdicts import LENGTH, STRATA, Verdicts, by_content, guard_of, leaving_nothing, strata, watch
from karat.flow.domain_caps import cap_domains
from karat.flow.fixing import Beforehand
from karat.flow.folder import RunFolder, write_json
from karat.flow.grouped_parquet import GroupedParquet
from karat.flow.guard import Guard, Limits, Stop
from karat.flow.job import Job, input_hash
from karat.flow.journal import Change
from karat.flow.judged_documents import JudgedDocuments
from karat.flow.known_documents import KnownDocuments
from karat.flow.parameters import known_checks, treatment
from karat.flow.part_reading import PartReader
from karat.flow.part_store import Parts, PartStore, Plan
from karat.flow.refined_documents import RefinedDocuments
from karat.flow.run_state import Walk
from karat.flow.text_edits import hash_key
from karat.quality.consistency.crowded_domains import CrowdedDomains
from karat.quality.consistency.duplicate_texts import DuplicateTexts
from karat.quality.consistency.known_texts import KnownTexts
from karat.quality.consistency.repeated_lines import RepeatedLines
from karat.quality.consistency.repeated_passages import RepeatedPassages
from karat.quality.documents import FACTS, DocumentCheck

WATCHED = [*(name for name in STRATA if name != LENGTH), "characters"]
ALONE_BYTES = 24 << 20  # cost: below: workers would cost more than they bring


@dataclass(frozen=True)
class DocumentRooms:
    """Documents in parts of their own, which are read, judged and written one at a time."""

    on: Walk

    @property
    def job(self) -> Job:
        return self.on.job

    @property
    def folder(self) -> RunFolder:
        return self.on.folder

    @cached_property
    def part_store(self) -> PartStore:
        return part_plan.store_of(self.job, self.folder)

    @cached_property
    def plan(self) -> Plan:
        return part_plan.planned(self.job, self.part_store)

    @cached_property
    def parts(self) -> Parts:
        return Parts.of(self.part_store, len(self.plan.pieces))

    @cached_property
    def schema(self) -> Schema:
        types = [summary["types"] for summary in self.parts.summaries]
        return joint_schema(self.parts.columns, self.plan.text, [*types, self.people.types(self.plan.text)])

    @cached_property
    def people(self) -> DocumentAnswers:
        names = tuple(Column(name, Role.TEXT) for name in self.parts.columns)
        schema = Schema(names)
        return DocumentAnswers.of(self.job, schema, self.parts.documents, self.checks)

    @cached_property
    def checks(self) -> list[DocumentCheck]:
        return document_checks.checks_of(self.job)

    def collect(self, place: Path) -> Mapping[str, Any]:
        """Read and measure every piece that is not in the part store yet."""
        known_checks(self.job.settings.quality)
        if not self.checks and (codes := self.job.settings.clean.only):
            named = f"none of the checks in [clean] only judges texts: {', '.join(codes)}"
            raise OptionError(named, "Name others, or choose another kind")
        if treatment(self.job.settings) == "hash":
            hash_key()
        orders = [{"read": at} for at in range(len(self.plan.pieces)) if not self.part_store.has(at)]
        if orders and not all(Path(path).exists() for piece in self.plan.pieces for path in piece.paths):
            self._plan_again()
        sizes = sum(self.plan.pieces[order["read"]].size_bytes for order in orders)
        if orders:
            self._forewarn()
        self._do(orders, sizes)
        if not self.parts.documents:
            raise self._without_documents(place)
        originals.fill(self.folder.path, self.parts)
        part_plan.done_with_input(self.part_store)
        quarantined, first = self._quarantine(place)
        write_json(place / "schema.json", self.schema.to_json())
        passed: Counter[str] = Counter()
        for summary in self.parts.summaries:
            passed.update(summary["passed"])
        assert self.on.recognised is not None
        sources = [{"path": path} for path in sorted({p for piece in self.plan.pieces for p in piece.paths})]
        return {
            "kind": self.on.recognised.kind.name,
            "kind_reason": self.on.recognised.reason,
            "records": self.parts.documents,
            "columns": len(self.schema),
            "text": self.plan.text,
            "part_store": self.part_store.path.name,
            "quarantined": quarantined,
            "passed": dict(passed),
            "sources": sources,
            **passed_over_in(self.job, sources),
            "first_errors": first,
        }

    def _without_documents(self, place: Path) -> InputError:
        """What went to quarantine is published; the error to raise."""
        lost, _ = self._quarantine(place)
        change = Change(self.folder.path)
        change.take(place / "quarantine.parquet", "quarantine.parquet")
        write_json(change.path("accounting.json"), {"in": lost, "kept": 0, "removed": {}, "quarantined": lost})
        change.commit()
        return InputError(f"{self.job.name} has no document that can be read", "Look at the file")

    def _forewarn(self) -> None:
        from karat.kernels.text_statistics import kept_on_disk

        if not kept_on_disk():
            line = "first use on this machine: turning the rules into machine code, about half a minute, once"
            self.job.listener.note("collect", line)

    def _do(self, orders: list[dict[str, Any]], size_bytes: int) -> None:
        bench = PartReader(self.part_store, self.plan)
        workers = 1 if size_bytes < ALONE_BYTES else self.job.workers
        each_apart(bench, orders, PartReader.do, workers, self.job.listener.tick)

    def _quarantine(self, place: Path) -> tuple[int, list[str]]:
        first: list[str] = []
        with GroupedParquet(place / "quarantine.parquet", QUARANTINE, "raw") as out:
            for table in self.parts.quarantine():
                out.write(table.cast(QUARANTINE))
                first += [f"{q['source']} at {q['offset']}: {q['error']}" for q in table.slice(0, 2).to_pylist()]
            return out.records, first[:2]

    def _judged(self) -> tuple[Verdicts, list[Stop]]:
        """Every decision: by content, then who stands there twice; and the steps that the guard stopped."""
        tick, clean = self.job.listener.tick, self.job.settings.clean
        # a profile that the user named is what he wants; of documents that are alike one stays or is in the index
        named = {check.code() for check in self.checks if check.of_profile and clean.profile}
        limits = Limits.of(self.job.settings)
        free = named | {DuplicateTexts.code(), KnownTexts.code(), *limits.unlimited}
        guard = guard_of(replace(limits, unlimited=tuple(free)))
        verdicts = self.people.begin(Verdicts.all_kept(self.parts.documents))
        by_content(self.parts, document_checks.by_content(self.checks), guard, verdicts, clean.allow, tick)
        threshold = document_checks.threshold(self.checks)
        exact = any(check.remove for check in self.checks if isinstance(check, DuplicateTexts))
        if exact or threshold > 0:
            self._do(self._signatures(verdicts), sum(piece.size_bytes for piece in self.plan.pieces))
            DocumentDuplicates(self.parts, self.plan.text, verdicts, self.job.workers).find(threshold, exact=exact)
        for crawls in self._indexes():
            crawls.drop_known(verdicts)
        if self.job.known is not None and threshold > 0 and any(isinstance(c, KnownTexts) for c in self.checks):
            KnownDocuments(self.job.known, threshold, self.parts, self.plan.text).drop_known(verdicts)
        most = document_checks.chosen(self.checks, CrowdedDomains).max_documents
        if most:
            cap_domains(self.parts, verdicts, most)
        return verdicts, self._watched(guard, verdicts)

    def _signatures(self, verdicts: Verdicts) -> list[dict[str, Any]]:
        """Orders to sign the documents that are kept so far, part by part."""
        ends = pairwise(self.parts.first_rows.tolist())
        kept = [np.flatnonzero(verdicts.kept[first:end]).tolist() for first, end in ends]
        return [{"sign": place.name, "rows": rows} for place, rows in zip(self.parts.places, kept, strict=True)]

    def _watched(self, guard: Guard, verdicts: Verdicts) -> list[Stop]:
        """All steps that the guard stops, now that documents have been compared; what those dropped is kept."""
        compared = [(check, verdicts.rows_of(check.code())) for check in document_checks.by_likeness(self.checks)]
        compared = [(check, rows) for check, rows in compared if not check.wanted]
        for at in range(len(self.parts)) if any(len(rows) for _, rows in compared) else ():
            coded, first = strata(self.parts.facts(at, WATCHED)), int(self.parts.first_rows[at])
            for check, rows in compared:
                low, high = np.searchsorted(rows, [first, self.parts.first_rows[at + 1]])
                watch(guard, check, rows[low:high], rows[low:high] - first, coded)
        allowed, alone = self.job.settings.clean.allow, document_checks.by_content(self.checks)
        stops = guard.stopped(allowed)
        for stop in stops:
            verdicts.give_back(stop.step)
        nothing_left = leaving_nothing(verdicts, alone, allowed)
        for stop in nothing_left:
            verdicts.give_back(stop.step)
        return [*stops, *nothing_left]

    def _indexes(self) -> list[CrawlIndex]:
        """The index of earlier crawls, if one is wanted."""
        index, threshold = chosen(self.checks, KnownTexts).index, document_checks.threshold(self.checks)
        crawl = Path(index), input_hash(self.job.data), threshold, self.parts, self.plan.text
        return [CrawlIndex(*crawl)] if index else []

    def refined(self, place: Path) -> RefinedDocuments:
        """The documents as they are written, once it is known what is cut from them."""
        return RefinedDocuments(self.parts, self.schema, self.plan.text, repeated_passages.Cuts.read(place))

    def _beforehand(self, place: Path) -> tuple[Dataset, JudgedDocuments, Beforehand]:
        """The documents as data for checks and fixes, with all that has to be known of the whole corpus first."""
        asked = {check.code() for check in self.checks}
        verdicts, stops = self._judged()
        lines = chosen(self.checks, RepeatedLines).max_documents
        tokens = chosen(self.checks, RepeatedPassages).min_tokens
        repeated_passages.find(self.parts, self.plan.text, verdicts, place, lines=lines, tokens=tokens)
        refined, stopped = self.refined(place), {stop.step for stop in stops}
        judged = JudgedDocuments(refined, self.checks, verdicts, self.people, stopped)
        data = Dataset(self.schema, source=judged, extra={FACTS: None})  # each part brings its own
        return data, judged, Beforehand(tuple(stops), frozenset(asked), judged.heard, refined.written)

    def _plan_again(self) -> None:
        """The copy of the input that was to be read is gone, as all of it was read once: it is made again."""
        self.part_store.plan_path.unlink()
        del self.__dict__["plan"]

    def intact(self, place: Path) -> bool:
        """Are the parts as they were left? Those that are not are cleared away, to be read again."""
        there = [self.part_store.has(at) for at in range(len(self.plan.pieces))]  # each is looked at
        return all(there)

    def assess(self, place: Path) -> Mapping[str, Any]:
        """Findings and scores; nothing is changed."""
        data, judged, beforehand = self._beforehand(place)
        summary = cleaning.assess(self.job, data, place, beforehand)
        self._story(judged, place)
        records = self.parts.documents
        summary = {**summary, "records": records, "kept": records, "removed": {}}
        return cleaning.account(place, summary, self.on.rooms["collect"]["quarantined"])

    def clean(self, place: Path) -> Mapping[str, Any]:
        """Decide, let the guard speak, and write what stays, what goes and what needs review."""
        data, judged, beforehand = self._beforehand(place)
        for index in () if beforehand.stops else self._indexes():  # what still needs review is not known later
            index.add(judged.verdicts)
        summary = cleaning.clean(self.job, data, place, beforehand)
        self._story(judged, place)
        write_json(place / "schema.json", self.schema.to_json())
        return cleaning.account(place, summary, self.on.rooms["collect"]["quarantined"])

    def _story(self, judged: JudgedDocuments, place: Path) -> None:
        profile = self.job.settings.clean.profile or document_checks.DEFAULT_PROFILE
        story = report_data.story(self.parts, judged.verdicts, self.checks, profile, self.plan.text)
        write_json(place / "corpus.json", story)

    def store(self, place: Path) -> Mapping[str, Any]:
        """The documents as they came and as refined, as versions."""
        return versions.commit(self.on, self.refined(self.on.place("clean")), place)

    def go_on(self) -> None:
        """Training shards where they are wanted, and the proof in bits per byte."""
        on, job = self.on, self.job
        run = job.upto == "run" and find_spec("tokenizers") is not None and on.rooms["clean"]["kept"]
        if job.settings.prepare.shards or run:
            on.enter("prepare", lambda place: training_shards.make(on, self.plan, place), training_shards.in_words)
        if job.proof is not None:
            size = sum(piece.size_bytes for piece in self.plan.pieces)
            proving.prove_documents(on, self.refined(on.place("clean")), size)
