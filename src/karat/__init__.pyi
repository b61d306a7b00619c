# What type checkers and editors see: the names that __init__.py looks up when they are used.
from pathlib import Path
from types import ModuleType
from typing import Any, Unpack, overload

import pandas as pd
import polars as pl
import pyarrow as pa

from karat import label as label
from karat import sklearn as sklearn
from karat.clean.decontamination import decontaminate
from karat.clean.diverse_subset import diverse
from karat.clean.duplicates_in_text import near_duplicates
from karat.clean.judging_text import judge_text
from karat.cli.options import Options
from karat.cli.outliers import outliers as outliers
from karat.cli.python import lift as _lift
from karat.cli.read_call import Read as Read
from karat.cli.results import Assessment as Assessment
from karat.cli.results import Cleaned as Cleaned
from karat.cli.results import Run as Run
from karat.core.errors import GateError as GateError
from karat.core.errors import InputError as InputError
from karat.core.errors import KaratError as KaratError
from karat.core.errors import MachineError as MachineError
from karat.core.errors import OptionError as OptionError
from karat.flow.language_model import train_language_model as train_language_model
from karat.label.rules import rule as rule

__version__: str

class CallableRoom(ModuleType):
    def __call__(self, *arguments: Any, **named: Any) -> Any: ...

@overload
def assess(
    data: pd.DataFrame, target: str = "", *, out: str | Path | None = None, **options: Unpack[Options]
) -> Assessment[pd.DataFrame]: ...
@overload
def assess(
    data: pl.DataFrame, target: str = "", *, out: str | Path | None = None, **options: Unpack[Options]
) -> Assessment[pl.DataFrame]: ...
@overload
def assess(
    data: Any, target: str = "", *, out: str | Path | None = None, **options: Unpack[Options]
) -> Assessment[pa.Table]: ...
@overload
def run(
    data: pd.DataFrame,
    target: str = "",
    *,
    out: str | Path | None = None,
    truth: Any = None,
    full: bool = False,
    **options: Unpack[Options],
) -> Run[pd.DataFrame]: ...
@overload
def run(
    data: pl.DataFrame,
    target: str = "",
    *,
    out: str | Path | None = None,
    truth: Any = None,
    full: bool = False,
    **options: Unpack[Options],
) -> Run[pl.DataFrame]: ...
@overload
def run(
    data: Any,
    target: str = "",
    *,
    out: str | Path | None = None,
    truth: Any = None,
    full: bool = False,
    **options: Unpack[Options],
) -> Run[pa.Table]: ...
@overload
def read(data: pd.DataFrame, target: str = "", **options: Unpack[Options]) -> Read[pd.DataFrame]: ...
@overload
def read(data: pl.DataFrame, target: str = "", **options: Unpack[Options]) -> Read[pl.DataFrame]: ...
@overload
def read(data: Any, target: str = "", **options: Unpack[Options]) -> Read[pa.Table]: ...

class _Clean:
    @overload
    def __call__(
        self, data: pd.DataFrame, target: str = "", *, out: str | Path | None = None, **options: Unpack[Options]
    ) -> Cleaned[pd.DataFrame]: ...
    @overload
    def __call__(
        self, data: pl.DataFrame, target: str = "", *, out: str | Path | None = None, **options: Unpack[Options]
    ) -> Cleaned[pl.DataFrame]: ...
    @overload
    def __call__(
        self, data: Any, target: str = "", *, out: str | Path | None = None, **options: Unpack[Options]
    ) -> Cleaned[pa.Table]: ...
    judge_text = staticmethod(judge_text)
    near_duplicates = staticmethod(near_duplicates)
    decontaminate = staticmethod(decontaminate)
    diverse = staticmethod(diverse)

class _Lift:
    __call__ = staticmethod(_lift)

clean: _Clean
lift: _Lift
