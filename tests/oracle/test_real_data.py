"""The real order files: every preset and option, equal to the oracle row for row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pytest
from model import (
    ClassRule,
    Dimension,
    Fixed,
    Model,
    Ntile,
    Quantile,
    Range,
    Window,
    model_yaml,
)
from order_lines import OrderLines, PreparedLines, prepare
from presets import PRESETS
from program import difference, rfm_bytes
from real_files import CDNOW, COMPLETE_JOURNEY, ONLINE_RETAIL, RealFile
from segmentation import csv_bytes, load_lines, segment
from summary import summary_difference


@dataclass
class RealData:
    """Each file is read once per zone; the tables of the last one stay loaded."""

    folder: Path
    scratch: Path
    connection: duckdb.DuckDBPyConnection
    lines: dict[str, OrderLines] = field(default_factory=dict)
    loaded: tuple[str, str] | None = None
    prepared: PreparedLines | None = None

    def load(self, file: RealFile, zone: str) -> PreparedLines:
        if file.path not in self.lines:
            self.lines[file.path] = file.read(self.folder)
        if self.loaded != (file.path, zone) or self.prepared is None:
            self.prepared = prepare(replace(self.lines[file.path], zone=zone))
            load_lines(self.connection, self.prepared)
            self.loaded = (file.path, zone)
        return self.prepared


@pytest.fixture(scope="module")
def data(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealData]:
    with duckdb.connect(config={"threads": 2}) as connection:
        yield RealData(real_data, tmp_path_factory.mktemp("real"), connection)


def check(
    data: RealData,
    file: RealFile,
    model: Model,
    as_of: str,
    zone: str = "UTC",
    model_argument: str | Path | None = None,
) -> None:
    """Holds rows and summary of one run against the oracle."""
    rows = data.scratch / "rows.csv"
    prepared = data.load(file, zone)
    outcome = segment(data.connection, prepared, model, as_of)
    summary = rfm_bytes(
        [
            "--orders", data.folder / file.path, "--map", file.map_option(),
            "--model", model_argument or model.name, "--as-of", as_of, "--time-zone", zone,
            "--out", rows, "--summary", "--format", "csv",
        ]
    )  # fmt: skip
    assert not difference(csv_bytes(outcome.rows), rows.read_bytes())
    assert not summary_difference(outcome.summary, summary)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda model: model.name)
@pytest.mark.parametrize(
    ("as_of", "zone"),
    [
        ("2011-12-10", "UTC"),
        ("2011-06-30", "Europe/London"),
        ("2011-03-27 01:30:00", "Europe/London"),  # does not exist on that clock
        ("2010-12-01", "UTC"),  # the first day
        ("2012-12-08T12:00:00Z", "Pacific/Auckland"),  # most are a year away
        ("2009-01-01", "UTC"),  # before everything: no rows
    ],
)
def test_online_retail_presets(data: RealData, preset: Model, as_of: str, zone: str) -> None:
    check(data, ONLINE_RETAIL, preset, as_of, zone)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda model: model.name)
@pytest.mark.parametrize("as_of", ["1998-06-30", "1997-09-30", "1997-01-01", "1999-05-01"])
def test_cdnow_presets(data: RealData, preset: Model, as_of: str) -> None:
    check(data, CDNOW, preset, as_of)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda model: model.name)
@pytest.mark.parametrize("as_of", ["2017-12-31", "2017-07-04 18:00:00", "2018-03-01"])
def test_complete_journey_presets(data: RealData, preset: Model, as_of: str) -> None:
    check(data, COMPLETE_JOURNEY, preset, as_of, "America/New_York")


def all_tiers(method: Quantile | Ntile, window: Window | None = None) -> Model:
    dimension = Dimension(method, (), window)
    classes = (
        ClassRule("top", (("r", Range(method.tiers, method.tiers)),)),
        ClassRule("young", (("first_days", Range(None, 60)),)),
        ClassRule("heavy", (("fm", Range(2, 2)), ("monetary", Range(50_000, None)))),
        ClassRule("regular", (("frequency", Range(3, 6)),)),
        ClassRule("recent", (("recency_days", Range(10, 50)),)),
    )
    return Model(dimension, dimension, dimension, classes=classes)


FIXED = replace(
    all_tiers(Quantile(3)),
    recency=Dimension(Fixed((None, 90, 30)), ("short", "medium", "long")),
    frequency=Dimension(Fixed((1, 2, 5)), ("often", "regular", "occasional")),
    monetary=Dimension(Fixed((10_000, 50_000, 100_001)), ("premium", "average", "economical")),
)
MIXED_WINDOWS = replace(
    all_tiers(Quantile(4)),
    recency=Dimension(Quantile(4), (), Window(180, "d")),
    frequency=Dimension(Ntile(4), (), Window(2000, "h")),
    monetary=Dimension(Quantile(4), (), Window(43_200, "m")),
)
OPTIONS = {
    **{f"quantile{k}": all_tiers(Quantile(k)) for k in (2, 3, 4, 7, 10)},
    **{f"ntile{k}": all_tiers(Ntile(k)) for k in (2, 5, 10)},
    "fixed": FIXED,
    "fixed-names": replace(FIXED, classes=None, otherwise=None),
    "mean": replace(all_tiers(Quantile(5)), measure="mean"),
    "gross": replace(all_tiers(Quantile(5)), measure="gross"),
    "match": replace(all_tiers(Quantile(5)), returns="match"),
    "match-mean-window": replace(
        all_tiers(Ntile(5), Window(90, "d")), returns="match", measure="mean"
    ),
    "zero": replace(all_tiers(Quantile(5)), zero_is_purchase=True),
    "zero-match-gross": replace(
        all_tiers(Quantile(5)), zero_is_purchase=True, returns="match", measure="gross"
    ),
    "window30": all_tiers(Quantile(5), Window(30, "d")),
    "window-hours": all_tiers(Quantile(3), Window(100, "h")),
    "window-mixed": MIXED_WINDOWS,
    "window-mixed-mean": replace(MIXED_WINDOWS, measure="mean", returns="match"),
}


def model_file(folder: Path, model: Model) -> Path:
    path = folder / "model.yaml"
    path.write_text(model_yaml(model), encoding="utf-8")
    return path


@pytest.mark.parametrize("option", OPTIONS)
def test_online_retail_options(data: RealData, tmp_path: Path, option: str) -> None:
    model = OPTIONS[option]
    check(data, ONLINE_RETAIL, model, "2011-10-15", "UTC", model_file(tmp_path, model))


@pytest.mark.parametrize(
    "where",
    [
        "product <> 'POST' AND product NOT IN ('D', 'M', 'BANK CHARGES')",
        "Country = 'United Kingdom'",
        "Country LIKE '%land' OR Country ILIKE 'e%'",
        "NOT (Country IS DISTINCT FROM 'EIRE')",
        "product BETWEEN '21' AND '22'",
        "product = 'no such product'",
    ],
)
def test_online_retail_where(data: RealData, tmp_path: Path, where: str) -> None:
    model = replace(all_tiers(Quantile(5)), where=where)
    check(data, ONLINE_RETAIL, model, "2011-12-10", "UTC", model_file(tmp_path, model))


@pytest.mark.parametrize("option", ["ntile5", "mean", "zero", "match", "window-mixed"])
def test_cdnow_options(data: RealData, tmp_path: Path, option: str) -> None:
    model = OPTIONS[option]
    check(data, CDNOW, model, "1997-12-31", "UTC", model_file(tmp_path, model))


@pytest.mark.parametrize(
    "as_of", ["2017-03-12", "2017-03-12 02:30:00", "2017-11-05 01:30:00", "2017-11-05T06:30:00Z"]
)
def test_complete_journey_clock_changes(data: RealData, tmp_path: Path, as_of: str) -> None:
    model = all_tiers(Quantile(4), Window(48, "h"))
    zone = "America/New_York"
    check(data, COMPLETE_JOURNEY, model, as_of, zone, model_file(tmp_path, model))
