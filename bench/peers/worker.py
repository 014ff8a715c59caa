"""One engine in a process of its own. Commands are lines of words, answers are lines of JSON; the
C++ program quintile_peer speaks the same.

  load FOLDER
  run recompute kept                        -> {"seconds": s, "result": {...}}
  run rescore counts 1,2,3,4 1,2,3,4 1,2,3,4      cut points of recency, frequency, monetary
  save codes FOLDER
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from work import COLUMNS, Cuts, Peer, Scored, Summed


def make_peer(name: str, threads: int) -> Peer:
    if name == "duckdb":
        from duckdb_peer import DuckdbPeer

        return DuckdbPeer(threads)
    if name == "clickhouse":
        from clickhouse_peer import ClickhousePeer

        return ClickhousePeer(threads)
    if name == "polars":
        from polars_peer import PolarsPeer

        return PolarsPeer(threads)
    from pandas_peer import PandasPeer

    return PandasPeer(threads)


def run(peer: Peer, task: str, form: str, cut_texts: list[str]) -> dict[str, Any]:
    keep = form == "kept"
    cuts: Cuts = {
        column: [int(cut) for cut in text.split(",")]
        for column, text in zip(COLUMNS, cut_texts, strict=False)
    }
    result: Scored | Summed
    begin = time.perf_counter()
    if task == "rescore":
        result = Scored(cuts, peer.rescore(cuts, keep=keep))
    elif task == "recompute":
        result = peer.recompute(keep=keep)
    else:
        result = peer.aggregate(keep=keep)
    seconds = time.perf_counter() - begin
    return {"seconds": seconds, "result": asdict(result)}


def answer(peer: Peer, line: str) -> dict[str, Any]:
    command, _, rest = line.rstrip("\n").partition(" ")
    if command == "load":
        peer.load(Path(rest))
        return {"version": peer.version()}
    if command == "run":
        task, form, *cuts = rest.split()
        return run(peer, task, form, cuts)
    what, _, folder = rest.partition(" ")
    columns = peer.codes() if what == "codes" else peer.totals()
    for name, column in columns.items():
        column.tofile(Path(folder) / f"{name}.bin")
    return {"columns": {name: column.dtype.str for name, column in columns.items()}}


def main() -> None:
    peer = make_peer(sys.argv[1], int(sys.argv[2]))
    for line in sys.stdin:
        print(json.dumps(answer(peer, line)), flush=True)


if __name__ == "__main__":
    main()
