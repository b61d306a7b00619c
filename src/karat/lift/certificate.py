"""The certificate: what the data work was worth to the model, in one portable file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

from karat.core.errors import InputError

VERSION = 1  # definition: of the certificate's format
WORTH, NO_EFFECT, HARM, UNCHANGED = "worth it", "no effect seen", "harm", "nothing changed"
WARNING = "warning: "  # how a note begins that the terminal shows with the verdict
# Clocks, paths, and what an older certificate had foretold: not part of the digits that a re-run must give.
UNREPEATABLE = ("cost", "rerun", "inputs", "follow_up")


@dataclass(frozen=True)
class Level:
    """A score on held-out records with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Gain:
    """A paired difference of scores with its 95 % interval; ``n``: how many draws of chance stand behind it."""

    lift: float
    low: float
    high: float
    n: int | None = None


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval; None where it is not bounded."""

    share: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Contribution:
    """What one family of fixes was worth: its Shapley share of the lift, and what follows.

    ``verdict``: keep, no effect, left out or harm. ``shipped``: in how many folds (share) nested validation kept it.
    """

    family: str
    lift: float
    low: float
    high: float
    verdict: str
    p_value: float
    shipped: float


@dataclass(frozen=True)
class Certificate:
    """The lift of one data version over another, and all that it takes to check it.

    Parameters
    ----------
    protocol : str
        ``procedure``: in every outer fold Karat learned and mended on the raw training records alone.
        ``versions``: two given tables were compared; B has seen the test records.
    metric : str
        ``lift`` is signed so that + is better.
    raw, plain, refined, refined_mended_test, clean : Level or None
        Scores of the headline learner on held-out records: as they came; exact duplicates dropped and gaps filled;
        refined; the refined model on mended test records (decides nothing); trained on the truth.
    lift, low, high, p_value : float
        refined - raw.
    over_plain, placebo, over_placebo : Gain
        refined - plain; placebo - raw; refined - placebo.
    minimal_detectable_effect : float
        Seen with 90 % power at 5 %.
    contributions : tuple of Contribution
        By family; they add up to ``lift``, or to that of ``contributions_by``.
    answered : Gain or None
        What people's answers were worth: refined with them less refined without.
    contributions_by : dict
        Where not the headline learner but the linear one shared out the lift: its name, scores and lift, to which the
        contributions add up. Empty otherwise.
    gap : dict
        Train minus held-out score, before and after.
    robustness : tuple of dict
        How far the score falls when test records are spoiled, before and after.
    slices : tuple of dict
        Lift by slice, worst first, p values adjusted over the slices (Holm).
    next : tuple of dict
        What to do next, by expected lift.
    slice_curves : tuple of dict
        What as many records again of a slice are expected to bring.
    sources : tuple of dict
        The lift of leaving out a source's records.
    metrics : tuple of dict
        The lift by other metrics, p values adjusted over them and the slices together (Holm).
    follow_up : tuple of dict
        How good the forecasts of the certificate before this one were.
    verdict : str
        ``worth it``, ``no effect seen``, ``harm`` or ``nothing changed``.
    folds : tuple of dict
        The scores of every fold and arm, from which all digits above follow.
    """

    protocol: str
    metric: str
    raw: Level
    plain: Level
    refined: Level
    lift: float
    low: float
    high: float
    p_value: float
    over_plain: Gain
    placebo: Gain
    over_placebo: Gain
    minimal_detectable_effect: float
    verdict: str
    refined_mended_test: Level | None = None
    clean: Level | None = None
    won_back: Share | None = None
    answered: Gain | None = None
    contributions: tuple[Contribution, ...] = ()
    contributions_by: dict[str, Any] = field(default_factory=dict)
    gap: dict[str, Any] = field(default_factory=dict)
    robustness: tuple[dict[str, Any], ...] = ()
    slices: tuple[dict[str, Any], ...] = ()
    next: tuple[dict[str, Any], ...] = ()
    dose_response: tuple[dict[str, Any], ...] = ()
    slice_curves: tuple[dict[str, Any], ...] = ()
    sources: tuple[dict[str, Any], ...] = ()
    metrics: tuple[dict[str, Any], ...] = ()
    follow_up: tuple[dict[str, Any], ...] = ()
    records: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    recipe: dict[str, Any] = field(default_factory=dict)
    seeds: dict[str, Any] = field(default_factory=dict)
    splits: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, Any] = field(default_factory=dict)
    folds: tuple[dict[str, Any], ...] = ()
    inputs: dict[str, Any] = field(default_factory=dict)
    cost: dict[str, Any] = field(default_factory=dict)
    rerun: str = ""
    version: int = VERSION

    def __repr__(self) -> str:
        interval = f"{self.lift:+.4f} {self.metric} [{self.low:+.4f}, {self.high:+.4f}]"
        return f"<Certificate: {interval}, placebo {self.placebo.lift:+.4f}: {self.verdict}>"

    def to_json(self) -> dict[str, Any]:
        """Plain values for ``lift.json``; what does not apply is left out."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def save(self, path: Path) -> None:
        """Write ``lift.json``, whole or not at all."""
        part = path.with_suffix(path.suffix + ".part")
        text = json.dumps(self.to_json(), ensure_ascii=False, indent=1, allow_nan=False)
        part.write_text(text + "\n", encoding="utf-8")
        part.replace(path)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The inverse of ``to_json``. Raises InputError where it is no certificate."""
        known = {f.name: f for f in fields(cls)}
        lacking = [name for name in schema()["required"] if name not in values]
        strange = sorted(values.keys() - known.keys())
        if lacking or strange:
            fault = f"{', '.join(lacking)} absent" if lacking else f"{', '.join(strange)} unknown"
            raise InputError(f"lift.json is not a certificate: {fault}", "Give the lift.json that karat wrote")
        arguments: dict[str, Any] = dict(values)
        for names, kind in _NESTED:
            arguments |= {name: kind(**arguments[name]) for name in names if arguments.get(name) is not None}
        arguments["contributions"] = tuple(Contribution(**c) for c in arguments.get("contributions", ()))
        for name in _LISTS:
            arguments[name] = tuple(arguments.get(name, ()))
        return cls(**arguments)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read ``lift.json``."""
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise InputError(f"certificate {path} not found", "Check the path") from None
        except (ValueError, OSError) as error:
            raise InputError(
                f"{path} is not a certificate: it is not JSON ({error})", "Give the lift.json that karat wrote"
            ) from None
        if not isinstance(values, dict):
            raise InputError(
                f"{path} is not a certificate: it holds a {type(values).__name__}",
                "Give the lift.json that karat wrote",
            )
        return cls.from_json(values)


