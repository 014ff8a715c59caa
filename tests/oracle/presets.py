"""The four presets, spelled a second time from DESIGN's table.

`retail`, whose class map is the project's own, is spelled from its documented file.
"""

from __future__ import annotations

from model import ClassRule, Dimension, Model, Quantile, Range, Window

FIVE = Dimension(Quantile(5))

# Rows are r 5 down to 1, columns fm 1 to 5.
CLASSIC5_CELLS = """
new         potential_loyalist potential_loyalist champions champions
promising   potential_loyalist potential_loyalist loyal     champions
promising   need_attention     need_attention     loyal     loyal
hibernating about_to_sleep     at_risk            at_risk   at_risk
lost        hibernating        at_risk            cant_lose cant_lose
"""

# Rows are r 5 down to 1, columns f 1 to 5.
GRID10_CELLS = """
new            potential_loyalist potential_loyalist champions champions
promising      potential_loyalist potential_loyalist loyal     loyal
about_to_sleep about_to_sleep     need_attention     loyal     loyal
hibernating    hibernating        at_risk            at_risk   cant_lose
hibernating    hibernating        at_risk            at_risk   cant_lose
"""


def cells_model(name: str, cells: str, across: str) -> Model:
    rules = tuple(
        ClassRule(cell, (("r", Range(5 - i, 5 - i)), (across, Range(j + 1, j + 1))))
        for i, line in enumerate(cells.split("\n")[1:-1])
        for j, cell in enumerate(line.split())
    )
    assert len(rules) == 25
    return Model(FIVE, FIVE, FIVE, name=name, classes=rules, otherwise=None)


CLASSIC5 = cells_model("classic5", CLASSIC5_CELLS, "fm")
GRID10 = cells_model("grid10", GRID10_CELLS, "f")
YEAR = Window(365, "d")
TIERS3 = Model(
    Dimension(Quantile(3), ("short", "medium", "long")),
    Dimension(Quantile(3), ("often", "regular", "occasional"), YEAR),
    Dimension(Quantile(3), ("premium", "average", "economical"), YEAR),
    name="tiers3",
    classes=None,
    otherwise=None,
)

PRESETS = (CLASSIC5, GRID10, TIERS3)
