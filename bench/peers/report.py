"""The figures of a run: as JSON, and as the table that is printed."""

from __future__ import annotations

import math
from typing import Any

from engines import ENGINES
from process import Measured
from work import TASKS

NOISY_SPREAD = 1.5  # slowest over fastest round

# What a perfect program reads and writes per item, and per contact where items are others.
# recompute reads R, F, M twice; codes and 13 class bitmaps are written.
BYTES_PER_ITEM = {
    "rescore": 14 + 4 + 13 / 8,
    "recompute": 28 + 4 + 13 / 8,
    "range": 8,
    "category": 1,
    "aggregate": 14,
    "intersect": 3 / 8,
    "union": 3 / 8,
    "difference": 3 / 8,
    "expression": 8 / 8,
    "load_csv": 32,  # four columns of 8 bytes, written
    "load_parquet": 32,
    "visits": 2 * math.sqrt(1 / 6),  # the days of the visits, four in ten events
}
BYTES_PER_CONTACT = {"aggregate": 16, "visits": 4}


def bytes_touched(task: str, sizes: dict[str, int]) -> float:
    per_contact = BYTES_PER_CONTACT.get(task, 0)
    return BYTES_PER_ITEM[task] * sizes[TASKS[task].item] + per_contact * sizes["contacts"]


def figures(
    tasks: list[str], engines: list[str], measured: Measured, sizes: dict[str, int]
) -> dict[str, Any]:
    """Per task: quintile's rate, and every engine's seconds and ratio in each form."""
    found: dict[str, Any] = {}
    for task in tasks:
        ours = measured.median(task, TASKS[task].forms[0], "quintile")

        def same_form(form: str, task: str = task, ours: float = ours) -> float:
            known = (task, form, "quintile") in measured.seconds
            return measured.median(task, form, "quintile") if known else ours

        item = TASKS[task].item
        entry: dict[str, Any] = {
            "item": item,
            "items": sizes[item],
            "items_per_second": sizes[item] / ours,
            "bytes_per_second": bytes_touched(task, sizes) / ours,
            "spread": measured.spread(task, TASKS[task].forms[0], "quintile"),
            "engines": {},
        }
        for name in engines:
            forms = [form for form in TASKS[task].forms if (task, form, name) in measured.seconds]
            if forms:
                entry["engines"][name] = {
                    form: {
                        "seconds": measured.median(task, form, name),
                        "ratio": measured.median(task, form, name) / same_form(form),
                        "spread": measured.spread(task, form, name),
                    }
                    for form in forms
                }
        found[task] = entry
    return found


def shown(seconds: float) -> str:
    if seconds >= 10:
        return f"{seconds:.1f} s"
    return f"{seconds * 1e3:.1f} ms" if seconds >= 0.001 else f"{seconds * 1e6:.1f} us"


def times(ratio: float) -> str:
    return f"{ratio:.1f}x" if ratio < 100 else f"{ratio:.0f}x"


def cells(form: dict[str, float] | None, *, is_ours: bool) -> str:
    if form is None:
        return f"{'':>12}{'':>8}"
    return f"{shown(form['seconds']):>12}{'' if is_ours else times(form['ratio']):>8}"


def task_lines(task: str, entry: dict[str, Any], bandwidth: float) -> list[str]:
    lines = []
    for name, forms in entry["engines"].items():
        is_ours = name == "quintile"
        lines.append(
            f"{task if is_ours else '':<14}{ENGINES[name].label:<23}"
            + cells(forms.get("kept"), is_ours=is_ours)
            + cells(forms.get("counts"), is_ours=is_ours)
        )
    share = 100 * entry["bytes_per_second"] / bandwidth
    lines.append(
        f"{'':<14}{entry['items_per_second'] / 1e6:,.0f} M {entry['item']}/s, "
        f"{entry['bytes_per_second'] / 1e9:.1f} GB/s = {share:.0f} % of the read bandwidth"
    )
    return lines


def table(report: dict[str, Any]) -> str:
    sizes = ", ".join(f"{count:,} {name}" for name, count in report["sizes"].items())
    machine = report["machine"]
    lines = [
        f"{sizes}; {report['threads']} threads",
        f"{machine['processor']}, kernels {report['instruction_set']}, "
        f"read bandwidth {report['bandwidth'] / 1e9:.1f} GB/s in the same run",
        f"medians of {report['rounds']} rounds, engines taking turns; all results equal",
        "",
        f"{'work':<14}{'engine':<23}{'kept':>12}{'ratio':>8}{'counts only':>12}{'ratio':>8}",
    ]
    for task, entry in report["tasks"].items():
        lines += task_lines(task, entry, report["bandwidth"])
    one_thread = [ENGINES[name].label for name in report["versions"] if ENGINES[name].threads == 1]
    versions = ", ".join(f"{ENGINES[n].label} {v}" for n, v in report["versions"].items())
    lines += ["", versions]
    if one_thread:
        lines.append(f"one thread: {', '.join(one_thread)}")
    noisy = [task for task, entry in report["tasks"].items() if entry["spread"] > NOISY_SPREAD]
    if noisy:
        lines.append(
            f"Noisy: quintile's slowest round of {', '.join(noisy)} took more than {NOISY_SPREAD} "
            "times its fastest; measure again on a quiet machine."
        )
    return "\n".join(lines)
