"""Redis, started here on a Unix socket and stopped afterwards: segments as sets of contact numbers,
or as strings of bits. Times are the client's: call, answer, nothing else.

There is no count of a union or difference without the result, so these two store it, which also
gives its size.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import redis
from columns import read_words
from engines import redis_server
from work import Peer

STEP = 10_000
START_SECONDS = 20
ANSWER_SECONDS = 600

# Each is a chain of BITOP calls; the last target is counted.
BIT_STEPS: dict[str, list[tuple[str, ...]]] = {
    "intersect": [("AND", "out", "s1", "s2", "s3")],
    "union": [("OR", "out", "s1", "s2", "s3")],
    "difference": [
        ("OR", "out", "s2", "s3"),
        ("NOT", "out", "out"),
        ("AND", "out", "out", "s1"),
    ],
    "expression": [
        ("NOT", "not", "s5"),
        ("AND", "x", "s1", "s4", "not"),
        ("NOT", "not", "s8"),
        ("AND", "y", "s6", "s7", "not"),
        ("NOT", "not", "s3"),
        ("AND", "out", "s2", "not"),
        ("OR", "out", "out", "x", "y"),
    ],
}


class RedisPeer(Peer):
    def __init__(self) -> None:
        self.home = tempfile.mkdtemp(prefix="quintile-redis-")
        program = redis_server()
        assert program is not None
        socket = f"{self.home}/socket"
        options = ["--port", "0", "--unixsocket", socket, "--dir", self.home]
        options += ["--save", "", "--appendonly", "no", "--loglevel", "warning"]
        self.server = subprocess.Popen(
            ["redis-server", *options], executable=program, stdout=subprocess.DEVNULL
        )
        self.client: Any = redis.Redis(unix_socket_path=socket, socket_timeout=ANSWER_SECONDS)
        self.wait()

    def wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.client.ping()
                return
            except redis.ConnectionError:
                if time.monotonic() > deadline or self.server.poll() is not None:
                    self.close()
                    raise
                time.sleep(0.05)

    def version(self) -> str:
        return str(self.client.info("server")["redis_version"])

    def close(self) -> None:
        self.server.terminate()
        self.server.wait(timeout=60)
        shutil.rmtree(self.home, ignore_errors=True)


class RedisSetsPeer(RedisPeer):
    def load(self, group: str, folder: Path) -> None:
        words = read_words(folder)
        for name in ("s1", "s2", "s3"):
            bits = np.unpackbits(words[name].view(np.uint8), bitorder="little")
            members = np.flatnonzero(bits)
            for first in range(0, len(members), STEP):
                self.client.sadd(name, *members[first : first + STEP].tolist())

    def count(self, task: str) -> int:
        keys = ["s1", "s2", "s3"]
        if task == "intersect":
            return int(self.client.sintercard(3, keys))
        if task == "union":
            return int(self.client.sunionstore("out", keys))
        return int(self.client.sdiffstore("out", keys))


class RedisBitsPeer(RedisPeer):
    """The order of the bits inside a byte is not Redis's own; counts do not depend on it."""

    def load(self, group: str, folder: Path) -> None:
        for name, words in read_words(folder).items():
            self.client.set(name, words.tobytes())

    def count(self, task: str) -> int:
        with self.client.pipeline(transaction=False) as calls:
            for operation, target, *sources in BIT_STEPS[task]:
                calls.bitop(operation, target, *sources)
            calls.bitcount("out")
            return int(calls.execute()[-1])


def make(name: str, _threads: int) -> RedisPeer:
    return RedisSetsPeer() if name == "redis" else RedisBitsPeer()
