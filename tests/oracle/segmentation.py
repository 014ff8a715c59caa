"""DESIGN section 4 in DuckDB SQL: the oracle.

Every rank is a `row_number()`, every sum a HUGEINT, every date an integer prepared beforehand;
no percentile, ntile or floating-point function is used for a result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import duckdb
import pyarrow as pa
from model import (
    TIER_KEYS,
    VALUE_KEYS,
    ClassRule,
    Dimension,
    Fixed,
    Model,
    Ntile,
    Range,
    Window,
    money_text,
)
from order_lines import PreparedLines, parse_as_of


@dataclass(frozen=True)
class Row:
    contact: str
    recency_days: int | None
    frequency: int
    monetary: int | None
    r: int
    f: int
    m: int
    class_name: str


@dataclass(frozen=True)
class ClassSummary:
    class_name: str
    contacts: int
    share: Fraction  # of all contacts, 0 to 1
    revenue: int  # minor units: net sum over the monetary window
    recency_days: Fraction | None  # mean over contacts that have one
    frequency: Fraction | None
    monetary: Fraction | None  # mean, minor units


@dataclass(frozen=True)
class Outcome:
    rows: list[Row]
    cuts: dict[str, list[int]]
    summary: list[ClassSummary]


def load_lines(connection: duckdb.DuckDBPyConnection, lines: PreparedLines) -> None:
    """Creates the tables `lines` and `contact_attributes`."""
    columns: dict[str, pa.Array] = {
        "contact": pa.array(lines.contact, pa.string()),
        "order_id": pa.array(lines.order, pa.string()),
        "t": pa.array(lines.instant, pa.int64()),
        "day": pa.array(lines.day, pa.int64()),
        "amount": pa.array(lines.amount, pa.int64()),
    }
    for name, values in lines.properties.items():
        columns[name] = pa.array(values, pa.string())
    arrow_lines = pa.table(columns)
    connection.register("arrow_lines", arrow_lines)
    connection.execute(
        "CREATE OR REPLACE TABLE lines AS SELECT row_number() OVER () AS line, * FROM arrow_lines"
    )
    connection.unregister("arrow_lines")
    attributes = lines.contacts or {"contact": []}
    arrow_contacts = pa.table({k: pa.array(v, pa.string()) for k, v in attributes.items()})
    connection.register("arrow_contacts", arrow_contacts)
    columns_sql = ", ".join(
        f"{name}::{lines.contact_types.get(name, 'VARCHAR')} AS {name}" for name in attributes
    )
    connection.execute(
        f"CREATE OR REPLACE TABLE contact_attributes AS SELECT {columns_sql} FROM arrow_contacts"
    )
    connection.unregister("arrow_contacts")


def window_sql(window: Window | None, as_of: int, as_of_day: int) -> str:
    if window is None:
        return "true"
    if window.unit == "d":
        return f"({as_of_day} - day BETWEEN 0 AND {window.length - 1})"
    return f"(t > {as_of - window.microseconds()} AND t <= {as_of})"


def orders_sql(model: Model, as_of: int) -> str:
    """Orders seen by the model, with `purchase` and, for returns: match, `cancelled`."""
    where = model.where_sql or model.where
    purchase = "amount >= 0" if model.zero_is_purchase else "amount > 0"
    cancelled = "false"
    if model.returns == "match":
        # A stack per contact and absolute amount: a purchase pushes, a return pops what was
        # pushed at a strictly earlier time. With s the running sum of pushes less pops, a
        # purchase is popped when s later falls below its own level; a return pops something
        # unless it takes s to a new low.
        cancelled = """CASE WHEN amount = 0 THEN false
                 WHEN purchase THEN coalesce(min(s) OVER later < s, false)
                 ELSE s >= least(0, coalesce(min(s) OVER earlier, 0)) END"""
    return f"""
      WITH visible AS (
        SELECT * FROM lines WHERE t <= {as_of} {f"AND ({where})" if where else ""}
      ), grouped AS (
        SELECT contact, min(t) AS t, arg_min(day, t) AS day, sum(amount)::HUGEINT AS amount,
               min(line) AS line
        FROM visible
        GROUP BY contact,
                 CASE WHEN order_id IS NULL OR order_id = '' THEN line END,
                 CASE WHEN order_id <> '' THEN order_id END
      ), signed AS (
        SELECT *, {purchase} AS purchase FROM grouped
      ), stacked AS (
        SELECT *, sum(CASE WHEN purchase THEN 1 ELSE -1 END) OVER steps AS s
        FROM signed
        WINDOW steps AS (PARTITION BY contact, abs(amount) ORDER BY t, purchase, line
                         ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
      )
      SELECT contact, t, day, amount, purchase, {cancelled} AS cancelled
      FROM stacked
      WINDOW earlier AS (PARTITION BY contact, abs(amount) ORDER BY t, purchase, line
                         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
             later AS (PARTITION BY contact, abs(amount) ORDER BY t, purchase, line
                       ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)"""


def half_even_sql(numerator: str, denominator: str) -> str:
    """Exact integer quotient of a non-negative numerator, half to even."""
    quotient = f"({numerator} // {denominator})"
    twice = f"(2 * ({numerator} % {denominator}))"
    return (
        f"({quotient} + CASE WHEN {twice} > {denominator} "
        f"OR ({twice} = {denominator} AND {quotient} % 2 = 1) THEN 1 ELSE 0 END)"
    )


def values_sql(model: Model, as_of: int, as_of_day: int) -> str:
    """One row per contact with its three values, empty where it has no purchase.

    A contact that is known from a list of contacts alone counts as a prospect in the summary, but
    has no row of its own.
    """
    recency = window_sql(model.recency.window, as_of, as_of_day)
    frequency = window_sql(model.frequency.window, as_of, as_of_day)
    monetary = window_sql(model.monetary.window, as_of, as_of_day)
    spent = f"coalesce(sum(amount) FILTER (purchase AND {monetary}), 0)"
    purchases = f"count(*) FILTER (purchase AND {monetary})"
    measure = {
        "net": f"coalesce(sum(amount) FILTER ({monetary}), 0)",
        "gross": spent,
        "mean": f"CASE WHEN {purchases} > 0 THEN {half_even_sql(spent, purchases)} END",
    }[model.measure]
    population = f"WHERE ({model.population})" if model.population else ""
    return f"""
      WITH listed AS (
        SELECT DISTINCT contact FROM lines WHERE t <= {as_of}
      ), known AS (
        SELECT contact, true AS has_row FROM listed
        UNION ALL
        SELECT contact, false FROM contact_attributes ANTI JOIN listed USING (contact)
      ), members AS (
        SELECT known.contact, has_row
        FROM known LEFT JOIN contact_attributes USING (contact) {population}
      ), measured AS (
        SELECT contact,
               {as_of_day} - max(day) FILTER (purchase AND {recency}) AS recency_days,
               {as_of_day} - min(day) FILTER (purchase) AS first_days,
               count(*) FILTER (purchase AND {frequency}) AS frequency,
               {purchases} AS monetary_purchases,
               {measure} AS monetary,
               coalesce(sum(amount) FILTER ({monetary}), 0) AS revenue
        FROM orders WHERE NOT cancelled GROUP BY contact
      )
      SELECT members.contact, has_row, recency_days, first_days,
             coalesce(frequency, 0) AS frequency,
             coalesce(monetary_purchases, 0) AS monetary_purchases,
             {"monetary" if model.measure == "mean" else "coalesce(monetary, 0) AS monetary"},
             coalesce(revenue, 0) AS revenue
      FROM members LEFT JOIN measured USING (contact)"""


BOUGHT = {
    "recency_days": "recency_days IS NOT NULL",
    "frequency": "frequency > 0",
    "monetary": "monetary_purchases > 0",
}


def tiers_sql(column: str, dimension: Dimension, cuts: Sequence[int]) -> str:
    """A query of (contact, tier) for the contacts that bought in the dimension's window."""
    reversed_ = column == "recency_days"
    bought = f"(SELECT contact, {column} AS v FROM contact_values WHERE {BOUGHT[column]})"
    k = dimension.tiers
    if isinstance(dimension.method, Fixed):
        # The worst tier takes everything, then each better bound that is met lifts the tier.
        sign = "<=" if reversed_ else ">="
        better = dimension.method.bounds[1:]
        terms = [f"CASE WHEN v {sign} {bound} THEN 1 ELSE 0 END" for bound in better]
        return f"SELECT contact, {' + '.join(['1', *terms])} AS tier FROM {bought}"
    if isinstance(dimension.method, Ntile):
        direction = "DESC" if reversed_ else "ASC"
        return f"""
          SELECT contact,
                 CASE WHEN rank <= (n % {k}) * (n // {k} + 1) THEN (rank - 1) // (n // {k} + 1) + 1
                      ELSE n % {k} + (rank - 1 - (n % {k}) * (n // {k} + 1)) // (n // {k}) + 1
                 END AS tier
          FROM (SELECT contact,
                       row_number() OVER (ORDER BY v {direction}, encode(contact) ASC) AS rank,
                       count(*) OVER () AS n
                FROM {bought})"""
    below = " + ".join(["0", *(f"CASE WHEN {cut} < v THEN 1 ELSE 0 END" for cut in cuts)])
    tier = f"{k} - ({below})" if reversed_ else f"1 + {below}"
    return f"SELECT contact, {tier} AS tier FROM {bought}"


def cuts_sql(column: str, k: int) -> str:
    return f"""
      SELECT i, v AS cut
      FROM (SELECT {column} AS v, row_number() OVER (ORDER BY {column}) AS rank,
                   count(*) OVER () AS n
            FROM contact_values WHERE {BOUGHT[column]}) AS ranked
      JOIN range(1, {k}) AS cut_points(i) ON rank = (i * n + {k} - 1) // {k}
      ORDER BY i"""


def condition_sql(key: str, limits: Range) -> str:
    operand = "((f + m + 1) // 2)" if key == "fm" else key
    assert key in (*TIER_KEYS, *VALUE_KEYS)
    terms = []
    if limits.low is not None:
        terms.append(f"{operand} >= {limits.low}")
    if limits.high is not None:
        terms.append(f"{operand} <= {limits.high}")
    return " AND ".join(terms)


def rule_sql(rule: ClassRule) -> str:
    terms = [condition_sql(key, limits) for key, limits in rule.conditions] or ["true"]
    return f"WHEN {' AND '.join(terms)} THEN '{rule.name}'"


def classes_sql(model: Model) -> str:
    if model.classes is None:

        def names(code: str, dimension: Dimension) -> str:
            choices = [
                f"WHEN {tier} THEN '{dimension.tier_name(tier)}'"
                for tier in range(1, dimension.tiers + 1)
            ]
            return f"CASE {code} {' '.join(choices)} END"

        by_cell = " || '-' || ".join(
            (
                names("r", model.recency),
                names("f", model.frequency),
                names("m", model.monetary),
            )
        )
    else:
        rules = " ".join(rule_sql(rule) for rule in model.classes)
        otherwise = f"'{model.otherwise}'" if model.otherwise else "error('no class')"
        by_cell = f"CASE {rules} ELSE {otherwise} END" if rules else otherwise
    return f"""CASE WHEN r > 0 AND f > 0 AND m > 0 THEN {by_cell}
                    WHEN first_days IS NOT NULL THEN 'lapsed'
                    ELSE 'prospect' END"""


def mean(total: int | None, count: int) -> Fraction | None:
    return Fraction(total, count) if count and total is not None else None


def summarise(connection: duckdb.DuckDBPyConnection, model: Model) -> list[ClassSummary]:
    found = {
        name: rest
        for name, *rest in connection.execute(
            """SELECT class, count(*), sum(revenue)::HUGEINT, sum(recency_days)::HUGEINT,
                      count(recency_days), sum(frequency)::HUGEINT, sum(monetary)::HUGEINT,
                      count(monetary)
               FROM scored GROUP BY class"""
        ).fetchall()
    }
    everyone = sum(rest[0] for rest in found.values())
    summary = []
    for name in model.class_names():
        contacts, revenue, days, with_days, purchases, money, with_money = found.get(
            name, (0, 0, None, 0, 0, None, 0)
        )
        summary.append(
            ClassSummary(
                class_name=name,
                contacts=contacts,
                share=Fraction(contacts, everyone) if everyone else Fraction(0),
                revenue=revenue,
                recency_days=mean(days, with_days),
                frequency=mean(purchases, contacts),
                monetary=mean(money, with_money),
            )
        )
    return summary


def segment(
    connection: duckdb.DuckDBPyConnection, lines: PreparedLines, model: Model, as_of_text: str
) -> Outcome:
    """Runs the model over the table `lines` that `load_lines` made from the same lines."""
    as_of, as_of_day = parse_as_of(as_of_text, lines.zone)
    execute = connection.execute
    execute(f"CREATE OR REPLACE TEMP TABLE orders AS {orders_sql(model, as_of)}")
    execute(f"CREATE OR REPLACE TEMP TABLE contact_values AS {values_sql(model, as_of, as_of_day)}")
    dimensions = {
        "recency_days": model.recency,
        "frequency": model.frequency,
        "monetary": model.monetary,
    }
    cuts: dict[str, list[int]] = {}
    for column, dimension in dimensions.items():
        cuts[column] = [cut for (_, cut) in execute(cuts_sql(column, dimension.tiers)).fetchall()]
        tiers = tiers_sql(column, dimension, cuts[column])
        execute(f"CREATE OR REPLACE TEMP TABLE tiers_{column} AS {tiers}")
    execute(
        f"""CREATE OR REPLACE TEMP TABLE scored AS
            SELECT *, {classes_sql(model)} AS class FROM (
              SELECT contact_values.*, coalesce(tiers_recency_days.tier, 0) AS r,
                     coalesce(tiers_frequency.tier, 0) AS f, coalesce(tiers_monetary.tier, 0) AS m
              FROM contact_values LEFT JOIN tiers_recency_days USING (contact)
                   LEFT JOIN tiers_frequency USING (contact)
                   LEFT JOIN tiers_monetary USING (contact))"""
    )
    fetched = execute(
        """SELECT contact, recency_days, frequency, monetary::HUGEINT, r, f, m, class
           FROM scored WHERE has_row ORDER BY encode(contact)"""
    ).fetchall()
    return Outcome([Row(*values) for values in fetched], cuts, summarise(connection, model))


def csv_field(text: str) -> str:
    if any(mark in text for mark in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def csv_bytes(rows: Sequence[Row], scale: int = 2) -> bytes:
    """The rows as `quintile rfm --format csv` prints them."""
    out = ["contact,recency_days,frequency,monetary,r,f,m,class\n"]
    for row in rows:
        recency = "" if row.recency_days is None else row.recency_days
        monetary = "" if row.monetary is None else money_text(row.monetary, scale)
        out.append(
            f"{csv_field(row.contact)},{recency},{row.frequency},{monetary},"
            f"{row.r},{row.f},{row.m},{row.class_name}\n"
        )
    return "".join(out).encode()
