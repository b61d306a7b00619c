"""``karat clean --from``: a data-juicer recipe or a datatrove script as settings, and what of it cannot be said."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from karat.core.errors import InputError, OptionError
from karat.flow.recipe_operators import BESIDE, FAMILIES, JUICER, TROVE, Operator, Step

Call = tuple[str, dict[str, Any], list[str]]  # an operator, its arguments, and those that are no plain values
NOTHING_ELSE = {"exact_duplicates": False, "near_duplicates": 0.0, "repair_unicode": False, "max_flagged": 1.0}


@dataclass(frozen=True)
class ForeignRecipe:
    """What a recipe says.

    Parameters
    ----------
    settings : dict
        Tables of ``karat.toml``.
    done : tuple of str
        Operators that are translated.
    left : tuple of str
        What is not, in words.
    """

    settings: dict[str, Any]
    done: tuple[str, ...]
    left: tuple[str, ...]

    def in_words(self) -> list[str]:
        """Lines for a person."""
        left = [f"left out   {'; '.join(self.left)}"] if self.left else []
        return [f"recipe     {', '.join(self.done)}", *left]


def read_recipe(path: str | Path) -> ForeignRecipe:
    """The settings that stand for a recipe: its steps alone, and masking of personal data, which stays on.

    Parameters
    ----------
    path : path
        A data-juicer recipe (YAML with ``process``), or a Python script with a pipeline of datatrove.

    Raises
    ------
    InputError
        The file cannot be read, or is neither.
    OptionError
        Nothing of it can be said here.
    """
    place = Path(path)
    try:
        text = place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise InputError(f"recipe {path} cannot be read ({reason})", "Check the path") from None
    script = place.suffix == ".py"
    calls = list(_of_script(text, place) if script else _of_recipe(text, place))
    recipe = _joined(calls, TROVE if script else JUICER)
    if not recipe.done:
        raise OptionError(
            f"nothing in {path} can be translated: {'; '.join(recipe.left)}", "Write [clean] settings by hand"
        )
    return recipe


def _joined(calls: list[Call], known: Mapping[str, Operator]) -> ForeignRecipe:
    clean: dict[str, Any] = dict(NOTHING_ELSE)
    quality: dict[str, dict[str, Any]] = {}
    done, left = [], []
    for name, arguments, unread in calls:
        if name not in known:
            left.append(f"{name} (no setting stands for it)")
            continue
        step = _translated(known[name], arguments)
        words = [*step.left, *(f"{argument} (no plain value)" for argument in unread)]
        left += [f"{name}: {', '.join(words)}"] if words else []
        if not step.empty:
            done.append(name)
            _merge(clean, step.clean)
            for check, parameters in step.quality.items():
                quality.setdefault(check, {}).update(parameters)
    families = [check for check in FAMILIES if check in quality]
    clean["profile"] = "datatrove" if families else "none"
    if families:
        clean["ignore"] = tuple(check for check in FAMILIES if check not in families)
    parameters = {check: values for check, values in quality.items() if values}
    return ForeignRecipe({"clean": clean, "quality": parameters}, tuple(done), tuple(left))


def _translated(operator: Operator, arguments: Mapping[str, Any]) -> Step:
    try:
        return operator(arguments)
    except (TypeError, ValueError, KeyError, AttributeError):
        return Step(left=[f"its arguments {dict(arguments)!r} are of another kind than expected"])


def _merge(clean: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Of two limits the stricter one; of lists and replacements both."""
    for name, value in more.items():
        before = clean.get(name)
        if isinstance(value, dict):
            clean[name] = {**(before or {}), **value}
        elif name == "drop_matching":
            clean[name] = (*(before or ()), *value)
        elif before and name.startswith("min_") and name != "min_quality":
            clean[name] = max(before, value)
        elif before and name.startswith("max_"):
            clean[name] = min(before, value)
        else:
            clean[name] = value


def _of_recipe(text: str, place: Path) -> Iterator[Call]:
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        reason = str(error).split("\n")[0][:120]
        raise InputError(f"recipe {place} is not YAML ({reason})", "Correct the file") from None
    process = content.get("process") if isinstance(content, dict) else None
    if not isinstance(process, list) or not process:
        raise InputError(
            f"recipe {place} has no list 'process' of operators", "Name a data-juicer recipe or a .py script"
        )
    for entry in process:
        if isinstance(entry, dict) and len(entry) == 1:
            ((name, arguments),) = entry.items()
            yield str(name), dict(arguments) if isinstance(arguments, dict) else {}, []
        else:
            yield str(entry), {}, []


def _of_script(text: str, place: Path) -> Iterator[Call]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        raise InputError(f"recipe {place} is not Python ({error})", "Correct the file") from None
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    calls = [entry for node in ast.walk(tree) if isinstance(node, ast.List) for entry in node.elts]
    steps = [(_called(entry), entry) for entry in calls if isinstance(entry, ast.Call)]
    wanted = [(name, entry) for name, entry in steps if name[:1].isupper() and not _beside(name)]
    if not wanted:
        raise InputError(f"recipe {place} has no pipeline of datatrove", "Name a script with a list of its steps")
    for name, entry in sorted(wanted, key=lambda step: step[1].lineno):
        yield name, *_arguments(entry, constants)


def _called(entry: ast.Call) -> str:
    return entry.func.id if isinstance(entry.func, ast.Name) else getattr(entry.func, "attr", "")


def _beside(name: str) -> bool:
    return any(part in name for part in BESIDE)


FIRST = {"RegexFilter": "regex_exp", "LanguageFilter": "languages", "FastTextClassifierFilter": "model_url"}


class _Named(ast.NodeTransformer):
    """Puts what a script assigns to a name at its top in the name's place."""

    def __init__(self, constants: Mapping[str, ast.expr]) -> None:
        self._constants = constants

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """The value of a name, where it has one."""
        return self._constants.get(node.id, node)


def _arguments(entry: ast.Call, constants: Mapping[str, ast.expr]) -> tuple[dict[str, Any], list[str]]:
    """The arguments of a step that are plain values, or names of such, and the names of the others."""
    named = [(keyword.arg or "**", keyword.value) for keyword in entry.keywords]
    first = FIRST.get(_called(entry), "")
    named += [(first if at == 0 and first else f"argument {at + 1}", value) for at, value in enumerate(entry.args)]
    plain, unread = {}, []
    for name, value in named:
        try:
            plain[name] = ast.literal_eval(_Named(constants).visit(value))
        except ValueError:
            unread += [] if name == "exclusion_writer" else [name]
    return plain, unread
