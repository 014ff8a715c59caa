"""Writes docs/performance.md and its charts from the figures of a run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import charts
from figures import SETS, Figure, Run, fastest, read_json, read_runs
from limits import limit_of, load_limits
from peers_section import peers_section
from wording import Rows, command_line, percent, rate, table, time_text

TITLES = {
    "rfm": "values to tiers, cells and class codes",
    "order_statistics": "exact cut points by counting",
    "bitmap": "codes to bitmaps, bit counts",
    "tally": "counts and sums per code",
    "aggregate": "orders to totals per contact",
    "predicate": "columns to bitmaps",
    "boolean": "expressions over bitmaps",
    "event_window": "counts and sums of events in a window",
}


def machine_section(machine: dict[str, Any], runs: Iterable[Run]) -> str:
    caches = ", ".join(f"{name} {size}" for name, size in machine["caches"].items())
    bounds = sorted(run.bandwidth_all_cores for run in runs)
    lines = [
        f"- processor: {machine['processor']}, {machine['cores']} cores; {caches}; "
        f"{machine['memory_bytes'] / 2**30:.0f} GiB of memory",
        f"- {machine['kernel']}; {machine['compiler']}",
        f"- commit {machine['commit']}, {machine['made']}",
        f"- load of the machine at the start: {machine['load_average'][0]:.1f}",
    ]
    if bounds:
        lines.append(
            f"- read bandwidth of all cores, measured anew by each program: "
            f"{bounds[0] / 1e9:.1f} to {bounds[-1] / 1e9:.1f} GB/s"
        )
    return "\n".join(["## Machine", "", *lines, "", command_line(machine["command"])])


def sets_of(run: Run) -> list[str]:
    return [name for name in SETS if any(f.name.instruction_set == name for f in run.figures)]


def family_table(run: Run, family: str, limits: dict[str, Any]) -> str:
    """One core: bytes, bound, what each set reaches, what limits the best one."""
    sets = sets_of(run)
    rows = []
    for work in run.works():
        figures = run.of(work, 1)
        if not figures:
            continue
        best = fastest(figures)
        bound = run.bandwidth(1) / best.bytes_per_item if best.bytes_per_item else 0.0
        rows.append(
            [
                f"`{work}`",
                f"{best.bytes_per_item:.3g}",
                rate(bound),
                *(rate(figures[s].items_per_second) if s in figures else "" for s in sets),
                percent(run.share(best)),
                limit_of(limits, family, best.name.base)[0],
            ]
        )
    head = ["work", "bytes per row", "bound", *sets, "of the bound", "limit"]
    return table(head, rows)


def reasons(run: Run, family: str, limits: dict[str, Any]) -> list[str]:
    """The family's reason, then those of works that are limited otherwise."""
    entry = limits.get(family, {})
    lines = [f"- {entry['limit']}: {entry['why']}"] if entry else []
    bases = {figure.name.base for figure in run.figures}
    for base, own in entry.get("works", {}).items():
        if base in bases:
            lines.append(f"- `{base}`, {own['limit']}: {own['why']}")
    return lines


def kernels_section(runs: dict[str, Run], limits: dict[str, Any], images: Path) -> str:
    parts = [
        "## Kernels on one core",
        "",
        "Bytes are read and written per row (contact, order, event or, for bit counts, word of 64 "
        "rows). The bound is the read bandwidth of one core, measured by the same program, over "
        "these bytes; a share above 100 % means that the data of the benchmark is in a cache. The "
        "fastest of the repetitions counts.",
    ]
    for family, run in runs.items():
        shares = {
            work: 100 * run.share(fastest(figures))
            for work in run.works()
            if (figures := run.of(work, 1))
        }
        image = images / f"performance_{family}.svg"
        charts.bars(
            image,
            f"{family}: share of one core's read bandwidth",
            {"best instruction set": shares},
            "percent of the bandwidth",
        )
        parts += [
            "",
            f"### {family}: {TITLES.get(family, 'loops over columns')}",
            "",
            f"![{family}: share of one core's read bandwidth](images/{image.name})",
            "",
            command_line(run.command),
            "",
            family_table(run, family, limits),
            "",
            *reasons(run, family, limits),
        ]
    return "\n".join(parts)


