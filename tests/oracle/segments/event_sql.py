"""Functions of events in SQL: one query of (i, v) for each, over the contacts that have any."""

from __future__ import annotations

from collections.abc import Callable

from expression_tree import EventCall, Node, Step, Window

ConditionPrinter = Callable[[Node], str]


def window_sql(window: Window | None, as_of: int, day: int) -> str:
    seen = f"e.t <= {as_of}"
    if window is None:
        return seen
    days = window.days()
    if days is not None:
        return f"{seen} AND {day} - e.day BETWEEN 0 AND {days - 1}"
    return f"{seen} AND e.t > {as_of - window.microseconds()}"


def chosen_sql(step: Step, window: str, condition: ConditionPrinter) -> str:
    where = f" AND {condition(step.where)}" if step.where is not None else ""
    return f"SELECT e.* FROM {step.event.sql} e WHERE {window}{where}"


def event_value(call: EventCall, table: str) -> str:
    """The value in a query that has joined `table` from the left."""
    if call.function in ("count", "distinct", "sum"):
        zero = "CAST(0 AS DOUBLE)" if is_double(call) else "CAST(0 AS HUGEINT)"
        # A sum of infinities of both signs is no number, which is not the same as no event.
        return f"CASE WHEN {table}.i IS NULL THEN {zero} ELSE {table}.v END"
    if call.function in ("regularly", "sequence"):
        return f"({table}.i IS NOT NULL)"
    return f"{table}.v"


def is_double(call: EventCall) -> bool:
    return call.property is not None and call.property.type == "double"


def event_query(call: EventCall, as_of: int, day: int, condition: ConditionPrinter) -> str:
    window = window_sql(call.window, as_of, day)
    if call.function == "sequence":
        return sequence_query(call, window, condition)
    chosen = chosen_sql(call.steps[0], window, condition)
    if call.function == "regularly":
        period = f"({day} - day) // {call.period_days}"
        return (
            f"SELECT i FROM ({chosen}) WHERE {period} < {call.periods} GROUP BY i "
            f"HAVING count(DISTINCT {period}) >= {call.required}"
        )
    if call.property is None:
        v = {"count": "count(*)", "days_since": f"{day} - max(day)"}[call.function]
        return f"SELECT i, CAST({v} AS HUGEINT) AS v FROM ({chosen}) GROUP BY i"
    return property_query(call, chosen)


def property_query(call: EventCall, chosen: str) -> str:
    assert call.property is not None
    p = call.property.sql
    if call.function in ("first", "last"):
        order = "t, arrival" if call.function == "first" else "t DESC, arrival DESC"
        return (
            f"SELECT i, {p} AS v FROM (SELECT i, {p}, row_number() OVER "
            f"(PARTITION BY i ORDER BY {order}) AS place FROM ({chosen})) WHERE place = 1"
        )
    if call.function == "mode":
        # The least of the values that are equally frequent.
        return (
            f"SELECT i, {p} AS v FROM (SELECT i, {p}, row_number() OVER "
            f"(PARTITION BY i ORDER BY count(*) DESC, {p}) AS place "
            f"FROM ({chosen}) WHERE {p} IS NOT NULL GROUP BY i, {p}) WHERE place = 1"
        )
    nan = "CAST('nan' AS DOUBLE)"
    v = {
        "sum": f"COALESCE(sum({p}), 0)",
        "avg": f"nearest_quotient(sum({p}), count({p}), {call.property.decimals})",
        "min": f"min({p})",
        "max": f"max({p})",
        "distinct": f"CAST(count(DISTINCT {p}) AS HUGEINT)",
    }[call.function]
    if is_double(call) and call.function in ("sum", "avg"):
        v = {
            "sum": f"nullif(COALESCE(sum({p}), 0), {nan})",
            "avg": f"nullif(sum({p}) / count({p}), {nan})",
        }[call.function]
    return f"SELECT i, {v} AS v FROM ({chosen}) GROUP BY i"


def sequence_query(call: EventCall, window: str, condition: ConditionPrinter) -> str:
    """Contacts with an event for every step that is not NOT, each later than the one before, and
    none of the NOTs between their neighbours."""
    tables = [f"({chosen_sql(step, window, condition)})" for step in call.steps]
    joins = f"{tables[0]} s0"
    absences: list[str] = []
    before = 0
    for n, step in enumerate(call.steps[1:], 1):
        terms = [f"s{n}.i = s{before}.i", f"s{n}.t > s{before}.t"]
        if step.within is not None:
            terms.append(f"s{n}.t - s{before}.t <= {step.within.microseconds()}")
        if step.negated:
            if n + 1 < len(call.steps):
                terms.append(f"s{n}.t < s{n + 1}.t")
            absences.append(
                f"NOT EXISTS (SELECT 1 FROM {tables[n]} s{n} WHERE {' AND '.join(terms)})"
            )
        else:
            joins += f" JOIN {tables[n]} s{n} ON {' AND '.join(terms)}"
            before = n
    where = f" WHERE {' AND '.join(absences)}" if absences else ""
    return f"SELECT DISTINCT s0.i FROM {joins}{where}"
