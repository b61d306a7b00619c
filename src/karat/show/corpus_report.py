"""The report of a corpus: what each rule took, with examples at its limit; read from small files."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from karat.core.words import many
from karat.show import words
from karat.show.headline import dimensions
from karat.show.masking import masked
from karat.show.run_files import Facts

WIDE, TALL = 640, 130


def page_values(facts: Facts) -> dict[str, Any]:
    """Everything the page is told from."""
    story, account = dict(facts._json("corpus.json")), facts.accounting
    removed = sum((account.get("removed") or {}).values())
    numbers = {
        "in": account.get("in", 0),
        "kept": account.get("kept", 0),
        "removed": removed,
        "quarantined": account.get("quarantined", 0),
        "edits": (facts.rooms.get("clean") or {}).get("cells", 0),
        "found": (facts.rooms.get("clean") or {}).get("findings", 0),
    }
    return {
        "name": facts.name,
        "run": facts.run,
        "folder": str(facts.folder),
        "cleaned": facts.has("ledger.parquet"),
        "numbers": numbers,
        "story": story,
        "head": _head(numbers, story, cleaned=facts.has("ledger.parquet")),
        "scores": dimensions(facts),
        "funnel": _funnel(story),
        "languages": _shares(story.get("languages") or ()),
        "lengths": lengths(story["lengths"]) if story.get("lengths") else "",
        "rules": [_rule(rule) for rule in story.get("rules") or ()],
        "account": account,
        "quarantine": [
            row | {"raw": masked(row["raw"]), "error": masked(row.get("error"))} for row in facts.quarantine
        ],
        "commands": _commands(facts),
    }


def _head(numbers: Mapping[str, int], story: Mapping[str, Any], *, cleaned: bool) -> dict[str, str]:
    whole, kept = story.get("tokens", 0), story.get("tokens_kept", 0)
    share = words.share(kept / whole) if whole else "–"
    if not cleaned:
        counted = f"{many(numbers['found'], 'finding')} in {many(story.get('documents', 0), 'document')}"
        return {"title": counted, "tone": "even", "text": f"{share} of the tokens would stay. Nothing was changed."}
    title = f"{words.count(numbers['kept'])} of {many(story.get('documents', 0), 'document')} kept"
    text = (
        f"{share} of about {many(whole, 'token')} stay, {many(numbers['edits'], 'place')} were edited. "
        "Every removal stands in ledger.parquet with its rule, measure and limit, and can be undone."
    )
    return {"title": title, "tone": "good", "text": text}


def _funnel(story: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is left after each step, widest first as it happened."""
    whole = max(1, story.get("documents", 0))
    return [dict(step) | {"width": round(100 * step["left"] / whole, 2)} for step in story.get("funnel") or ()]


def _shares(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    most = max((row["documents"] for row in rows), default=1) or 1
    return [
        dict(row)
        | {
            "width": round(100 * row["documents"] / most, 2),
            "kept_width": round(100 * row["kept"] / most, 2),
            "share": row["kept"] / max(1, row["documents"]),
        }
        for row in rows
    ]


def lengths(histogram: Mapping[str, Any]) -> Markup:
    """How long documents are, all of them and those that stay, on a logarithmic axis."""
    counts, kept, edges = histogram["documents"], histogram["kept"], histogram["edges"]
    most, step = max(counts, default=1) or 1, WIDE / max(1, len(counts))
    bars = Markup("").join(
        Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
            kind, at * step + 1, TALL - 18 - size, step - 2, size
        )
        for kind, values in (("all", counts), ("stay", kept))
        for at, size in enumerate((TALL - 24) * value / most for value in values)
        if size > 0
    )
    labels = Markup("").join(
        Markup('<text x="{:.1f}" y="{}">{:,.0f}</text>').format(at * step, TALL - 4, edges[at])
        for at in range(0, len(edges), 4)
    )
    return Markup(
        '<svg class="lengths" viewBox="0 0 {} {}" role="img" aria-label="Lengths of documents">{}{}</svg>'
    ).format(WIDE, TALL, bars, labels)


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    examples = [
        {"row": e["row"], "text": words.short(masked(e["text"]) or "", 240), "message": masked(e["message"])}
        for e in rule["examples"]
    ]
    return dict(rule) | {"title": _title(rule["step"]), "examples": examples}


def _title(code: str) -> str:
    return words.title(code) if code[:1].isupper() else code.replace("_", " ").capitalize()


def _commands(facts: Facts) -> list[tuple[str, str]]:
    run = str(facts.folder)
    if not facts.has("ledger.parquet"):
        return [("karat clean DATA", "drop and mend; the input file is never written")]
    said = [
        (f"karat why {run} ROW", "what became of one document, and why"),
        ("karat clean DATA --sweep RULE", "what a rule would keep at other limits, without reading again"),
    ]
    if facts.has("store"):
        said.append((f"karat store restore {run} 1", "undo: every document back, value for value"))
    if facts.has("vault"):
        said.append((f"karat store forget {run}", "destroy the originals of masked personal data; cannot be undone"))
    return said


def markdown(report: Mapping[str, Any]) -> str:
    """Ten lines at most for a pull request; no text of a document stands in it."""
    numbers, head = report["numbers"], report["head"]
    lines = [f"### Karat · {report['name']}: {head['title']}", "", head["text"], ""]
    for row in report["scores"][0]["rows"] if report["scores"] else []:
        if row["before"]:
            after = f" → {words.score(row['after']['score'])}" if row["after"] else ""
            lines.append(f"- {row['name']} {words.score(row['before']['score'])}{after}")
    lines.append(
        f"- {words.count(numbers['in'])} in = {words.count(numbers['kept'])} kept + {words.count(numbers['removed'])} "
        f"removed + {words.count(numbers['quarantined'])} quarantined"
    )
    top = sorted(report["rules"], key=lambda rule: -rule["documents"])[:4]
    lines.append(
        "- dropped: " + (", ".join(f"{r['title'].lower()} {words.count(r['documents'])}" for r in top) or "nothing")
    )
    return "\n".join(" ".join(line.split("\n")) for line in lines) + "\n"
