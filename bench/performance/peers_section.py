"""What `./dev bench peers` found: a section of docs/performance.md, and the table of README.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import charts
from figures import read_json
from wording import Rows, command_line, percent, rate, ratio_text, table, time_text

MARKS = ("<!-- ratios: written by ./dev bench performance -->", "<!-- ratios end -->")


def best_form(entry: dict[str, Any], engine: str) -> tuple[str, dict[str, float]] | None:
    """The form of the task that quintile is timed in, or else what the engine has."""
    forms = entry["engines"].get(engine)
    if not forms:
        return None
    name = next(iter(forms))
    return name, forms[name]


def peers_rows(peers: dict[str, Any]) -> Rows:
    rows = []
    for task, entry in peers["tasks"].items():
        for engine, forms in entry["engines"].items():
            for form, found in forms.items():
                rows.append(
                    [
                        task,
                        peers["labels"][engine],
                        "kept" if form == "kept" else "counts only",
                        time_text(found["seconds"]),
                        "1" if engine == "quintile" else ratio_text(found["ratio"]),
                        f"{found['spread']:.2f}",
                    ]
                )
    return rows


def peers_section(peers: dict[str, Any], images: Path) -> str:
    sizes = ", ".join(f"{count:,} {name}" for name, count in peers["sizes"].items())
    series: charts.Series = {}
    for task, entry in peers["tasks"].items():
        for engine in entry["engines"]:
            found = best_form(entry, engine)
            if engine != "quintile" and found:
                series.setdefault(peers["labels"][engine], {})[task] = found[1]["ratio"]
    charts.bars(
        images / "performance_peers.svg",
        "Time of other engines over quintile's (same form of the work)",
        series,
        "times as long as quintile, logarithmic",
        log=True,
    )
    bandwidth = peers["bandwidth"]
    shares = [
        [
            task,
            rate(entry["items_per_second"]).replace("/s", f" {entry['item']}/s"),
            f"{entry['bytes_per_second'] / 1e9:.1f} GB/s",
            percent(entry["bytes_per_second"] / bandwidth),
        ]
        for task, entry in peers["tasks"].items()
    ]
    versions = ", ".join(f"{peers['labels'][name]} {v}" for name, v in peers["versions"].items())
    return "\n".join(
        [
            "## The same work in other engines",
            "",
            f"{sizes}; {peers['threads']} threads each (pandas, NumPy, CRoaring, Redis and "
            "ClickHouse's bitmap functions have one); medians of "
            f"{peers['rounds']} rounds, engines taking turns, results compared before. What the "
            "work is and how it is kept fair: [benchmarking.md](benchmarking.md). Spread is the "
            "slowest round over the fastest.",
            "",
            "![Time of other engines over quintile's](images/performance_peers.svg)",
            "",
            command_line(peers["machine"]["command"]),
            "",
            table(["work", "engine", "form", "time", "ratio", "spread"], peers_rows(peers)),
            "",
            "quintile's rate, and the bytes that a perfect program would touch, against a read "
            f"bandwidth of {bandwidth / 1e9:.1f} GB/s in the same run:",
            "",
            table(["work", "rate", "bytes", "of the bandwidth"], shares),
            "",
            f"Kernels: {peers['instruction_set']}. {versions}.",
        ]
    )


def ratios_table(peers: dict[str, Any]) -> str:
    """One row per work, one column per engine, for README.md."""
    engines = [name for name in peers["labels"] if name in peers["versions"]]
    bandwidth = peers["bandwidth"]
    rows = []
    for task, entry in peers["tasks"].items():
        cells = [task, rate(entry["items_per_second"]).replace("/s", f" {entry['item']}/s")]
        for engine in engines:
            found = best_form(entry, engine)
            cells.append(ratio_text(found[1]["ratio"]) if found else "")
        rows.append([*cells, percent(entry["bytes_per_second"] / bandwidth)])
    head = ["work", "quintile", *(peers["labels"][name] for name in engines), "of the bandwidth"]
    machine = peers["machine"]
    sizes = ", ".join(f"{count:,} {name}" for name, count in peers["sizes"].items())
    said = (
        f"`{machine['command']}`: {sizes}, {peers['threads']} threads, {machine['processor']} "
        f"({peers['instruction_set']}), medians of {peers['rounds']} rounds."
    )
    return f"{said}\n\n{table(head, rows)}"


def write_ratios(folder: Path, readme: Path) -> None:
    """Puts the table between the marks."""
    peers = read_json(folder / "peers.json")
    text = readme.read_text(encoding="utf-8")
    pattern = re.compile(f"({re.escape(MARKS[0])}\n).*?({re.escape(MARKS[1])})", re.DOTALL)
    if peers and pattern.search(text):
        table_text = ratios_table(peers)
        text = pattern.sub(lambda found: f"{found[1]}{table_text}\n{found[2]}", text)
        readme.write_text(text, encoding="utf-8")
