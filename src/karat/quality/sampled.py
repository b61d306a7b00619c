"""A state that several checks share: a sample of whole records with the schema they are read by."""

from dataclasses import dataclass

from karat.core.block import Block
from karat.core.counts import RecordSample
from karat.core.schema import Schema
from karat.core.state import derived


@dataclass(frozen=True)
class Sampled:
    """Whole records and how to read them, for checks that compare columns before they see a block."""

    sample: RecordSample
    schema: Schema

    @classmethod
    def of(cls, block: Block) -> "Sampled":
        """The sample of one block; one object per block, so that the engine merges it once for all checks."""
        return block.memo(Sampled, lambda: cls(RecordSample.of(block), block.schema.by_name))

    def merge(self, other: "Sampled") -> "Sampled":
        return Sampled(self.sample.merge(other.sample), self.schema)

    @property
    def block(self) -> Block:
        """The sample as a block; one object per state, so that its views are shared."""
        return derived(self, "block", lambda: self.sample.block(self.schema))

    @property
    def whole(self) -> bool:
        """Is every record in the sample?"""
        return self.sample.records <= len(self.sample.rows)
