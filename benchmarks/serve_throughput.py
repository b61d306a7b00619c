"""Requests a second and latency of ``karat serve`` beside a plain Starlette and ONNX Runtime server of the same model.

    python benchmarks/serve_throughput.py RUN FILE.csv [--requests 2000] [--rounds 3] [--connections 1 16 64]

RUN is a folder made by ``karat run``, FILE.csv records to ask about, one a request. Server and load generator keep to a
core each. The servers take turns, round by round, and the median of the rounds is told, so that what else the machine
does falls on all alike; CPU-milliseconds of the server a request depend on it least.
"""

import argparse
import asyncio
import csv
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HOST, FIRST_PORT = "127.0.0.1", 18_200
SERVER_CORE, CLIENT_CORE = 0, 1
KARAT = (
    "from pathlib import Path; from karat.deploy.serve import serve; serve(Path({run!r}), port={port}, checks={checks})"
)


def plain(run: str, port: int) -> None:
    """What anybody would write: parse, ask ONNX Runtime, answer."""
    import numpy as np
    import onnxruntime as ort
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    signature = json.loads(Path(run, "model", "schema.json").read_text(encoding="utf-8"))
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = ort.InferenceSession(str(Path(run, "model", "model.onnx")), options, providers=["CPUExecutionProvider"])
    numbers = {entry["name"] for entry in signature["inputs"] if entry["datatype"] == "FP64"}
    outputs = {entry["name"]: entry["datatype"] for entry in signature["outputs"]}

    def tensor(sent: dict[str, Any]) -> Any:
        kind, gap = (np.float64, np.nan) if sent["name"] in numbers else (object, "")
        return np.array([gap if value is None else value for value in sent["data"]], kind).reshape(-1, 1)

    async def infer(request: Request) -> JSONResponse:
        body = await request.json()
        values = session.run(list(outputs), {sent["name"]: tensor(sent) for sent in body["inputs"]})
        tensors = [
            {"name": name, "datatype": kind, "shape": list(value.shape), "data": value.ravel().tolist()}
            for (name, kind), value in zip(outputs.items(), values, strict=True)
        ]
        return JSONResponse({"model_name": signature["model"], "outputs": tensors})

    app = Starlette(routes=[Route(f"/v2/models/{signature['model']}/infer", infer, methods=["POST"])])
    uvicorn.run(app, host=HOST, port=port, log_level="warning", access_log=False)


def started(way: str, run: str, port: int) -> "subprocess.Popen[bytes]":
    """A server on its core, once it listens."""
    checks = way == "checks on"
    command = (
        [sys.executable, __file__, run, "-", "--plain", str(port)]
        if way == "plain"
        else [sys.executable, "-c", KARAT.format(run=run, port=port, checks=checks)]
    )
    server = subprocess.Popen(["taskset", "-c", str(SERVER_CORE), *command])
    for _ in range(600):
        try:
            socket.create_connection((HOST, port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return server
    raise SystemExit(f"{way} does not listen")


def request_of(signature: dict[str, Any], record: dict[str, str]) -> bytes:
    """One record as a whole HTTP request."""

    def tensor(entry: dict[str, Any]) -> dict[str, Any]:
        text = record[entry["name"]]
        value = text if entry["datatype"] == "BYTES" else float(text) if text else None
        return {"name": entry["name"], "shape": [1, 1], "datatype": entry["datatype"], "data": [value]}

    body = json.dumps({"inputs": [tensor(entry) for entry in signature["inputs"]]}).encode()
    head = f"POST /v2/models/{signature['model']}/infer HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Client(asyncio.Protocol):
    """Asks one request after the other on one connection."""

    def __init__(self, requests: list[bytes], count: int, done: "asyncio.Future[None]", seconds: list[float]) -> None:
        self.requests, self.left, self.done, self.seconds = requests, count, done, seconds
        self.got = b""

    def connection_made(self, transport: Any) -> None:
        """Begin."""
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        """The next request."""
        self.start = time.perf_counter()
        self.transport.write(self.requests[self.left % len(self.requests)])

    def data_received(self, data: bytes) -> None:
        """Some of an answer."""
        self.got += data
        head, found, body = self.got.partition(b"\r\n\r\n")
        if not found or len(body) < int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]):
            return
        if b" 200 " not in head[:20]:
            raise SystemExit(self.got.decode())
        self.seconds.append(time.perf_counter() - self.start)
        self.got, self.left = b"", self.left - 1
        if self.left:
            self.ask()
        else:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """The end."""
        if not self.done.done():
            self.done.set_result(None)


async def asked(port: int, requests: list[bytes], connections: int, count: int) -> tuple[float, float, float]:
    """Requests a second, median and 99th percentile in milliseconds."""
    loop, seconds, waiting = asyncio.get_running_loop(), list[float](), []
    start = time.perf_counter()
    for at in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        mine = requests[at % len(requests) :] + requests[: at % len(requests)]
        await loop.create_connection(
            lambda mine=mine, done=done: Client(mine, count // connections, done, seconds),  # type: ignore[misc]
            HOST,
            port,
        )
        waiting.append(done)
    await asyncio.gather(*waiting)
    took = time.perf_counter() - start
    seconds.sort()
    return len(seconds) / took, seconds[len(seconds) // 2] * 1e3, seconds[int(len(seconds) * 0.99)] * 1e3


def cpu_seconds(pid: int) -> float:
    """CPU time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def compared(run: str, file: str, rounds: int, count: int, connections: list[int]) -> None:
    """Print a table."""
    os.sched_setaffinity(0, {CLIENT_CORE})
    signature = json.loads(Path(run, "model", "schema.json").read_text(encoding="utf-8"))
    with Path(file).open(newline="", encoding="utf-8-sig") as opened:
        requests = [
            request_of(signature, record) for _, record in zip(range(1000), csv.DictReader(opened), strict=False)
        ]
    ways = {way: FIRST_PORT + at for at, way in enumerate(("plain", "checks off", "checks on"))}
    servers = {way: started(way, run, port) for way, port in ways.items()}
    try:
        for port in ways.values():
            asyncio.run(asked(port, requests, 1, 100))
        print("| connections | server | requests/s | of plain | p50 ms | p99 ms | of plain | CPU ms | of plain |")
        print("|---|---|---|---|---|---|---|---|---|")
        for many in connections:
            figures: dict[str, list[tuple[float, ...]]] = {way: [] for way in ways}
            for _ in range(rounds):
                for way, port in ways.items():
                    cpu = cpu_seconds(servers[way].pid)
                    figure = asyncio.run(asked(port, requests, many, count))
                    figures[way].append((*figure, (cpu_seconds(servers[way].pid) - cpu) / count * 1e3))
            median = {
                way: [sorted(some)[rounds // 2] for some in zip(*rows, strict=True)] for way, rows in figures.items()
            }
            base = median["plain"]
            for way, (rate, p50, p99, cost) in median.items():
                print(
                    f"| {many} | {way} | {rate:,.0f} | {rate / base[0]:.2f} | {p50:.2f} | {p99:.2f} | "
                    f"{p99 / base[2]:.2f} | {cost:.2f} | {cost / base[3]:.2f} |",
                    flush=True,
                )
    finally:
        for server in servers.values():
            server.terminate()


def main() -> None:
    """Compare, or be the plain server."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run")
    parser.add_argument("file")
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 16, 64])
    parser.add_argument("--plain", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plain:
        plain(options.run, options.plain)
    else:
        compared(options.run, options.file, options.rounds, options.requests, options.connections)


if __name__ == "__main__":
    main()