_LISTS = (
    "robustness",
    "slices",
    "next",
    "dose_response",
    "slice_curves",
    "sources",
    "metrics",
    "follow_up",
    "notes",
    "folds",
)
_NESTED: tuple[tuple[tuple[str, ...], Any], ...] = (
    (("raw", "plain", "refined", "refined_mended_test", "clean"), Level),
    (("over_plain", "placebo", "over_placebo", "answered"), Gain),
    (("won_back",), Share),
)


def schema() -> dict[str, Any]:
    """The JSON Schema of ``lift.json``."""
    text = files("karat.lift").joinpath("certificate.schema.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def changed(folds: Sequence[Mapping[str, Any]]) -> bool:
    """Did any fold train on other records than the raw ones?"""
    return any(
        fold["changed"] if "changed" in fold else fold["scores"]["raw"] != fold["scores"]["refined"] for fold in folds
    )


def family_verdict(low: float, high: float, shipped: float) -> str:
    """Of one family: harm, left out (validation inside the training records mostly refused it), keep or no effect."""
    if high < 0:
        return "harm"
    if shipped < 0.5:
        return "left out"
    return "keep" if low > 0 else "no effect"


def verdict_of(low: float, high: float, placebo_low: float, folds: Sequence[Mapping[str, Any]]) -> str:
    """Worth it where both lower bounds are above 0, harm where the upper bound is below 0; if anything was changed."""
    if not changed(folds):
        return UNCHANGED
    if low > 0 and placebo_low > 0:
        return WORTH
    return HARM if high < 0 else NO_EFFECT


def effect_in_words(lift: Mapping[str, Any], metric: str) -> str:
    """What the verdict of ``lift.json`` says, for people: "Improves AUC by 0.019"."""
    verdict, size = lift["verdict"], abs(float(lift["lift"]))
    if verdict == UNCHANGED:
        versions = lift.get("protocol") == "versions"
        return "Both versions train on the same records" if versions else "Cleaning changed no training record"
    if verdict in (WORTH, HARM):
        return f"{'Improves' if verdict == WORTH else 'Worsens'} {metric} by {size:.3f}"
    seen = float(lift.get("minimal_detectable_effect") or 0.0)
    if not seen and not size:
        return f"The same {metric} on both versions"
    return f"Any effect on {metric} is smaller than {seen:.3f}" if seen >= size else f"No clear effect on {metric}"


def differences(this: dict[str, Any], that: dict[str, Any], where: str = "") -> list[str]:
    """Where two certificates differ, clocks and paths left out: "name: this, not that"."""
    if isinstance(this, dict) and isinstance(that, dict):
        skip = UNREPEATABLE if not where else ()
        names = [name for name in dict.fromkeys([*this, *that]) if name not in skip]
        return [d for n in names for d in differences(this.get(n), that.get(n), f"{where}.{n}" if where else n)]  # type: ignore[arg-type]
    if isinstance(this, (list, tuple)) and isinstance(that, (list, tuple)) and len(this) == len(that):
        return [
            d for at, (a, b) in enumerate(zip(this, that, strict=True)) for d in differences(a, b, f"{where}[{at}]")
        ]
    return [] if this == that else [f"{where}: {this!r}, not {that!r}"]
