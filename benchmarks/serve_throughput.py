"""How many requests a second one server answers, each judged at the door, and what a request costs it.

    python benchmarks/serve_throughput.py RUN FILE.csv [--requests 4000]

RUN is a folder made by ``karat run``, FILE.csv records to ask about, one a request. Requests a second depend on what
else the machine does; CPU-milliseconds of the server a request do so much less.
"""

import argparse
import asyncio
import csv
import json
import multiprocessing
import time
import urllib.request
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"


def _serve(run: str, port: int) -> None:
    from karat.deploy.serve import serve

    serve(Path(run), HOST, port)


def _request(model: dict[str, Any], record: dict[str, str]) -> bytes:
    def data(entry: dict[str, Any]) -> Any:
        text = record[entry["name"]]
        return text if entry["datatype"] == "BYTES" else float(text) if text else None

    tensors = [
        {"name": i["name"], "shape": [1, 1], "datatype": i["datatype"], "data": [data(i)]} for i in model["inputs"]
    ]
    body = json.dumps({"inputs": tensors}).encode()
    head = f"POST /v2/models/{model['name']}/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def _client(port: int, requests: list[bytes], seconds: list[float]) -> None:
    reader, writer = await asyncio.open_connection(HOST, port)
    for request in requests:
        start = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(size)
        if b" 200 " not in head[:20]:
            raise SystemExit(head.decode())
        seconds.append(time.perf_counter() - start)
    writer.close()


async def _clients(port: int, requests: list[bytes], count: int) -> list[float]:
    seconds: list[float] = []
    await asyncio.gather(*(_client(port, requests[at::count], seconds) for at in range(count)))
    return sorted(seconds)


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main() -> None:
    """Ask with 1, 16 and 64 clients at a time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run")
    parser.add_argument("file")
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--port", type=int, default=18099)
    told = parser.parse_args()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(told.run, told.port), daemon=True)
    server.start()
    name = json.loads(Path(told.run, "model", "schema.json").read_text())["model"]
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://{HOST}:{told.port}/v2/models/{name}") as answer:
                model = json.load(answer)
            break
        except OSError:
            time.sleep(0.1)
    with Path(told.file).open(newline="", encoding="utf-8-sig") as held:
        records = list(csv.DictReader(held))
    requests = [_request(model, records[at % len(records)]) for at in range(told.requests)]
    print("| clients | requests/s | CPU ms a request | p50 ms | p99 ms |\n|---|---|---|---|---|")
    for count in (1, 16, 64):
        some = requests[: told.requests if count > 1 else told.requests // 10]
        cpu, start = _cpu_seconds(server.pid or 0), time.perf_counter()
        seconds = asyncio.run(_clients(told.port, some, count))
        rate = len(some) / (time.perf_counter() - start)
        cost = (_cpu_seconds(server.pid or 0) - cpu) / len(some) * 1e3
        p50, p99 = (seconds[int(len(seconds) * share)] * 1e3 for share in (0.5, 0.99))
        print(f"| {count} | {rate:,.0f} | {cost:.2f} | {p50:.1f} | {p99:.1f} |")
    server.terminate()
    server.join()


if __name__ == "__main__":
    main()
