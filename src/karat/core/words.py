"""Numbers in words."""


def many(value: int, one: str, more: str = "") -> str:
    """One cell as "1 cell", three as "3 cells"."""
    return f"{value:,} {one if value == 1 else more or one + 's'}"
