"""An engine's process, and what its runs took."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from engines import command_of
from work import Cuts, arguments


@dataclass
class Worker:
    name: str
    process: subprocess.Popen[str]
    version: str = ""

    def ask(self, command: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended while doing: {command}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def load(self, group: str, folder: Path) -> None:
        self.version = self.ask(f"load {group} {folder}")["version"]

    def run(self, task: str, form: str, cuts: Cuts | None = None) -> dict[str, Any]:
        texts = [",".join(str(cut) for cut in column) for column in (cuts or {}).values()]
        texts += [str(argument) for argument in arguments(task)]
        return self.ask(" ".join(["run", task, form, *texts]))

    def close(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(name: str, threads: int) -> Worker:
    process = subprocess.Popen(
        command_of(name, threads, sys.executable),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Worker(name, process)


@dataclass
class Measured:
    """Seconds by (task, form, engine), in the order they were taken."""

    seconds: dict[tuple[str, str, str], list[float]] = field(default_factory=dict)

    def add(self, task: str, form: str, engine: str, seconds: float) -> None:
        self.seconds.setdefault((task, form, engine), []).append(seconds)

    def median(self, task: str, form: str, engine: str) -> float:
        return median(self.seconds[task, form, engine])

    def spread(self, task: str, form: str, engine: str) -> float:
        taken = self.seconds[task, form, engine]
        return max(taken) / min(taken)
