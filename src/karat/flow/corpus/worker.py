"""A worker: ``python -m karat.flow.corpus.worker PLAN`` carries out the orders it reads, one on a line."""

import sys
from pathlib import Path


def main() -> None:
    """Live until the orders end."""
    import pyarrow as pa

    from karat.flow.corpus.crew import obey
    from karat.flow.corpus.workbench import Workbench

    pa.set_cpu_count(1)
    bench = Workbench.open(Path(sys.argv[1]))
    obey(sys.stdin, sys.stdout, bench.do)


if __name__ == "__main__":
    main()
