"""Numbers in words."""


def many(value: int, singular: str, more: str = "") -> str:
    """One cell as "1 cell", three as "3 cells"."""
    return f"{value:,} {singular if value == 1 else more or singular + 's'}"
