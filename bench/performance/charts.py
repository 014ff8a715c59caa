"""The charts of docs/performance.md: SVG without a background, in colours that read on light and on
dark pages, with a title for those who cannot see them."""

from __future__ import annotations

import re
from html import escape
from io import StringIO
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot

INK = "#7a7f87"  # 4 to 1 and more against white and against near-black
COLOURS = ("#3b82c4", "#d9822b", "#2e9e6b", "#b86bc9", "#c94f4f", "#8a8f2f", "#4aa3a8", "#a0785a")

Series = dict[str, dict[str, float]]  # by series, then by label

STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "quintile",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": INK,
    "grid.alpha": 0.25,
    "legend.frameon": False,
}


def save(figure: Any, path: Path, title: str, text: str) -> None:
    out = StringIO()
    figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
    accessible = (
        r'<svg role="img" aria-labelledby="title description"\1>'
        f'<title id="title">{escape(title)}</title><desc id="description">{escape(text)}</desc>'
    )
    svg = re.sub(
        r"<svg([^>]*)>",
        accessible.replace("\\", "\\\\").replace("\\\\1", r"\1"),
        out.getvalue(),
        count=1,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (line.rstrip() for line in svg.splitlines())
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def labels_of(series: Series) -> list[str]:
    return list(dict.fromkeys(label for values in series.values() for label in values))


def bars(path: Path, title: str, series: Series, axis: str, *, log: bool = False) -> None:
    """Horizontal bars, a group per label, a colour per series."""
    labels = labels_of(series)
    height = 0.8 / max(1, len(series))
    with mpl.rc_context(STYLE):
        rows = len(labels) * (0.18 + 0.13 * len(series))
        figure, axes = pyplot.subplots(figsize=(8, 1.2 + rows), layout="constrained")
        for number, (name, values) in enumerate(series.items()):
            positions = [
                row + (number - (len(series) - 1) / 2) * height
                for row, label in enumerate(labels)
                if label in values
            ]
            axes.barh(
                positions, list(values.values()), height * 0.9, label=name,
                color=COLOURS[number % len(COLOURS)],
            )  # fmt: skip
        axes.set_yticks(range(len(labels)), labels)
        axes.invert_yaxis()
        axes.grid(axis="y", visible=False)
        axes.set_axisbelow(True)
        axes.set_xlabel(axis)
        axes.set_title(title)
        if log:
            axes.set_xscale("log")
        if len(series) > 1:
            figure.legend(loc="outside lower center", ncols=min(5, len(series)))
        save(figure, path, title, f"{axis}, by {', '.join(labels)}")


def lines(path: Path, title: str, series: dict[str, dict[int, float]], axes_text: str) -> None:
    """Lines over sizes, which are drawn on a logarithmic axis."""
    across, _, up = axes_text.partition("; ")
    with mpl.rc_context(STYLE):
        figure, axes = pyplot.subplots(figsize=(8, 4.5), layout="constrained")
        for number, (name, points) in enumerate(series.items()):
            sizes = sorted(points)
            axes.plot(
                sizes, [points[size] for size in sizes], marker="o", label=name,
                color=COLOURS[number % len(COLOURS)],
            )  # fmt: skip
        axes.set_xscale("log")
        axes.set_ylim(bottom=0)
        axes.set_xlabel(across)
        axes.set_ylabel(up)
        axes.set_title(title)
        figure.legend(loc="outside lower center", ncols=min(3, len(series)))
        save(figure, path, title, f"{up} over {across}: {', '.join(series)}")
