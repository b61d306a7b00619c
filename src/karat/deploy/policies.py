"""What becomes of a record that the checks are sure about, and which records are kept."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from karat.core.errors import OptionError
from karat.core.finding import SURE
from karat.deploy.judging import JudgedRequest
from karat.deploy.protocol import Request
from karat.deploy.recording import Mask, Recorder, ServedRequest
from karat.deploy.signature import Signature

PASS, HOLD, REJECT = "pass", "hold", "reject"
POLICIES = (PASS, HOLD, REJECT)
SERVED, HELD = "served", "held"  # definition: folders of a run
MOST_REASONS = 3  # display: of a refusal


class Rejected(Exception):  # noqa: N818  the answer says why
    """A request holds records that the policy rejects.

    Parameters
    ----------
    findings : list of dict
        What the checks are sure about.
    """

    def __init__(self, findings: list[dict[str, Any]]) -> None:
        self.findings = findings
        said = [_reason(finding) for finding in findings[:MOST_REASONS]]
        more = f" (and {len(findings) - MOST_REASONS} more findings)" if len(findings) > MOST_REASONS else ""
        super().__init__(f"{'; '.join(said)}{more}. Correct the record, or serve with --policy hold or pass.")

    def body(self) -> bytes:
        """The answer's body."""
        return json.dumps({"error": str(self), "findings": self.findings}, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Outcome:
    """What a request's answer says beside the model's values.

    Parameters
    ----------
    id : str
        The client's, or one made for what is written down; "" for none.
    held : tuple of int
        Records that wait for review.
    """

    id: str
    held: tuple[int, ...] = ()


@dataclass(eq=False)
class Keeping:
    """The policy of one server, and what it has kept.

    Parameters
    ----------
    policy : str
        "pass" answers all records; "hold" answers them too, and keeps those that the checks are sure about for review;
        "reject" refuses requests that hold such a record.
    served, held : Recorder or None
        Where answered records and held ones go; None keeps none.
    """

    policy: str = PASS
    served: Recorder | None = None
    held: Recorder | None = None
    records_held: int = 0
    records_rejected: int = 0

    @classmethod
    def of(cls, run: Path, policy: str, *, record: bool, mask: Mask) -> "Keeping":
        """Of a server of a run folder. Raises OptionError for a policy that there is not."""
        if policy not in POLICIES:
            raise OptionError.unknown("policy", policy, POLICIES, "--policy")
        served = Recorder(run / SERVED, mask) if record else None
        return cls(policy, served, Recorder(run / HELD, mask) if policy == HOLD else None)

    def outcome(self, asked: Request, judged: JudgedRequest, signature: Signature) -> Outcome:
        """What becomes of an answered request. Raises Rejected."""
        if self.served is None and (self.policy == PASS or not judged.findings):
            return Outcome(asked.id)
        sure = [f for f in judged.findings if f["confidence"] >= SURE] if self.policy != PASS else []
        rows = sorted({finding["record"] for finding in sure})
        if rows and self.policy == REJECT:
            self.records_rejected += len(rows)
            raise Rejected(sure)
        name = asked.id or uuid.uuid4().hex
        if self.held is not None and rows:
            self.records_held += len(rows)
            self.held.note(ServedRequest(name, asked, signature, judged.values, judged.findings, rows))
        if self.served is not None:
            self.served.note(ServedRequest(name, asked, signature, judged.values, judged.findings))
        return Outcome(name, tuple(rows))

    def series(self) -> dict[str, float]:
        """Counters for Prometheus."""
        kept = [recorder for recorder in (self.served, self.held) if recorder is not None]
        return {
            "karat_records_held_total": self.records_held,
            "karat_records_rejected_total": self.records_rejected,
            "karat_records_written_total": sum(recorder.written for recorder in kept),
            "karat_records_unwritten_total": sum(recorder.lost for recorder in kept),
        }

    def close(self) -> None:
        """Write what waits."""
        for recorder in (self.served, self.held):
            if recorder is not None:
                recorder.close()


def _reason(finding: Mapping[str, Any]) -> str:
    column = f", column {finding['column']!r}" if finding["column"] is not None else ""
    return f"record {finding['record']}{column}: {finding['check']}: {finding['message']}"
