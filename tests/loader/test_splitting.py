"""Records are cut in two ways that must agree: one for nearly all text, one for odd quotes."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from loader_library import Loader

# Letters between a closing quote and the end of a field: the whole slice goes the other way.
STRANGE = '"strange"r,2011-01-01,1,x\n'
FIELDS = ["a", "", "2011-01-01", "12.5", "-3", '"b,c"', '"d\n"', '""', '"e""f"', 'g"h', "\u017c",
          "2011-01-01T10:00:00Z", "x" * 40, "ten"]  # fmt: skip
ENDS = ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n"]
ROUNDS = 300


def record(rng: random.Random) -> str:
    if rng.random() < 0.5:
        fields = [rng.choice(["a", "b", '"c"']), "2011-01-01", "1.5", rng.choice(FIELDS)]
    else:
        fields = [rng.choice(FIELDS) for _ in range(rng.choice([1, 3, 4, 4, 4, 5]))]
    return ",".join(fields) + rng.choice(ENDS)


def test_both_ways_of_cutting_agree(loader: Loader, csv: Callable[..., Path]) -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    for _ in range(ROUNDS):
        text = "contact,time,amount,order\n" + "".join(
            record(rng) for _ in range(rng.randrange(1, 30))
        )
        usual = loader.orders(csv(text), category="order")
        other = loader.orders(csv(text + STRANGE), category="order")
        rows = other.table.slice(0, other.table.num_rows - 1)
        assert rows.to_pydict() == usual.table.to_pydict(), text
        assert other.rejects == usual.rejects, text
        assert other.records == usual.records + 1, text
        assert other.column("contact")[-1] == "stranger", text


def test_a_slice_may_end_anywhere(loader: Loader, csv: Callable[..., Path]) -> None:
    # More rows than a batch holds, so that the text is cut between records more than once.
    lines = [f"c{i % 7},2011-01-01,{i}.25,o{i}\n" for i in range(150_000)]
    lines[70_000] = "short,2011-01-01\n"
    plain = loader.orders(csv("contact,time,amount,order\n" + "".join(lines)))
    quoted = [line.replace("c", '"c', 1).replace(",", '",', 1) for line in lines]
    assert quoted[0].startswith('"c0",')
    second = loader.orders(csv("contact,time,amount,order\n" + "".join(quoted), "quoted.csv"))
    assert plain.table.equals(second.table)
    assert plain.reasons == [(70_002, "column_count", "2 fields, expected 4")]
    assert plain.records == 150_000
