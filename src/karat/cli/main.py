"""The command line: ``karat``. Results go to stdout, progress and errors to stderr."""

import atexit
import errno
import io
import os
import shlex
import signal
import sys
import threading
import warnings
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import typer

from karat.cli.app import app
from karat.cli.say import say
from karat.core.errors import InputError, KaratError
from karat.core.lazy_pandas import leave_pandas_out
from karat.flow.private_files import OWNER_ONLY

RESUMED = (["run"], ["clean"], ["assess"], ["demo"])  # commands that leave finished work in a run folder
INTERRUPTED = 130  # definition: 128 + SIGINT (2), as shells report it (POSIX)


def main() -> NoReturn:
    """Run a command; every outcome becomes an exit status and at most one line."""
    leave_pandas_out()
    from karat.cli import (  # noqa: F401  registers the commands
        commands,
        doctor_command,
        drift_command,
        label_commands,
        language_model_commands,
        learn_command,
        look_command,
        mcp_command,
        review_commands,
        run_commands,
        serve_command,
        store_commands,
        watch_command,
    )

    _begin()
    try:
        ended = app(prog_name="karat", standalone_mode=False)  # Typer turns Ctrl-C into the status 130 and returns it
        status = ended if isinstance(ended, int) else 0
        if status == INTERRUPTED:
            status = _interrupt()
    except KaratError as error:
        status = _say(str(error), error.exit_status)
    except typer.Exit as done:
        status = done.exit_code
    except (KeyboardInterrupt, typer.Abort):
        status = _interrupt()
    except MemoryError:
        status = _say("out of memory. Close other programs or use a machine with more.", 3)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except OSError as error:
        status = _machine(error)
    except Exception as error:  # noqa: BLE001  the last line of defence: no traceback reaches a user
        status = _other(error)
    _leave(status)


def _begin() -> None:
    """What holds for every command."""
    os.umask(OWNER_ONLY)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that has no arrow gets a question mark, and its result
            stream.reconfigure(errors="replace")
    signal.signal(signal.SIGINT, _interrupted)
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, _interrupted)  # a machine that is shut down leaves the last good state too
    warnings.showwarning = _warned


def _leave(status: int) -> NoReturn:
    """Ends; after an interruption at once: threads in native code must not see the interpreter go."""
    sys.stdout.flush()
    if status == INTERRUPTED:
        atexit._run_exitfuncs()  # temporary folders go; there is no public call for it
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def _interrupted(number: int, frame: FrameType | None) -> None:
    """Ctrl-C, or SIGTERM; what the threads of a pool say while it is torn down is of no use to anybody."""
    threading.excepthook = lambda _: None
    signal.default_int_handler(number, frame)


def _warned(message: Warning | str, *_: Any, **__: Any) -> None:
    """A warning as one line; with ``--quiet`` only errors are shown."""
    if "--quiet" not in sys.argv:
        say(f"Warning: {' '.join(str(message).split())}", error=True)


def _interrupt() -> int:
    words = sys.argv[1:]
    again = f" What was done is saved. To continue: {shlex.join(['karat', *words])}" if words[:1] in RESUMED else ""
    say(f"Interrupted.{again}", error=True)
    return INTERRUPTED


def _say(line: str, status: int) -> int:
    say(f"Error: {line}", error=True)
    return status


def _machine(error: OSError) -> int:
    cures = {
        errno.ENOSPC: "the disk is full. Free some space, then run the same command to continue.",
        errno.EDQUOT: "the disk quota is used up. Free some space, then run the same command to continue.",
        errno.EACCES: "no permission. Ask for the right to it, or name another place (--out for results).",
        errno.EPERM: "no permission. Ask for the right to it, or name another place (--out for results).",
        errno.EROFS: "the file system is read-only. Choose another place with --out.",
    }
    where = f"{error.filename}: " if error.filename else ""
    return _say(f"{where}{cures.get(error.errno or 0, error.strerror or str(error))}", 3)


def _other(error: Exception) -> int:
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # click's own usage errors
        return _usage(type(error).__name__, error.format_message())
    if os.environ.get("KARAT_TRACEBACK"):
        raise error
    if told := _altered_run():
        return _say(told, InputError.exit_status)
    return _say(
        f"fault in Karat itself: {type(error).__name__}: {error}. Set KARAT_TRACEBACK=1 to see where, and report it.",
        1,
    )


def _usage(kind: str, message: str) -> int:
    """A command line that cannot be understood; without a command the help is the answer."""
    if kind == "NoArgsIsHelpError":
        say(message)
        return 0
    end = "" if message.endswith(("?", ".")) else "."
    return _say(f"{message}{end} Run karat --help for commands and options.", 2)


def _altered_run() -> str:
    """What was altered in a run folder that the command names: that is why it failed; "" where nothing was."""
    from karat.flow.journal import MANIFEST
    from karat.flow.verifying import verify

    for word in sys.argv[1:]:
        run = Path(word.rpartition("@")[0] or word)
        if not (run / MANIFEST).is_file() or not (run / "run.json").is_file():
            continue  # one that was never finished says nothing of the fault
        try:
            faults = verify(run)
        except KaratError as error:
            return str(error)
        if faults:
            return f"{run}: {faults[0]}. Restore the file from a copy, or make the run anew."
    return ""


if __name__ == "__main__":
    main()
