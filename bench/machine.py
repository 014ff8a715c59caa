"""What a figure depends on beside the program: the machine, the compiler, the commit, the noise."""

from __future__ import annotations

import os
import platform
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CACHES = Path("/sys/devices/system/cpu/cpu0/cache")


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def said_by(*command: str) -> str:
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def processor() -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", text_of(Path("/proc/cpuinfo")), re.MULTILINE)
    return found.group(1) if found else platform.machine()


def caches() -> dict[str, str]:
    """Size by name, as the first core sees them."""
    found = {}
    for index in sorted(CACHES.glob("index*")):
        kind = text_of(index / "type")
        if kind != "Instruction":
            found[f"L{text_of(index / 'level')}"] = text_of(index / "size")
    return found


def memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def compiler(build: Path) -> str:
    """The compiler that CMake used in a build folder."""
    cache = text_of(build / "CMakeCache.txt")
    found = re.search(r"^CMAKE_CXX_COMPILER:\w+=(.+)$", cache, re.MULTILINE)
    return said_by(found.group(1), "--version").partition("\n")[0] if found else ""


def commit() -> str:
    """The commit of the sources, with a plus sign when files differ from it."""
    found = said_by("git", "rev-parse", "--short=12", "HEAD")
    changed = said_by("git", "status", "--porcelain", "--untracked-files=no")
    return found + ("+" if changed else "")


def command_line() -> str:
    """The command as a reader would type it: without the folders of this machine."""
    program = Path(sys.argv[0])
    name = os.path.relpath(program, ROOT) if program.is_absolute() else str(program)
    asked = os.environ.get("QUINTILE_COMMAND")
    return asked or shlex.join([name, *sys.argv[1:]])


def describe(build: Path) -> dict[str, Any]:
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command_line(),
        "commit": commit(),
        "processor": processor(),
        "cores": os.cpu_count() or 1,
        "caches": caches(),
        "memory_bytes": memory_bytes(),
        "kernel": f"{platform.system()} {platform.release()}",
        "compiler": compiler(build),
        "load_average": list(os.getloadavg()),
    }
