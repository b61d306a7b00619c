"""A served model under strain: half-sent requests, many clients, long texts, SIGTERM; what was answered, what is kept.

    python benchmarks/serve_strain.py RUN FILE.csv [--seconds 60] [--slow 1000] [--clients 64]

RUN is a folder made by ``karat run``, FILE.csv records to ask about. The server is a process of its own with the limits
it has by default.
"""

import argparse
import asyncio
import csv
import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from serve_throughput import HOST, KARAT, request_of

PORT = 18_290


def memory_mb(pid: int) -> float:
    """Resident memory of a process."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Head and body of one answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    size = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    return head, await reader.readexactly(size)


class Tally:
    """What clients have seen."""

    def __init__(self) -> None:
        self.sent = self.answered = self.other = self.lost = 0
        self.longest = 0.0


async def client(requests: list[bytes], tally: Tally, end: float) -> None:
    """Ask until the time is over or the server is gone."""
    at = 0
    while time.monotonic() < end:
        try:
            reader, writer = await asyncio.open_connection(HOST, PORT)
        except OSError:
            return
        close = False
        while not close and time.monotonic() < end:
            start = time.monotonic()
            writer.write(requests[at % len(requests)])
            at, tally.sent = at + 1, tally.sent + 1
            try:
                head, _ = await answer(reader)
            except (asyncio.IncompleteReadError, ConnectionError):
                tally.lost += 1
                break
            tally.longest = max(tally.longest, time.monotonic() - start)
            good = head.startswith(b"HTTP/1.1 200")
            tally.answered, tally.other = tally.answered + good, tally.other + (not good)
            close = b"connection: close" in head.lower()
        writer.close()


async def slow(half: bytes, end: float) -> int:
    """Send half a request a byte at a time, again and again; how often the server hung up."""
    dropped = 0
    while time.monotonic() < end:
        try:
            reader, writer = await asyncio.open_connection(HOST, PORT)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        gone = asyncio.ensure_future(reader.read(1))
        for byte in half:
            writer.write(bytes([byte]))
            await asyncio.wait([gone], timeout=1.0)
            if gone.done() or time.monotonic() > end:
                break
        dropped += gone.done()
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        writer.close()
    return dropped


def long_text(signature: dict[str, Any], record: dict[str, str], at: int) -> bytes:
    """A request with a text of 3 MB that was never sent before."""
    name = next(entry["name"] for entry in signature["inputs"] if entry["datatype"] == "BYTES")
    return request_of(signature, record | {name: f"{at} é " + "x" * 3_000_000})


async def strained(
    server: "subprocess.Popen[bytes]",
    signature: dict[str, Any],
    records: list[dict[str, str]],
    options: argparse.Namespace,
) -> None:
    """All of it, one after the other."""
    requests = [request_of(signature, record) for record in records]
    warm = Tally()
    await client(requests, warm, time.monotonic() + 5)
    print(f"memory after the first {warm.answered} requests: {memory_mb(server.pid):.0f} MB", flush=True)
    tally, end = Tally(), time.monotonic() + options.seconds
    halves = [asyncio.create_task(slow(requests[0], end)) for _ in range(options.slow)]
    await asyncio.gather(*(client(requests, tally, end) for _ in range(options.clients)))
    dropped = sum(await asyncio.gather(*halves))
    print(
        f"{options.seconds:g} s, {options.clients} clients beside {options.slow} slow connections: {tally.answered} of "
        f"{tally.sent} answered, {tally.other} refused, {tally.lost} lost, longest {tally.longest:.2f} s; slow ones "
        f"dropped {dropped} times; memory {memory_mb(server.pid):.0f} MB",
        flush=True,
    )
    texts, before = Tally(), memory_mb(server.pid)
    reader, writer = await asyncio.open_connection(HOST, PORT)
    for at in range(options.texts):
        writer.write(long_text(signature, records[0], at))
        texts.answered += (await answer(reader))[0].startswith(b"HTTP/1.1 200")
        if at == options.texts // 5:
            before = memory_mb(server.pid)
    writer.close()
    grown = memory_mb(server.pid) - before
    print(f"{options.texts} texts of 3 MB: {texts.answered} answered; memory {grown:+.0f} MB after the first fifth")
    last, end = Tally(), time.monotonic() + 60
    asking = [asyncio.create_task(client(requests, last, end)) for _ in range(options.clients)]
    await asyncio.sleep(3)
    server.send_signal(signal.SIGTERM)
    await asyncio.gather(*asking)
    status = await asyncio.to_thread(server.wait, 60)
    print(f"SIGTERM under load: {last.answered} of {last.sent} answered, {last.lost} lost; exit status {status}")


def main() -> None:
    """Start a server and strain it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run")
    parser.add_argument("file")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--slow", type=int, default=1_000)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--texts", type=int, default=150)
    options = parser.parse_args()
    signature = json.loads(Path(options.run, "model", "schema.json").read_text(encoding="utf-8"))
    with Path(options.file).open(newline="", encoding="utf-8-sig") as opened:
        records = [record for _, record in zip(range(1000), csv.DictReader(opened), strict=False)]
    from karat.deploy.running import enough_files

    enough_files(options.slow + options.clients)
    server = subprocess.Popen([sys.executable, "-c", KARAT.format(run=options.run, port=PORT, checks=True)])
    try:
        for _ in range(600):
            try:
                socket.create_connection((HOST, PORT)).close()
                break
            except OSError:
                time.sleep(0.1)
        asyncio.run(strained(server, signature, records, options))
    finally:
        server.kill()


if __name__ == "__main__":
    main()