def thread_rows(runs: dict[str, Run]) -> tuple[Rows, charts.Series]:
    rows: Rows = []
    series: charts.Series = {}
    for run in runs.values():
        for work in run.works():
            counts = run.core_counts(work)
            if len(counts) < 2 or counts[0] != 1:
                continue
            one, most = fastest(run.of(work, 1)), fastest(run.of(work, counts[-1]))
            gain = most.items_per_second / one.items_per_second
            series.setdefault(f"{counts[-1]} cores", {})[work] = gain
            rows.append(
                [
                    f"`{work}`",
                    str(counts[-1]),
                    rate(one.items_per_second),
                    rate(most.items_per_second),
                    f"{gain:.2f}",
                    percent(run.share(most)),
                ]
            )
    return rows, series


def threads_section(runs: dict[str, Run], images: Path) -> str:
    rows, series = thread_rows(runs)
    if not rows:
        return ""
    charts.bars(
        images / "performance_threads.svg",
        "Rate of all cores over the rate of one",
        series,
        "times the rate of one core",
    )
    commands = dict.fromkeys(run.command for run in runs.values() if thread_rows({"": run})[0])
    return "\n".join(
        [
            "## Threads",
            "",
            "![Rate of all cores over the rate of one](images/performance_threads.svg)",
            "",
            *(f"{command_line(command)}\n" for command in commands),
            table(["work", "cores", "one core", "all cores", "gain", "of the bandwidth"], rows),
        ]
    )


def size_curves(runs: dict[str, Run]) -> dict[str, dict[int, Figure]]:
    """Works that were measured at several sizes: the fastest set at each, on the most cores."""
    curves: dict[str, dict[int, Figure]] = {}
    for run in runs.values():
        for figure in run.figures:
            if figure.name.size is None:
                continue
            curve = curves.setdefault(figure.name.sizeless, {})
            known = curve.get(figure.name.size)
            if known is None or figure.seconds < known.seconds:
                curve[figure.name.size] = figure
    return {name: curve for name, curve in curves.items() if len(curve) > 1}


def sizes_section(runs: dict[str, Run], images: Path) -> str:
    curves = size_curves(runs)
    if not curves:
        return ""
    charts.lines(
        images / "performance_sizes.svg",
        "Rate over the number of rows",
        {
            name: {size: figure.items_per_second / 1e6 for size, figure in curve.items()}
            for name, curve in curves.items()
        },
        "rows, logarithmic; million rows a second",
    )
    rows = [
        [
            f"`{name}`",
            f"{size:,}",
            time_text(curve[size].seconds),
            rate(curve[size].items_per_second),
            f"{curve[size].bytes_per_second / 1e9:.1f} GB/s",
        ]
        for name, curve in curves.items()
        for size in sorted(curve)
    ]
    sized = [run for run in runs.values() if size_curves({"": run})]
    return "\n".join(
        [
            "## Sizes",
            "",
            "![Rate over the number of rows](images/performance_sizes.svg)",
            "",
            *(f"{command_line(run.command)}\n" for run in sized),
            table(["work", "rows", "time", "rate", "bytes"], rows),
        ]
    )


def steps_section(runs: dict[str, Run]) -> str:
    """What was measured in one size and on one number of cores: no curve shows it."""
    parts = []
    for run in runs.values():
        curves = size_curves({"": run})
        rows = [
            [
                f"`{work}`",
                time_text(best.seconds),
                rate(best.items_per_second),
                f"{best.bytes_per_second / 1e9:.1f} GB/s",
            ]
            for work in run.works()
            if len(counts := run.core_counts(work)) == 1
            and (best := fastest(run.of(work, counts[0]))).name.sizeless not in curves
        ]
        if rows:
            parts += [
                "",
                command_line(run.command),
                "",
                table(["work", "time", "rate", "bytes"], rows),
            ]
    if not parts:
        return ""
    return "\n".join(
        [
            "## Loading and grouping",
            "",
            "From files to grouped order lines: each stage by itself, and whole loads. Rates are "
            "of lines.",
            *parts,
        ]
    )


