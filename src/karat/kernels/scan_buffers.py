"""The scratch space of one thread that looks at documents, as arrays and as bare pointers."""

from typing import Any, NamedTuple

from karat.kernels.text_compiled import compiled, pointer


class Bench(NamedTuple):
    """Scratch space of one thread, and the tables it reads; arrays, and inside the kernels pointers to them."""

    classes: Any  # uint32 (SIZE,), flags of characters
    special_keys: Any  # uint64
    special_pieces: Any  # int64, MAX_PIECES each
    hashes: Any  # uint64, one per word
    ends: Any  # int64, characters up to each word
    keys: Any  # uint64
    places: Any  # int64
    times: Any  # int64
    slots: Any  # int64, four times as long
    codes: Any  # int64, one stretch without white space
    flags: Any  # int64
    memo: Any  # uint64 (MEMO * MEMO_WIDTH,), stretches that were cut: hash, words, and of each its hash, size and kind
    kinds: Any  # uint8 (256,), what each byte is to a word
    spots: Any  # int64
    marks: Any  # uint8, sixteen times as long
    cuts: Any  # int64, two each
    line_keys: Any  # uint64, one per line
    line_slots: Any  # int64, four times as long
    edited: Any  # uint8, one line
    phrases: Any  # uint8, 16 each: lower-case ASCII
    phrase_facts: Any  # int64, 4 each: length, place of its rarest letter, that letter, bit
    pairs: Any  # uint32 (32,), neighbours of which the later may be the rarest letter of a phrase
    signs: Any  # uint64 (128,), what each ASCII character adds to the counts of its line
    facts: Any  # int64 (FACTS,), one line
    shape: Any  # int64 (3,), one line
    spare: Any  # int64, a row of counts that nobody reads


@compiled
def pointers(bench: Any) -> Any:
    """The same bench, its arrays as pointers."""
    return Bench(
        pointer(bench.classes),
        pointer(bench.special_keys),
        pointer(bench.special_pieces),
        pointer(bench.hashes),
        pointer(bench.ends),
        pointer(bench.keys),
        pointer(bench.places),
        pointer(bench.times),
        pointer(bench.slots),
        pointer(bench.codes),
        pointer(bench.flags),
        pointer(bench.memo),
        pointer(bench.kinds),
        pointer(bench.spots),
        pointer(bench.marks),
        pointer(bench.cuts),
        pointer(bench.line_keys),
        pointer(bench.line_slots),
        pointer(bench.edited),
        pointer(bench.phrases),
        pointer(bench.phrase_facts),
        pointer(bench.pairs),
        pointer(bench.signs),
        pointer(bench.facts),
        pointer(bench.shape),
        pointer(bench.spare),
    )
