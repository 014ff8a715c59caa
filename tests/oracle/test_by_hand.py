"""The oracle itself against cases small enough to be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import duckdb
import pytest
from model import ClassRule, Dimension, Fixed, Model, Ntile, Quantile, Range, Window, model_yaml
from order_lines import OrderLines, Rates, parse_as_of, parse_time, prepare
from presets import CLASSIC5, GRID10, TIERS3
from segmentation import Outcome, Row, csv_bytes, load_lines, segment
from summary import fraction_text, summary_bytes

THREE = Dimension(Quantile(3))
PLAIN = Model(THREE, THREE, THREE)


def orders(*rows: tuple[str, str, str, str], zone: str = "UTC") -> OrderLines:
    names = ("contact", "time", "order", "amount")
    return OrderLines({name: [row[i] for row in rows] for i, name in enumerate(names)}, zone)


def run(
    connection: duckdb.DuckDBPyConnection, lines: OrderLines, model: Model, as_of: str
) -> Outcome:
    prepared = prepare(lines)
    load_lines(connection, prepared)
    return segment(connection, prepared, model, as_of)


def values(outcome: Outcome) -> dict[str, tuple[int | None, int, int | None]]:
    return {row.contact: (row.recency_days, row.frequency, row.monetary) for row in outcome.rows}


def tiers(outcome: Outcome) -> dict[str, tuple[int, int, int]]:
    return {row.contact: (row.r, row.f, row.m) for row in outcome.rows}


def test_lines_become_orders_and_returns_only_lower_money(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    lines = orders(
        ("a", "2024-01-01", "1", "10.00"),
        ("a", "2024-01-03", "1", "5.00"),  # same order: its time stays the 1st
        ("a", "2024-01-05", "2", "-3.00"),
        ("a", "2024-01-06", "", "1.00"),
        ("a", "2024-01-06", "", "1.00"),  # empty order id: an order of its own
        ("b", "2024-01-02", "1", "7.00"),  # another contact's order 1
        ("c", "2024-01-02", "9", "-7.00"),
        ("d", "2024-01-11", "9", "7.00"),  # after as_of
        ("", "2024-01-02", "9", "7.00"),
    )
    outcome = run(connection, lines, PLAIN, "2024-01-10")
    assert values(outcome) == {"a": (4, 3, 1400), "b": (8, 1, 700), "c": (None, 0, -700)}
    assert outcome.rows[2] == Row("c", None, 0, -700, 0, 0, 0, "prospect")
    assert csv_bytes(outcome.rows[2:]).endswith(b"\nc,,0,-7.00,0,0,0,prospect\n")


@pytest.mark.parametrize(
    ("measure", "expected"),
    [("net", (300, None, -100)), ("gross", (500, None, 0)), ("mean", (250, None, None))],
)
def test_measures(
    connection: duckdb.DuckDBPyConnection,
    measure: str,
    expected: tuple[int, None, int | None],
) -> None:
    lines = orders(
        ("a", "2024-01-01", "1", "2.01"),
        ("a", "2024-01-02", "2", "2.99"),
        ("a", "2024-01-03", "3", "-2.00"),
        ("c", "2024-01-03", "3", "-1.00"),
    )
    outcome = run(connection, lines, replace(PLAIN, measure=measure), "2024-01-10")
    assert values(outcome)["a"][2] == expected[0]
    assert values(outcome)["c"][2] == expected[2]


@pytest.mark.parametrize(("cents", "half_even"), [(1, 0), (3, 2), (5, 2), (7, 4)])
def test_mean_rounds_half_to_even(
    connection: duckdb.DuckDBPyConnection, cents: int, half_even: int
) -> None:
    lines = orders(("a", "2024-01-01", "", f"0.0{cents}"), ("a", "2024-01-01", "", "0.00"))
    model = replace(PLAIN, measure="mean", zero_is_purchase=True)
    assert values(run(connection, lines, model, "2024-01-10"))["a"][2] == half_even


def test_matching_returns_cancel_the_latest_earlier_purchase(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    lines = orders(
        ("a", "2024-01-01", "1", "5.00"),
        ("a", "2024-01-02", "2", "5.00"),
        ("a", "2024-01-03", "3", "-5.00"),  # cancels order 2
        ("b", "2024-01-01", "1", "-5.00"),  # nothing earlier: stays as net
        ("b", "2024-01-02", "2", "5.00"),
        ("c", "2024-01-02", "1", "5.00"),
        ("c", "2024-01-02", "2", "-5.00"),  # same instant is not earlier
        ("d", "2024-01-02", "1", "5.00"),
        ("d", "2024-01-03", "2", "-4.00"),  # another amount
        ("e", "2024-01-01", "1", "5.00"),
        ("e", "2024-01-03", "2", "-5.00"),
        ("e", "2024-01-04", "3", "-5.00"),  # its purchase is gone already
    )
    outcome = run(connection, lines, replace(PLAIN, returns="match"), "2024-01-10")
    assert values(outcome) == {
        "a": (9, 1, 500),
        "b": (8, 1, 0),
        "c": (8, 1, 0),
        "d": (8, 1, 100),
        "e": (None, 0, -500),
    }
    assert outcome.rows[4].class_name == "prospect"


def test_quantile_cuts_are_ranks_and_ties_share_a_tier(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    lines = orders(
        *((f"c{i}", f"2024-01-0{i}", str(i), amount) for i, amount in enumerate("2334578", 1))
    )
    outcome = run(connection, lines, PLAIN, "2024-01-10")
    # n = 7: ranks ceil(7/3) = 3 and ceil(14/3) = 5.
    assert outcome.cuts == {
        "recency_days": [5, 7],
        "frequency": [1, 1],
        "monetary": [300, 500],
    }
    assert [row.m for row in outcome.rows] == [1, 1, 1, 2, 2, 3, 3]
    assert [row.f for row in outcome.rows] == [1] * 7
    # recency 9 8 7 6 5 4 3; tier = 3 - cuts below.
    assert [row.r for row in outcome.rows] == [1, 1, 2, 2, 3, 3, 3]


def test_ntile_breaks_ties_by_contact_in_byte_order(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    tile = Dimension(Ntile(3))
    lines = orders(*((c, "2024-01-01", "1", "5") for c in ("b", "a", "Z", "\u00e9", "z")))
    outcome = run(connection, lines, Model(tile, tile, tile), "2024-01-10")
    assert [row.contact for row in outcome.rows] == ["Z", "a", "b", "z", "\u00e9"]
    assert [row.m for row in outcome.rows] == [1, 1, 2, 2, 3]
    assert [row.r for row in outcome.rows] == [1, 1, 2, 2, 3]


@pytest.mark.parametrize("k", range(2, 11))
def test_ntile_is_the_database_own(connection: duckdb.DuckDBPyConnection, k: int) -> None:
    tile = Dimension(Ntile(k))
    lines = orders(*((f"c{i * 7 % 23}", "2024-01-01", "1", str(i // 3)) for i in range(23)))
    outcome = run(connection, lines, Model(tile, tile, tile), "2024-01-10")
    expected = connection.execute(
        f"""SELECT contact, CASE WHEN monetary_purchases > 0 THEN
                   ntile({k}) OVER (PARTITION BY monetary_purchases > 0
                                    ORDER BY monetary, contact) ELSE 0 END
            FROM contact_values ORDER BY contact"""
    ).fetchall()
    assert [(row.contact, row.m) for row in outcome.rows] == expected


def test_fixed_bounds(connection: duckdb.DuckDBPyConnection) -> None:
    model = Model(
        Dimension(Fixed((None, 5, 2)), ("short", "medium", "long")),
        Dimension(Fixed((1, 2, 3))),
        Dimension(Fixed((100, 500, 1000))),
    )
    lines = orders(
        ("a", "2024-01-08", "1", "4.99"),
        ("b", "2024-01-07", "1", "5.00"),
        ("b", "2024-01-05", "2", "5.00"),
        ("c", "2024-01-04", "1", "0.10"),
    )
    assert tiers(run(connection, lines, model, "2024-01-10")) == {
        "a": (3, 1, 1),
        "b": (2, 2, 3),
        "c": (1, 1, 1),
    }


def test_windows_of_dimensions(connection: duckdb.DuckDBPyConnection) -> None:
    week = Window(7, "d")
    lines = orders(
        ("a", "2024-01-03 23:59:59", "1", "5.00"),  # 7 days before: outside
        ("b", "2024-01-04 00:00:00", "1", "5.00"),  # 6 days before: inside
        ("c", "2024-01-03", "1", "5.00"),
        ("c", "2024-01-09", "1", "6.00"),  # order time is the earliest line's: outside
        ("d", "2024-01-03", "1", "5.00"),
        ("d", "2024-01-09", "2", "-1.00"),
    )
    last_week = Dimension(Quantile(3), (), week)
    all_in = Model(last_week, last_week, last_week)
    outcome = run(connection, lines, all_in, "2024-01-10")
    assert values(outcome) == {
        "a": (None, 0, 0),
        "b": (6, 1, 500),
        "c": (None, 0, 0),
        "d": (None, 0, -100),
    }
    assert [row.class_name for row in outcome.rows] == ["lapsed", "other", "lapsed", "lapsed"]
    only_money = Model(THREE, THREE, Dimension(Quantile(3), (), week))
    row = run(connection, lines, only_money, "2024-01-10").rows[0]
    assert (row.recency_days, row.frequency, row.monetary) == (7, 1, 0)
    assert row.r > 0
    assert row.f > 0
    assert (row.m, row.class_name) == (0, "lapsed")


def test_hour_windows_are_open_at_the_start(connection: duckdb.DuckDBPyConnection) -> None:
    two_hours = Dimension(Quantile(2), (), Window(2, "h"))
    hours = Model(two_hours, two_hours, two_hours)
    lines = orders(
        ("a", "2024-01-10 10:00:00", "1", "5.00"),
        ("b", "2024-01-10 10:00:00.000001", "1", "5.00"),
        ("c", "2024-01-10 12:00:00", "1", "5.00"),
        ("d", "2024-01-10 12:00:00.000001", "1", "5.00"),
    )
    outcome = run(connection, lines, hours, "2024-01-10 12:00:00")
    assert values(outcome) == {"a": (None, 0, 0), "b": (0, 1, 500), "c": (0, 1, 500)}


def test_class_conditions_and_fm_half_up(connection: duckdb.DuckDBPyConnection) -> None:
    model = replace(
        PLAIN,
        frequency=Dimension(Fixed((1, 2, 3))),
        monetary=Dimension(Fixed((0, 500, 1000))),
        classes=(
            ClassRule("fresh", (("first_days", Range(None, 3)),)),
            ClassRule("mid", (("fm", Range(2, 2)), ("recency_days", Range(None, 9)))),
            ClassRule("rich", (("monetary", Range(100000, None)),)),
            ClassRule("often", (("frequency", Range(3, 5)), ("r", Range(1, 3)))),
        ),
    )
    lines = orders(
        ("a", "2024-01-07", "1", "5.00"),
        ("b", "2024-01-01", "1", "5.00"),  # f 1, m 2: fm 1.5 -> 2
        ("c", "2023-12-31", "1", "5.00"),
        ("d", "2023-12-31", "1", "1000.00"),
        ("e", "2023-12-31", "1", "0.10"),
        ("e", "2023-12-31", "2", "0.10"),
        ("e", "2023-12-31", "3", "0.10"),
    )
    outcome = run(connection, lines, model, "2024-01-10")
    assert {row.contact: row.class_name for row in outcome.rows} == {
        "a": "fresh",
        "b": "mid",
        "c": "other",
        "d": "rich",
        "e": "often",
    }
    assert [s.class_name for s in outcome.summary] == [
        "fresh", "mid", "rich", "often", "other", "prospect", "lapsed",
    ]  # fmt: skip
    assert [s.contacts for s in outcome.summary] == [1, 1, 1, 1, 1, 0, 0]


def test_presets_name_every_cell(connection: duckdb.DuckDBPyConnection) -> None:
    assert set(CLASSIC5.class_names()) == {
        "new", "potential_loyalist", "champions", "promising", "loyal", "need_attention",
        "hibernating", "about_to_sleep", "at_risk", "lost", "cant_lose", "prospect", "lapsed",
    }  # fmt: skip
    assert len(GRID10.class_names()) == 10 + 2
    assert len(TIERS3.class_names()) == 27 + 2
    lines = orders(("a", "2024-01-01", "1", "5.00"), ("b", "2024-01-02", "1", "5.00"))
    assert run(connection, lines, TIERS3, "2024-01-10").rows[1].class_name == (
        "short-occasional-economical"
    )


def test_summary_is_exact(connection: duckdb.DuckDBPyConnection) -> None:
    lines = orders(
        ("a", "2024-01-01", "1", "5.00"),
        ("b", "2024-01-02", "1", "3.01"),
        ("b", "2024-01-02", "2", "1.00"),
        ("c", "2024-01-02", "1", "-1.00"),
    )
    outcome = run(connection, lines, PLAIN, "2024-01-10")
    assert summary_bytes(outcome.summary) == (
        b"class,contacts,share,revenue,recency_days,frequency,monetary\n"
        b"other,2,0.666667,9.01,8.500000,1.500000,4.505000\n"
        b"prospect,1,0.333333,-1.00,,0.000000,-1.000000\n"
        b"lapsed,0,0.000000,0.00,,,\n"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 2_000_000), "0.000000"),
        (Fraction(3, 2_000_000), "0.000002"),
        (Fraction(-1, 3), "-0.333333"),
        (Fraction(-2, 3), "-0.666667"),
    ],
)
def test_fractions_round_half_to_even(value: Fraction, text: str) -> None:
    assert fraction_text(value) == text


def test_where_and_population(connection: duckdb.DuckDBPyConnection) -> None:
    lines = orders(("a", "2024-01-01", "1", "5.00"), ("a", "2024-01-02", "1", "3.00"))
    lines.columns["contact"] = ["a", "b"]
    lines.columns["category"] = ["postage", None]
    lines.properties = ("category",)
    lines.contacts = {"contact": ["a", "b"], "country": ["PL", None]}
    outcome = run(connection, lines, replace(PLAIN, where="category = 'postage'"), "2024-01-10")
    assert [(row.contact, row.class_name) for row in outcome.rows] == [
        ("a", "other"),
        ("b", "prospect"),  # NULL is not true
    ]
    outcome = run(connection, lines, replace(PLAIN, population="country = 'PL'"), "2024-01-10")
    assert [row.contact for row in outcome.rows] == ["a"]


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2024-10-27 02:30:00", "2024-10-27T00:30:00+00:00"),  # ambiguous: the earlier
        ("2024-03-31 02:30:00", "2024-03-31T01:30:00+00:00"),  # gap: the offset before
        ("2024-03-31T02:30:00+02:00", "2024-03-31T00:30:00+00:00"),
    ],
)
def test_local_times(text: str, utc: str) -> None:
    assert parse_time(text, "Europe/Warsaw")[0] == parse_time(utc, "UTC")[0]


def test_a_date_ends_with_its_local_day() -> None:
    end, day = parse_as_of("2024-03-30", "Europe/Warsaw")
    assert end == parse_time("2024-03-30T22:59:59.999999+00:00", "UTC")[0]
    assert day == parse_as_of("2024-03-30", "UTC")[1]


def test_amounts_are_exact_and_rounded_once() -> None:
    lines = OrderLines(
        {
            "contact": ["a"] * 4,
            "time": ["2024-01-01", "2024-01-02", "2024-01-01", "2024-01-01"],
            "quantity": ["3", "1", "0.5", "-0.5"],
            "price": ["0.115", "1", "0.05", "0.05"],
            "currency": ["EUR", "USD", "EUR", "EUR"],
        },
        rates=Rates("EUR", (("USD", "2024-01-01", "0.9"), ("USD", "2024-01-02", "0.92"))),
    )
    assert prepare(lines).amount == [34, 92, 2, -2]


def test_yaml_spells_everything() -> None:
    model = Model(
        Dimension(Fixed((None, 90, 30)), ("short", "medium", "long"), Window(12, "h")),
        Dimension(Ntile(4)),
        Dimension(Fixed((100, 1999)), ("much", "little")),
        classes=(
            ClassRule("best", (("r", Range(3, 3)), ("monetary", Range(10000, None)))),
            ClassRule("next", (("fm", Range(2, 3)),)),
        ),
        where="note = 'a \"b\"'",
    )
    assert model_yaml(model) == (
        "name: oracle\n"
        "window: {recency: 12h}\n"
        "monetary: net\n"
        "returns: net\n"
        "zero_is_purchase: false\n"
        'where: "note = \'a \\"b\\"\'"\n'
        "tiers:\n"
        '  recency: {fixed: {short: "<= 30", medium: "<= 90", long: any}}\n'
        "  frequency: {ntile: 4}\n"
        '  monetary: {fixed: {much: ">= 19.99", little: ">= 1.00"}}\n'
        "classes:\n"
        '  - best: {r: 3, monetary: ">= 100.00"}\n'
        "  - next: {fm: [2, 3]}\n"
        "otherwise: other\n"
    )
