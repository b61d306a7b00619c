"""Joins the corridor with the proof and the report: ``flow`` imports neither; it is handed what it needs."""

from dataclasses import replace

from karat.flow.job import Job
from karat.flow.journal import Change, locked
from karat.flow.run import walk
from karat.flow.run_state import Walk


def walked(job: Job) -> Walk:
    """Walk the corridor, with the proof handed in where it is asked for, and write the report."""
    if job.upto == "run":
        from karat.cli.proof import LiftProof
        from karat.flow.time_budget import seconds_of

        if job.settings.budget:
            seconds_of(job.settings.budget)  # a wrong one is told before the work begins
        job = replace(job, proof=LiftProof())
    with locked(job.out):
        on = walk(job)
        from karat.show.report import write_report

        change = Change(on.folder.path)
        write_report(on.folder.path, change.path)
        change.commit()
    return on
