"""`quintile load` and `quintile query` on a generated shop: counts and ids as SQL has them.

QUINTILE_SEGMENT_SEED sets the seed.
"""

from __future__ import annotations

import csv
import io
import os
import subprocess
from pathlib import Path
from random import Random, SystemRandom

import duckdb
import numpy as np
from comparison import TRUE, UNKNOWN, truths_by_duckdb
from expression_tree import Node
from program import binary
from quintile_text import text
from random_tree import drawer_of
from shop_world import generate, shop_world
from sql_text import Clock
from world_tables import load_duckdb

SEED = int(os.environ.get("QUINTILE_SEGMENT_SEED") or SystemRandom().randrange(1 << 30))
CONDITIONS = 25
AS_OF = "2025-10-26"


def quintile(*arguments: str | Path) -> list[dict[str, str]]:
    done = subprocess.run(
        [binary(), *arguments], check=False, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"{arguments}: {done.stderr}"
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_program(tmp_path: Path) -> None:
    random = Random(SEED)
    shop, store = tmp_path / "shop", tmp_path / "store"
    # Without visitors, who would be contacts of the store that the world does not know.
    generate(shop, 800, SEED % 1000, "--events", "off")
    quintile("load", "--config", shop / "quintile.yaml", "--store", store)
    world = shop_world(shop, "UTC", AS_OF)
    # A file's missing list is an empty one.
    world.values["tags"] = [tags or [] for tags in world.values["tags"]]
    with duckdb.connect(config={"threads": 1}) as connection:
        load_duckdb(connection, world)
        drawer = drawer_of(random, world)

        def check(condition: Node) -> None:
            truths = truths_by_duckdb(connection, Clock(world.as_of, world.day), condition)
            said = f"QUINTILE_SEGMENT_SEED={SEED}\n{text(condition)}"
            asked = ("query", "--store", store, "--as-of", AS_OF, "--format", "csv")
            counts = quintile(*asked, text(condition))[0]
            expected = [np.count_nonzero(truths == truth) for truth in (TRUE, UNKNOWN)]
            assert [int(counts["count"]), int(counts["unknown"])] == expected, said
            ids = {row["contact"] for row in quintile(*asked, "--ids", text(condition))}
            assert ids == {world.contacts[i] for i in np.flatnonzero(truths == TRUE)}, said

        for _ in range(CONDITIONS):
            check(drawer.condition(random.choice((0, 1, 2))))
