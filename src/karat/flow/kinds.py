"""What kind of data a job is about: as set, else by its first records."""

from karat import kinds
from karat.collect.assumed import ReadingOptions
from karat.collect.beginning import beginning
from karat.flow.data_reference import resolved
from karat.flow.job import Job
from karat.kinds import Recognised, Sample


def kind_of(job: Job) -> Recognised:
    """The kind of a job's data, and why.

    What only all records can show, such as users who recur, is seen once they are read: until then it is a table.
    """
    wants = job.settings.collect
    if wants.kind is not None:
        return Recognised(kinds.of(wants.kind), "as set with --kind")
    if job.settings.clean.profile or wants.text:
        return Recognised(kinds.of("text"), "rules for documents are set" if not wants.text else "documents are named")
    first = beginning(resolved(job.data), wants.query or None, ReadingOptions.of(wants))
    return kinds.recognised(Sample(first.table, first.types, first.files, wants.target))
