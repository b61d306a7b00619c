"""The operators of other programs' recipes, and the settings that stand for them here."""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

Arguments = Mapping[str, Any]


@dataclass
class Step:
    """What one operator is here.

    Parameters
    ----------
    clean : dict
        Settings of ``[clean]``.
    quality : dict of str to dict
        Parameters of checks.
    left : list of str
        What of it cannot be said here, in words; all of it where the two above are empty.
    """

    clean: dict[str, Any] = field(default_factory=dict)
    quality: dict[str, dict[str, Any]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Does it say nothing?"""
        return not (self.clean or self.quality)


Operator = Callable[[Arguments], Step]


def _limits(unit: str, low: str, high: str, least: int) -> Operator:
    """A filter of lengths; without a limit of its own it has ``least``, as its program does."""

    def translated(said: Arguments) -> Step:
        step = Step({f"min_{unit}": int(said.get(low, least))})
        if high in said and int(said[high]) < sys.maxsize:
            step.clean[f"max_{unit}"] = int(said[high])
        for name in ("tokenization", "hf_tokenizer"):
            if said.get(name):
                step.left.append(f"{name} (words stand between blanks, tokens are those of [prepare] tokenizer)")
        return step

    return translated


def _languages(name: str, score: str) -> Operator:
    def translated(said: Arguments) -> Step:
        named = said.get(name) or ()
        languages = tuple([named] if isinstance(named, str) else named)
        step = Step({"languages": languages} if languages else {})
        if languages:
            step.left += [f"{score} (the likeliest language decides)"] if score in said else []
        else:
            step.left.append(f"without {name} it only asks for {score}")
        return step

    return translated


def _expressions(named: Any) -> tuple[list[str], list[str]]:
    """Those that RE2 can read, and in words those that it cannot."""
    good, left = [], []
    for expression in [named] if isinstance(named, str) else list(named or ()):
        plain = re.sub(r"^r?(['\"])(.*)\1$", r"\2", str(expression), flags=re.DOTALL)
        try:
            pc.match_substring_regex(pa.array([""]), plain)
            good.append(plain)
        except (pa.ArrowInvalid, ValueError):
            left.append(f"{plain!r} (no expression of RE2)")
    return good, left


def _dropping(name: str) -> Operator:
    def translated(said: Arguments) -> Step:
        good, left = _expressions(said.get(name))
        return Step({"drop_matching": tuple(good)} if good else {}, left=left)

    return translated


def _replacing(pattern: str, default: str = "") -> Operator:
    """An operator that writes ``repl`` where its pattern, or the usual one, matches."""

    def translated(said: Arguments) -> Step:
        patterns, left = _expressions(said.get(pattern) or default)
        written = said.get("repl", "")
        written = [written] * len(patterns) if isinstance(written, str) else list(written)
        pairs = dict(zip(patterns, written, strict=False))
        return Step({"replace": pairs} if pairs else {}, left=left)

    return translated


def _characters_gone(said: Arguments) -> Step:
    signs = said.get("chars_to_remove") or "◆●■►▼▲▴∆▻▷❖♡□"
    return Step({"replace": {f"[{re.escape(''.join(signs))}]": ""}})


def _setting(**clean: Any) -> Operator:
    return lambda said: Step(dict(clean), left=[f"{name} = {value!r}" for name, value in said.items()])


def _share(name: str, setting: str, default: float, note: str) -> Operator:
    return lambda said: Step({setting: float(said.get(name, default))}, left=[note])


def _near(name: str, default: float) -> Operator:
    return lambda said: Step({"near_duplicates": float(said.get(name, default))})


def _family(check: str, names: Mapping[str, str], fixed: Mapping[str, Any] | None = None) -> Operator:
    """A family of published rules; its arguments are parameters of the check of the same rules."""

    def translated(said: Arguments) -> Step:
        step = Step(quality={check: {}})
        for name, value in said.items():
            if name in names and value is not None and value != -1:
                # the program asks for the share of words with a letter, whatever it calls the limit
                step.quality[check][names[name]] = value
            elif name not in ("exclusion_writer", *(fixed or ())) or (
                name in (fixed or ()) and value != (fixed or {})[name]
            ):
                step.left.append(f"{name} = {value!r}")
        return step

    return translated


def _repetition(said: Arguments) -> Step:
    plain = {
        "dup_line_frac": "max_repeated_lines",
        "dup_para_frac": "max_repeated_paragraphs",
        "dup_line_char_frac": "max_repeated_line_text",
        "dup_para_char_frac": "max_repeated_paragraph_text",
    }
    grams = {"top_n_grams": "max_top_{}_gram", "dup_n_grams": "max_repeated_{}_grams"}
    step = _family("GopherRepetition", plain)({name: value for name, value in said.items() if name not in grams})
    for name, parameter in grams.items():
        for size, share in said.get(name) or ():
            step.quality["GopherRepetition"][parameter.format(size)] = share
    return step


def _fasttext(said: Arguments) -> Step:
    labels = said.get("keep_labels") or ()
    labels = [labels] if labels and isinstance(labels[0], str) else list(labels)
    path = str(said.get("model_url", "")).removeprefix("file://")
    if len(labels) != 1:
        return Step(left=["only one label of keep_labels can be said here"])
    if not Path(path).is_file():
        return Step(left=[f"{path or 'its model'} is no file on this machine"])
    label, least = labels[0]
    return Step({"quality": path, "quality_label": str(label).removeprefix("__label__"), "min_quality": float(least)})


MAIL, LINK = r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+", r"(?i)(?:https?|ftp)://[^\s<>\"'，。；）)]+"
IP = r"\b(?:\d{1,3}\.){3}\d{1,3}\b"
# the defaults stand in the programs' documentation: data-juicer 1.6 and datatrove 0.10
JUICER: Mapping[str, Operator] = {
    "text_length_filter": _limits("characters", "min_len", "max_len", 10),
    "words_num_filter": _limits("words", "min_num", "max_num", 10),
    "token_num_filter": _limits("tokens", "min_num", "max_num", 10),
    "language_id_score_filter": _languages("lang", "min_score"),
    "flagged_words_filter": _share("max_ratio", "max_flagged", 0.045, "its list of words (ours is short)"),
    "document_deduplicator": _setting(exact_duplicates=True),
    "document_minhash_deduplicator": _near("jaccard_threshold", 0.7),
    "fix_unicode_mapper": _setting(repair_unicode=True),
    "clean_html_mapper": _setting(html=True),
    "clean_email_mapper": _replacing("pattern", MAIL),
    "clean_links_mapper": _replacing("pattern", LINK),
    "clean_ip_mapper": _replacing("pattern", IP),
    "replace_content_mapper": _replacing("pattern"),
    "remove_specific_chars_mapper": _characters_gone,
}
GOPHER_NAMES = {
    "min_doc_words": "min_words",
    "max_doc_words": "max_words",
    "min_avg_word_length": "min_word_length",
    "max_avg_word_length": "max_word_length",
    "max_bullet_lines_ratio": "max_bullet_lines",
    "max_ellipsis_lines_ratio": "max_cut_lines",
    "max_non_alpha_words_ratio": "min_words_with_letters",
    "min_stop_words": "min_stop_words",
}
FINEWEB_NAMES = {
    "line_punct_thr": "min_line_ends",
    "short_line_thr": "max_short_lines",
    "char_duplicates_ratio": "max_repeated_lines",
    "new_line_ratio": "max_line_breaks",
}


def _gopher(said: Arguments) -> Step:
    plain = {name: value for name, value in said.items() if name != "max_symbol_word_ratio"}
    step = _family("GopherQuality", GOPHER_NAMES, {"language": "eng"})(plain)
    if said.get("max_symbol_word_ratio") is not None:
        step.quality["GopherQuality"] |= dict.fromkeys(("max_hashes", "max_ellipses"), said["max_symbol_word_ratio"])
    return step


def _c4(said: Arguments) -> Step:
    step = _family("C4Quality", {"min_num_sentences": "min_sentences"}, C4_FIXED)(said)
    if said.get("filter_no_terminal_punct", True):
        step.left.append("filter_no_terminal_punct (lines without an end mark stay)")
    step.left = [words for words in step.left if not words.startswith("filter_no_terminal_punct =")]
    return step


# what datatrove's filter does and ours does too: any other value is named
C4_FIXED = {
    "remove_citations": True,
    "split_paragraph": True,
    "min_words_per_line": 3,
    "max_word_length": 1000,
    "filter_lorem_ipsum": True,
    "filter_javascript": True,
    "filter_curly_bracket": True,
    "filter_policy": True,
    "language": "eng",
}
FAMILIES = ("GopherRepetition", "GopherQuality", "C4Quality", "FinewebQuality")
TROVE: Mapping[str, Operator] = {
    "GopherRepetitionFilter": _repetition,
    "GopherQualityFilter": _gopher,
    "C4QualityFilter": _c4,
    "FineWebQualityFilter": _family("FinewebQuality", FINEWEB_NAMES, {"short_line_length": 30, "language": "eng"}),
    "LanguageFilter": _languages("languages", "language_threshold"),
    "RegexFilter": _dropping("regex_exp"),
    "FastTextClassifierFilter": _fasttext,
    "FTFYFormatter": _setting(repair_unicode=True),
    "PIIFormatter": _setting(personal_data="mask"),
    # 14 bands of 8 hashes, its default, meet half of the pairs from (1/14)^(1/8) = 0.72 on
    "MinhashDedupFilter": lambda _: Step({"near_duplicates": 0.72}),
}
# Steps of a script that read, write, count or prepare what another step of it does
BESIDE: Sequence[str] = (
    "Reader",
    "Writer",
    "Stats",
    "Tokenizer",
    "Trafilatura",
    "DedupSignature",
    "DedupBuckets",
    "DedupCluster",
)
