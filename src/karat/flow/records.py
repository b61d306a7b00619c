"""The rooms of records: tables, pictures, chats, events and series."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from karat import kinds
from karat.flow import cleaning, collecting, masking, versions
from karat.flow.dataset import Dataset
from karat.flow.folder import write_json
from karat.flow.instructions import WRITERS, with_test_sets
from karat.flow.job import read_now
from karat.flow.parameters import with_settings
from karat.flow.run_state import Walk
from karat.flow.typed import write_data
from karat.flow.weighing import LabelWeights
from karat.quality.accuracy.questions_in_test_set import QuestionsInTestSet


@dataclass(frozen=True)
class RecordRooms:
    """Records in blocks of one file, ``raw.arrow``."""

    on: Walk

    @cached_property
    def data(self) -> Dataset:
        """The records as they came, with what the checks need beside them."""
        job, started = self.on.job, self.on.folder.started_at()
        data = collecting.raw_data(self.on.place("collect"), read_now(job.settings.now) or read_now(started))
        data = with_test_sets(data, with_settings(QuestionsInTestSet(), job.settings).files)
        if data.schema.target is None:
            return data
        from karat.flow.modelling import with_out_of_fold

        return with_out_of_fold(self.on, data)

    def collect(self, place: Path) -> Mapping[str, Any]:
        """Read the input into ``raw.arrow``."""
        return collecting.collect(self.on.job, place)

    def intact(self, place: Path) -> bool:
        """All that was read lies in the room's own folder."""
        return True

    def assess(self, place: Path) -> Mapping[str, Any]:
        """Findings and scores; nothing is changed."""
        summary = cleaning.assess(self.on.job, self.data, place)
        records = self.on.rooms["collect"]["records"]
        summary = {**summary, "records": records, "kept": records, "removed": {}}
        return cleaning.account(place, summary, self.on.rooms["collect"]["quarantined"])

    def clean(self, place: Path) -> Mapping[str, Any]:
        """Findings, scores, the ledger and the records kept."""
        summary = cleaning.clean(self.on.job, self.data, place)
        summary = {**summary, "masked": masking.recorded(self.on.place("collect"), place)}
        cleaning.account(place, summary, self.on.rooms["collect"]["quarantined"])
        schema = write_data(cleaning.refined_data(place, self.data), place / "data.parquet")
        LabelWeights.load(place).put(place / "data.parquet")
        for name in kinds.of(schema.kind).own_files:
            WRITERS[name](self.data, self.on.rooms["collect"]["sources"], place)
        write_json(place / "schema.json", schema.to_json())
        return summary

    def store(self, place: Path) -> Mapping[str, Any]:
        """The raw and the refined records as versions."""
        return versions.commit(self.on, self.data, place)

    def go_on(self) -> None:
        """Splits, fits, the proof and the model."""
        if self.on.job.upto == "run":
            from karat.flow.modelling import prove_and_deploy

            prove_and_deploy(self.on, self.data)