def instructions_section(counted: dict[str, Any], images: Path) -> str:
    works = {
        f"{work}": by_set
        for works in counted["families"].values()
        for work, by_set in works.items()
    }
    sets = [name for name in SETS if any(name in by_set for by_set in works.values())]
    series = {
        name: {work: by_set[name] for work, by_set in works.items() if name in by_set}
        for name in sets
    }
    charts.bars(
        images / "performance_instructions.svg",
        "Instructions per row",
        series,
        "instructions per row, logarithmic",
        log=True,
    )
    rows = [
        [f"`{work}`", *(f"{by_set[name]:.3g}" if name in by_set else "" for name in sets)]
        for work, by_set in works.items()
    ]
    return "\n".join(
        [
            "## Instructions",
            "",
            "Counted by callgrind over the small inputs of the test suite, the loop over blocks "
            "included: what a change of the code does, on any machine and whatever else runs "
            "there. Valgrind has no AVX-512.",
            "",
            "![Instructions per row](images/performance_instructions.svg)",
            "",
            command_line(counted["command"]),
            "",
            table(["work", *sets], rows),
        ]
    )


def memory_section(memory: dict[str, Any]) -> str:
    rows = [
        [name, f"{s['contacts']:,}", f"{s['lines']:,}", f"{s['peak_bytes'] / 2**20:,.0f} MiB"]
        for name, s in memory["shapes"].items()
    ]
    return "\n".join(
        [
            "## Memory",
            "",
            f"The greatest resident size of `quintile rfm` ({memory['threads']} threads, a Parquet "
            "file of order lines, scores written as CSV) grows by "
            f"**{memory['bytes_per_contact']:.0f} bytes per contact** and "
            f"**{memory['bytes_per_line']:.0f} bytes per line**.",
            "",
            command_line(memory["command"]),
            "",
            table(["run", "contacts", "lines", "peak"], rows),
        ]
    )


def noise_section(runs: dict[str, Run]) -> str:
    spreads = sorted(
        figure.slowest_seconds / figure.seconds for run in runs.values() for figure in run.figures
    )
    if not spreads:
        return ""
    middle, high = spreads[len(spreads) // 2], spreads[len(spreads) * 9 // 10]
    return (
        "## Noise\n\n"
        f"Of {len(spreads)} benchmarks, the slowest repetition took {middle:.2f} times the fastest "
        f"in the median, {high:.2f} times in the worst tenth. Ratios closer to 1 than that say "
        "nothing; instruction counts do.\n\n"
        + command_line("./dev bench performance --steps kernels,engine")
    )


def text_of(folder: Path, images: Path) -> str:
    kernels = read_runs(folder, "quintile_kernels_")
    engine = read_runs(folder, "quintile_engine_")
    load = read_runs(folder, "quintile_load_")
    both = {**kernels, **engine, **load}
    parts = [
        "# Performance\n\n"
        "Written by `./dev bench performance` from the figures of one run; not edited by hand. "
        "Figures drift from machine to machine and from hour to hour: what counts are the ratios "
        "within a run.",
        machine_section(read_json(folder / "machine.json"), both.values()),
    ]
    if peers := read_json(folder / "peers.json"):
        parts.append(peers_section(peers, images))
    if kernels:
        parts.append(kernels_section(kernels, load_limits(), images))
    parts += [
        threads_section(both, images),
        sizes_section(both, images),
        steps_section({**engine, **load}),
    ]
    if counted := read_json(folder / "instructions.json"):
        parts.append(instructions_section(counted, images))
    if memory := read_json(folder / "memory.json"):
        parts.append(memory_section(memory))
    parts.append(noise_section(both))
    return "\n\n".join(part for part in parts if part) + "\n"


def write(folder: Path, docs: Path) -> None:
    images = docs / "images"
    images.mkdir(parents=True, exist_ok=True)
    for old in images.glob("performance_*.svg"):
        old.unlink()
    text = text_of(folder, images)
    (docs / "performance.md").write_text(text, encoding="utf-8")
