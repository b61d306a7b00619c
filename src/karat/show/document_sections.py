"""What the report shows of documents alone: the steps that removed them, languages, lengths, examples at each limit."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from karat.core.words import many
from karat.show import words
from karat.show.masking import masked
from karat.show.run_files import Facts

WIDE, TALL = 640, 130


def sections(facts: Facts) -> dict[str, Any]:
    """The values of ``documents.html``; none for other kinds of data."""
    if not facts.of_documents:
        return {}
    story = facts.story
    return {
        "profile": story.get("profile", ""),
        "dropped": story.get("documents", 0) - story.get("kept", 0),
        "tokens": story.get("tokens", 0),
        "tokens_kept": story.get("tokens_kept", 0),
        "funnel": _funnel(story),
        "languages": _shares(story.get("languages") or ()),
        "lengths": lengths(story["lengths"]) if story.get("lengths") else "",
        "rules": [_rule(rule) for rule in story.get("rules") or ()],
    }


def head(facts: Facts, numbers: Mapping[str, int]) -> dict[str, str]:
    """Title, sentence and tone of the page's head, where nothing was proved."""
    story = facts.story
    whole, kept = story.get("tokens", 0), story.get("tokens_kept", 0)
    share, documents = words.share(kept / whole) if whole else "–", many(story.get("documents", 0), "document")
    if not facts.has("ledger.parquet"):
        title = f"{many(numbers['found'], 'finding')} in {documents}"
        return {"title": title, "tone": "even", "text": f"{share} of the tokens would stay. Nothing was changed."}
    text = (
        f"{share} of about {many(whole, 'token')} were kept; {many(numbers['cells'], 'edit')} made. "
        "Every removal is in ledger.parquet with its rule, measure and limit, and can be undone."
    )
    return {"title": f"{words.count(numbers['kept'])} of {documents} kept", "tone": "good", "text": text}


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
