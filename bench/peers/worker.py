"""One engine in a process of its own. Commands are lines of words, answers are lines of JSON; the
C++ programs quintile_peer and croaring_peer speak the same.

  load GROUP FOLDER                         -> {"version": "..."}
  run recompute kept                        -> {"seconds": s, "result": {...}}
  run rescore counts 1,2,3,4 1,2,3,4 1,2,3,4      cut points of recency, frequency, monetary
  run intersect counts                      -> {"seconds": s, "result": {"count": n}}
  save codes FOLDER
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engines import ENGINES
from work import COLUMNS, ORDER_FILES, Cuts, Peer, Scored


def make_peer(name: str, threads: int) -> Peer:
    made: Peer = importlib.import_module(ENGINES[name].module).make(name, threads)
    return made


def cuts_of(texts: list[str]) -> Cuts:
    return {
        column: [int(cut) for cut in text.split(",")]
        for column, text in zip(COLUMNS, texts, strict=True)
    }


def run(peer: Peer, task: str, form: str, cut_texts: list[str]) -> dict[str, Any]:
    keep = form == "kept"
    cuts = cuts_of(cut_texts) if task == "rescore" else {}
    result: dict[str, Any]
    begin = time.perf_counter()
    if task == "rescore":
        result = asdict(Scored(cuts, peer.rescore(cuts, keep=keep)))
    elif task == "recompute":
        result = asdict(peer.recompute(keep=keep))
    elif task == "aggregate":
        result = asdict(peer.aggregate(keep=keep))
    elif task in ORDER_FILES:
        result = {"count": peer.read_file(peer.folder / ORDER_FILES[task], keep=keep)}
    else:
        result = {"count": peer.count(task)}
    return {"seconds": time.perf_counter() - begin, "result": result}


def answer(peer: Peer, line: str) -> dict[str, Any]:
    command, _, rest = line.rstrip("\n").partition(" ")
    if command == "load":
        group, _, folder = rest.partition(" ")
        peer.folder = Path(folder)
        if group != "files":
            peer.load(group, peer.folder)
        return {"version": peer.version()}
    if command == "run":
        task, form, *rest_of_line = rest.split()
        return run(peer, task, form, rest_of_line)
    what, _, folder = rest.partition(" ")
    columns = peer.codes() if what == "codes" else peer.totals()
    for name, column in columns.items():
        column.tofile(Path(folder) / f"{name}.bin")
    return {"columns": {name: column.dtype.str for name, column in columns.items()}}


def main() -> None:
    peer = make_peer(sys.argv[1], int(sys.argv[2]))
    try:
        for line in sys.stdin:
            print(json.dumps(answer(peer, line)), flush=True)
    finally:
        peer.close()


if __name__ == "__main__":
    main()
