"""The types of what the fixtures hand out."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

Completed = subprocess.CompletedProcess[str]
Run = Callable[..., Completed]  # run("rfm", "--orders", ...) -> the finished process
Shell = Callable[[str], Completed]  # shell("quintile rfm ...") -> the finished process
Failing = Callable[..., str]  # failing("--orders", ..., code=1) -> standard error
