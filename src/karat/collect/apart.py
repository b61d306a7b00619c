"""Calls a native reader in a process of its own: where a file brings it down, that is an error here and no more."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa

from karat.collect.limits import MAX_RATIO, LimitError, most_unpacked, ratio_error, set_higher
from karat.core import errors
from karat.core.errors import InputError, KaratError

# the path of this process, set once Python runs: a file of its own on it may be called like a module Python starts with
START = "import json, sys; sys.path[:] = json.loads(sys.argv[2]); from karat.collect.apart import _inside; _inside()"
CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGABRT)
# cost: a copy that takes longer hangs or has to do with a slow disk: the file is read without it
TRIED_SECONDS, TRIED_BYTES_A_SECOND = 10.0, 10e6
REFUSED = 3  # definition: status of a child that said what is wrong
TOO_LARGE = 4  # definition: status of a copy that ran out of the memory it may take


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
        where = json.dumps([entry for entry in sys.path if entry])
        child = subprocess.run(  # noqa: S603  Python itself, and arguments that no shell sees
            [sys.executable, "-c", START, asked, where],
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


def survives(read: Callable[[Path], object], path: Path, max_ratio: float = MAX_RATIO) -> None:
    """Read a file in a copy of this process first: a file that brings its reader down is an error, and no more.

    What else is wrong with it is said by who reads it next. Where processes cannot be copied safely, nothing is done.

    Parameters
    ----------
    read : callable
        Reads all of the file, on one thread.
    max_ratio : float
        Of the memory that it takes to the bytes stored.

    Raises
    ------
    InputError
        The copy was ended by a signal.
    LimitError
        It took too much memory.
    """
    if not sys.platform.startswith("linux"):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other threads do not matter to a copy that starts none and only reads
        copy = os.fork()
    if not copy:
        _tried(read, path, int(most_unpacked(path, max_ratio)))
    until = time.monotonic() + TRIED_SECONDS + path.stat().st_size / TRIED_BYTES_A_SECOND
    done, status = os.waitpid(copy, os.WNOHANG)
    while not done:
        if time.monotonic() > until:
            os.kill(copy, signal.SIGKILL)
            os.waitpid(copy, 0)
            return
        time.sleep(0.001)
        done, status = os.waitpid(copy, os.WNOHANG)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in CRASHES:
        name = signal.Signals(os.WTERMSIG(status)).name
        raise InputError(f"{path} is broken: its reader ends with {name}", "Write the file anew, or remove it")
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == TOO_LARGE:
        raise ratio_error(path, max_ratio)


def _tried(read: Callable[[Path], object], path: Path, memory: int) -> NoReturn:
    """The copy."""
    status = 0
    try:
        _bound(memory)
        pa.set_memory_pool(pa.system_memory_pool())  # others reserve more than they take
        for number in CRASHES:
            signal.signal(number, signal.SIG_DFL)
        read(path)
    except MemoryError:
        status = TOO_LARGE
    except BaseException:  # noqa: BLE001, S110  it is raised again, and caught, in the process that needs the records
        pass
    finally:
        os._exit(status)


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
