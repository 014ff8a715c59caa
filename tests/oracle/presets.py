"""The four presets, spelled a second time from DESIGN's table.

`retail`, whose class map is the project's own, is spelled from its documented file.
"""

from __future__ import annotations

from model import ClassRule, Dimension, Fixed, Model, Quantile, Range, Window

FIVE = Dimension(Quantile(5))
BEST_FIRST = (
    "champions", "loyal", "potential_loyalist", "new", "promising", "need_attention",
    "about_to_sleep", "cant_lose", "at_risk", "hibernating", "lost",
)  # fmt: skip

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
    order = tuple(name for name in BEST_FIRST if name in {rule.name for rule in rules})
    return Model(FIVE, FIVE, FIVE, name=name, classes=rules, otherwise=None, class_order=order)


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

# retail, as its file draws it: rows are r 5 down to 1, columns f 1 to 5, letters m 1 to 5.
RETAIL_LETTERS = {
    "C": "champions", "L": "loyal", "P": "potential_loyalist", "o": "promising",
    "n": "need_attention", "s": "about_to_sleep", "X": "cant_lose", "a": "at_risk",
    "h": "hibernating", "-": "lost",
}  # fmt: skip
RETAIL_CELLS = """
ooooo PPPPP LLLCC LLCCC LCCCC
ooooo PPPPP LLLLL LLLLC LLLCC
sssss nnnnn nnLLL LLLLL LLLLL
hhhhh hhhaa aaaaa aaaaX aaaXX
----- ---hh hhaaa aaXXX aXXXX
"""


def retail() -> Model:
    """A one-time buyer is new for 30 days; champions bought in the last 180 days, else loyal."""
    rules = [ClassRule("new", (("f", Range(1, 1)), ("first_days", Range(None, 30))))]
    for i, line in enumerate(RETAIL_CELLS.split("\n")[1:-1]):
        for j, letters in enumerate(line.split()):
            for k, letter in enumerate(letters):
                cell = tuple(
                    (key, Range(tier, tier))
                    for key, tier in (("r", 5 - i), ("f", j + 1), ("m", k + 1))
                )
                name = RETAIL_LETTERS[letter]
                if name == "champions":
                    rules.append(ClassRule(name, (*cell, ("recency_days", Range(None, 179)))))
                    name = "loyal"
                rules.append(ClassRule(name, cell))
    return Model(
        FIVE,
        Dimension(Fixed((1, 2, 3, 5, 10))),
        FIVE,
        name="retail",
        classes=tuple(rules),
        otherwise=None,
        class_order=BEST_FIRST,
    )


PRESETS = (retail(), CLASSIC5, GRID10, TIERS3)
