"""Which class an answer of a language model names, if it names one."""

import json
import re
import unicodedata

NEGATION = re.compile(r"\b(not|no|non|nor|never|neither|cannot)\b|n't\b|[不非没無无未否]")
THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?(</\1>|\Z)", re.DOTALL | re.IGNORECASE)
END_OF_THOUGHT = re.compile(r"</(think|thinking|reasoning)>", re.IGNORECASE)
FENCE = re.compile(r"^```\w*\s*|\s*```$")


def spoken(answer: str) -> str:
    """The answer without what the model thought on the way; "" where it never came to an end of that."""
    ends = list(END_OF_THOUGHT.finditer(answer))
    after = answer[ends[-1].end() :] if ends else answer
    return THOUGHT.sub("", after).strip()


def meant(answer: str, classes: tuple[str, ...]) -> str | None:
    """The class an answer names: alone, or as the only one in it; None when it names none or several, or denies.

    Parameters
    ----------
    answer : str
        Width, case, quotes and marks around it do not count, nor what stands in ``<think>``; a JSON object with
        ``label`` is its label.

    Examples
    --------
    >>> meant("「正面」。", ("正面", "负面"))
    '正面'
    >>> meant("<think>spam or ham?</think> ham", ("spam", "ham"))
    'ham'
    >>> meant("spam or ham?", ("spam", "ham")) is None
    True
    """
    text = spoken(answer)
    said = _plain(_labelled(text))
    named = {_plain(name): name for name in classes}
    if said in named:
        return named[said]
    if NEGATION.search(said):
        return None
    matches = []
    for plain, name in named.items():
        edge_left, edge_right = (r"(?<!\w)" if _latin(plain) else "", r"(?!\w)" if _latin(plain) else "")
        if re.search(edge_left + re.escape(plain) + edge_right, said):
            matches.append((plain, name))
    # a class inside another's name was not meant itself
    only = [name for plain, name in matches if not any(plain != other and plain in other for other, _ in matches)]
    return only[0] if len(only) == 1 else None


def _labelled(text: str) -> str:
    """The label of a JSON object, else the text."""
    bare = FENCE.sub("", text).strip()
    if bare[:1] == "{":
        try:
            value = json.loads(bare)
        except (ValueError, RecursionError):
            return text
        if isinstance(value, dict) and isinstance(value.get("label"), str):
            return str(value["label"])
    return text


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    return folded.strip(" \t\r\n\"'`*.,:;!?()[]{}<>。，、：；！？「」『』“”‘’（）【】《》")


def _latin(text: str) -> bool:
    return bool(text) and text[0].isascii()
