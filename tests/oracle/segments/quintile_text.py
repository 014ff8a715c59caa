"""Prints a tree in quintile's language."""

from __future__ import annotations

import re
from datetime import date, timedelta

from expression_tree import EventCall, Node, Step

RESERVED = {
    "AND", "OR", "NOT", "IN", "LIKE", "ILIKE", "BETWEEN", "IS", "NULL", "TRUE", "FALSE",
    "DISTINCT", "FROM", "ESCAPE",
}  # fmt: skip
PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*")


def name_text(name: str) -> str:
    if PLAIN_NAME.fullmatch(name) and name.upper() not in RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def number_text(units: int, scale: int) -> str:
    digits = str(abs(units)).rjust(scale + 1, "0")
    whole, rest = (digits[:-scale], digits[-scale:]) if scale else (digits, "")
    return ("-" if units < 0 else "") + whole + ("." + rest if rest else "")


def date_text(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def literal_text(node: Node) -> str:
    value = node.data
    match node.kind:
        case "bool":
            return "TRUE" if value else "FALSE"
        case "number":
            return number_text(value, node.scale)
        case "text":
            return quoted(value)
        case "date":
            return "DATE " + quoted(date_text(value))
        case "timestamp":
            return "TIMESTAMP " + quoted(value[0])
    return str(value)


def step_text(step: Step, property_name: str | None = None) -> str:
    name = step.event.name + (f".{property_name}" if property_name is not None else "")
    where = f" WHERE {text(step.where)}" if step.where is not None else ""
    within = f" WITHIN {step.within}" if step.within is not None else ""
    return ("NOT " if step.negated else "") + name_text(name) + where + within


def call_text(call: EventCall) -> str:
    window = f", {call.window}" if call.window is not None else ""
    if call.function == "regularly":
        unit = "weeks" if call.period_days == 7 else "days"
        periods = f"{call.required} of {call.periods} {unit}"
        return f"regularly({step_text(call.steps[0])}, {periods})"
    if call.function == "sequence":
        return f"sequence({' THEN '.join(step_text(step) for step in call.steps)}{window})"
    asked = step_text(call.steps[0], call.property.name if call.property else None)
    return f"{call.function}({asked}{window})"


def text(node: Node) -> str:
    """The text of a condition or an operand; what is inside of another stands in parentheses."""
    parts = [f"({text(child)})" if child.op in INFIX else text(child) for child in node.children]
    match node.op:
        case "null":
            return "NULL"
        case "literal":
            return literal_text(node)
        case "column":
            return name_text(node.data.name)
        case "today" | "now":
            return f"{node.op}()"
        case "tag" | "segment" | "in_list":
            return f"{node.op}({quoted(node.data.name)})"
        case "consent":
            return f"consent({quoted(node.data.channel)}, {quoted(node.data.purpose)})"
        case "events":
            return call_text(node.data)
        case "coalesce":
            return f"COALESCE({', '.join(text(child) for child in node.children)})"
        case "negate":
            return f"-{parts[0]}" if node.children[0].op != "literal" else f"-({parts[0]})"
        case "and" | "or":
            return f" {node.op.upper()} ".join(parts)
        case "not":
            return f"NOT {parts[0]}"
        case "between":
            return f"{parts[0]}{_not(node)} BETWEEN {parts[1]} AND {parts[2]}"
        case "in":
            return f"{parts[0]}{_not(node)} IN ({', '.join(parts[1:])})"
        case "like" | "ilike":
            return f"{parts[0]}{_not(node)} {node.op.upper()} {_pattern(node)}"
        case "matches":
            return f"{parts[0]} ~ {quoted(node.data.pattern)}"
        case "is":
            return f"{parts[0]} IS {'NOT ' if node.data.negated else ''}{node.data.what}"
        case "distinct":
            return f"{parts[0]} IS {'NOT ' if node.data.negated else ''}DISTINCT FROM {parts[1]}"
    return f" {node.data} ".join(parts)


# A child that is one of these is put in parentheses.
INFIX = {
    "and", "or", "not", "between", "in", "like", "ilike", "matches", "is", "distinct", "compare",
    "arithmetic", "negate",
}  # fmt: skip


def _not(node: Node) -> str:
    return " NOT" if node.data.negated else ""


def _pattern(node: Node) -> str:
    escape = f" ESCAPE {quoted(node.data.escape)}" if node.data.escape else ""
    return quoted(node.data.pattern) + escape
