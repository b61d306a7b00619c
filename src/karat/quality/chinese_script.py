"""Is Chinese written with simplified or with traditional signs?"""

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SIMPLIFIED, TRADITIONAL, MIXED = "simplified", "traditional", "mixed"
HAN = range(0x4E00, 0xA000)  # definition: Unicode's block of unified Han signs
MOST_OTHER = 0.1  # definition: one text in ten quotes or copies a few signs of the other script; more is a mixture
FEWEST = 3  # definition: signs that tell; a single one may be a name's


@cache
def _tells() -> tuple[str, str]:
    """Classes of the signs that GB 2312 has and Big5 lacks, and the other way round."""
    simplified, traditional = [], []
    for code in HAN:
        sign = chr(code)
        in_gb, in_big = _encodes(sign, "gb2312"), _encodes(sign, "big5")
        if in_gb and not in_big:
            simplified.append(sign)
        elif in_big and not in_gb:
            traditional.append(sign)
    return f"[{''.join(simplified)}]", f"[{''.join(traditional)}]"


def _encodes(sign: str, encoding: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def chinese_scripts(texts: pa.Array) -> pa.Array:
    """(n,) string: simplified, traditional or mixed; null where too few signs tell.

    Source: GB 2312-1980 holds the simplified signs, Big5 the traditional ones; a sign of one alone tells.
    """
    counts = [np.asarray(pc.fill_null(pc.count_substring_regex(texts, signs), 0)) for signs in _tells()]
    simplified, traditional = (count.astype(np.int64) for count in counts)
    both = simplified + traditional
    fewer = np.minimum(simplified, traditional)
    named = np.where(simplified > traditional, SIMPLIFIED, TRADITIONAL)
    named = np.where(fewer > MOST_OTHER * both, MIXED, named)
    return pa.array(named, pa.string(), mask=both < FEWEST)
