"""``karat clean --sweep RULE``: a table and a small picture of what other limits would keep."""

from typing import Any


def shown(on: Any, rule: str) -> str:
    """The sweep of a rule over a corpus that was cleaned, as a table; the picture is written into the run folder."""
    from karat.flow.documents import DocumentRooms
    from karat.flow.folder import write_json, write_text
    from karat.flow.limit_sweep import swept
    from karat.show.sweep import picture

    documents = DocumentRooms(on)
    points = swept(documents.parts, documents.checks, rule)
    write_json(on.folder.path / f"sweep-{rule}.json", [vars(point) for point in points])
    path = on.folder.path / f"sweep-{rule}.svg"
    write_text(path, picture(rule, points))
    lines = [f"sweep      {rule}", f"{'limit':>12} {'documents':>12} {'tokens':>14} {'pass the other rules':>21}"]
    for point in points:
        mark = "  ← now" if point.now else ""
        lines.append(f"{point.limit:>12g} {point.documents:>12,} {point.tokens:>14,} {point.quality:>20.1%}{mark}")
    return "\n".join([*lines, f"picture    {path}"])
