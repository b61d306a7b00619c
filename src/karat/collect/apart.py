"""Calls a native reader in a process of its own: where a file brings it down, that is an error here and no more."""

import json
import os
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa

from karat.collect.limits import LimitError, set_higher
from karat.core import errors
from karat.core.errors import KaratError

START = "from karat.collect.apart import _inside; _inside()"
REFUSED = 3  # definition: status of a child that said what is wrong


def apart(reader: str, path: Path, max_memory_mb: float, **options: Any) -> pa.Table:
    """The table that ``reader(path, **options)`` returns, made by another process.

    Parameters
    ----------
    reader : str
        "module:function" of Karat.
    max_memory_mb : float
        Memory that it may take.

    Raises
    ------
    KaratError
        As the reader raised it; a LimitError where the process ended without a word.
    """
    with tempfile.TemporaryDirectory(prefix="karat-") as folder:
        place = Path(folder) / "table.arrow"
        asked = json.dumps([reader, str(path), max_memory_mb, options, str(place)])
        where = os.pathsep.join(entry for entry in sys.path if entry)
        child = subprocess.run(  # noqa: S603  Python itself, and arguments that no shell sees
            [sys.executable, "-c", START, asked],
            env={**os.environ, "PYTHONPATH": where},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        if child.returncode == 0:
            with pa.memory_map(str(place)) as file:
                return pa.ipc.open_file(file).read_all()
        if child.returncode == REFUSED:
            name, problem, do = json.loads(child.stdout)
            raise getattr(errors, name)(problem, do)
    wanted = f"cannot be read in {max_memory_mb:g} MB of memory, or breaks its reader"
    raise LimitError(f"{path} {wanted}", set_higher("max_memory_mb"))


def _inside() -> None:
    """The other process."""
    reader, path, max_memory_mb, options, place = json.loads(sys.argv[1])
    module, _, name = reader.partition(":")
    call = getattr(import_module(module), name)
    _bound(int(max_memory_mb * 1e6))
    try:
        table = call(Path(path), **options)
    except KaratError as error:
        sys.stdout.write(json.dumps([type(error).__name__, error.problem, error.do]))
        sys.stdout.flush()
        os._exit(REFUSED)
    with pa.ipc.new_file(place, table.schema) as writer:
        writer.write_table(table)


def _bound(memory: int) -> None:
    """Refuse this process more memory than it has and so much, where the system can (Linux; macOS does not heed it)."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    status = Path("/proc/self/statm")
    taken = int(status.read_text().split()[0]) * resource.getpagesize() if status.exists() else 0
    resource.setrlimit(resource.RLIMIT_AS, (taken + memory, resource.RLIM_INFINITY))
