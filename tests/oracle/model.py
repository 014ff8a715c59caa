"""RFM models as plain Python values, and their spelling in quintile's YAML.

Nothing here looks at the engine's code: the oracle reads these values straight into SQL, the
program under test reads the YAML, and the two must agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

MONEY_SCALE = 2


@dataclass(frozen=True)
class Window:
    """`Nd` whole local dates, or `Nh` / `Nm` of elapsed time, ending with as_of."""

    length: int
    unit: str  # d, h or m

    def __str__(self) -> str:
        return f"{self.length}{self.unit}"

    def microseconds(self) -> int:
        return self.length * {"h": 3_600_000_000, "m": 60_000_000}[self.unit]


@dataclass(frozen=True)
class Quantile:
    tiers: int


@dataclass(frozen=True)
class Ntile:
    tiers: int


@dataclass(frozen=True)
class Fixed:
    """Bounds from the worst tier to the best.

    Days and counts are integers, money is in minor units. They are upper bounds for recency and
    lower bounds otherwise; the worst tier also takes what lies beyond its own bound. A worst bound
    of None is spelled `any`.
    """

    bounds: tuple[int | None, ...]

    @property
    def tiers(self) -> int:
        return len(self.bounds)


Method = Quantile | Ntile | Fixed


@dataclass(frozen=True)
class Dimension:
    method: Method
    names: tuple[str, ...] = ()  # best to worst
    window: Window | None = None

    @property
    def tiers(self) -> int:
        return self.method.tiers

    def tier_name(self, tier: int) -> str:
        return self.names[self.tiers - tier]


@dataclass(frozen=True)
class Range:
    """Inclusive; None is open."""

    low: int | None = None
    high: int | None = None


TIER_KEYS = ("r", "f", "m", "fm")
VALUE_KEYS = ("recency_days", "first_days", "frequency", "monetary")


@dataclass(frozen=True)
class ClassRule:
    name: str
    conditions: tuple[tuple[str, Range], ...] = ()


@dataclass(frozen=True)
class Model:
    recency: Dimension
    frequency: Dimension
    monetary: Dimension
    name: str = "oracle"
    measure: str = "net"  # net, mean or gross
    returns: str = "net"  # net or match
    zero_is_purchase: bool = False
    where: str | None = None
    population: str | None = None
    classes: tuple[ClassRule, ...] | None = ()  # None: one class per cell, named r-f-m
    otherwise: str | None = "other"
    where_sql: str | None = None  # where the oracle's SQL is spelled differently
    class_order: tuple[str, ...] = ()  # best first, if that is not the order of `classes`

    def class_names(self) -> list[str]:
        """All classes the model can give, in order, best first."""
        if self.class_order:
            names = list(self.class_order)
        elif self.classes is None:
            names = [
                "-".join(
                    (
                        self.recency.tier_name(r),
                        self.frequency.tier_name(f),
                        self.monetary.tier_name(m),
                    )
                )
                for r in range(self.recency.tiers, 0, -1)
                for f in range(self.frequency.tiers, 0, -1)
                for m in range(self.monetary.tiers, 0, -1)
            ]
        else:
            names = [rule.name for rule in self.classes]
            if self.otherwise is not None:
                names.append(self.otherwise)
        return [*list(dict.fromkeys(names)), "prospect", "lapsed"]


def money_text(minor: int, scale: int = MONEY_SCALE) -> str:
    """Minor units as decimal text with exactly `scale` decimals."""
    return f"{Decimal(minor).scaleb(-scale):.{scale}f}"


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def range_yaml(key: str, limits: Range, scale: int) -> str:
    def number(value: int) -> str:
        return money_text(value, scale) if key == "monetary" else str(value)

    if limits.low is not None and limits.high is not None:
        if limits.low == limits.high and key != "monetary":
            return number(limits.low)
        return f"[{number(limits.low)}, {number(limits.high)}]"
    if limits.high is not None:
        return quoted(f"<= {number(limits.high)}")
    assert limits.low is not None
    return quoted(f">= {number(limits.low)}")


def dimension_yaml(which: str, dimension: Dimension, scale: int) -> str:
    method = dimension.method
    if not isinstance(method, Fixed):
        kind = "quantile" if isinstance(method, Quantile) else "ntile"
        names = f", names: [{', '.join(dimension.names)}]" if dimension.names else ""
        return f"{{{kind}: {method.tiers}{names}}}"

    def number(value: int) -> str:
        return money_text(value, scale) if which == "monetary" else str(value)

    if not dimension.names:
        return f"{{fixed: [{', '.join(number(b) for b in method.bounds if b is not None)}]}}"
    sign = "<=" if which == "recency" else ">="
    entries = [
        f"{name}: " + ("any" if bound is None else quoted(f"{sign} {number(bound)}"))
        for name, bound in zip(dimension.names, reversed(method.bounds), strict=True)
    ]
    return f"{{fixed: {{{', '.join(entries)}}}}}"


def model_yaml(model: Model, scale: int = MONEY_SCALE) -> str:
    """Writes the model as a file that `quintile rfm --model FILE` reads."""
    out = [f"name: {model.name}"]
    dimensions = {
        "recency": model.recency,
        "frequency": model.frequency,
        "monetary": model.monetary,
    }
    windows = {which: d.window for which, d in dimensions.items() if d.window is not None}
    if len(windows) == 3 and len(set(windows.values())) == 1:
        out.append(f"window: {windows['recency']}")
    elif windows:
        out.append("window: {" + ", ".join(f"{w}: {d}" for w, d in windows.items()) + "}")
    out.append(f"monetary: {model.measure}")
    out.append(f"returns: {model.returns}")
    out.append(f"zero_is_purchase: {'true' if model.zero_is_purchase else 'false'}")
    if model.where is not None:
        out.append(f"where: {quoted(model.where)}")
    if model.population is not None:
        out.append(f"population: {quoted(model.population)}")
    out.append("tiers:")
    for which, dimension in dimensions.items():
        out.append(f"  {which}: {dimension_yaml(which, dimension, scale)}")
    if model.classes is None:
        out.append("classes: names")
    else:
        out.append("classes:")
        for rule in model.classes:
            parts = [f"{key}: {range_yaml(key, limits, scale)}" for key, limits in rule.conditions]
            out.append(f"  - {rule.name}: {{{', '.join(parts)}}}")
        if model.otherwise is not None:
            out.append(f"otherwise: {model.otherwise}")
    return "\n".join(out) + "\n"
