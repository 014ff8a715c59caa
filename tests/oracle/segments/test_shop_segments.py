"""Random conditions over a generated shop and its RFM classes, equal to SQL.

QUINTILE_SEGMENT_SHOP_CASES sets how many, QUINTILE_SEGMENT_SEED the seed.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random, SystemRandom

import pytest
from comparison import check_segments, report, sides_of
from presets import PRESETS
from random_tree import draw_segments, drawer_of
from shop_world import generate, shop_world
from world_model import add_model, class_segments

CASES = int(os.environ.get("QUINTILE_SEGMENT_SHOP_CASES", "250"))
SEED = int(os.environ.get("QUINTILE_SEGMENT_SEED") or SystemRandom().randrange(1 << 30))
CONTACTS = 1500


@pytest.mark.parametrize(
    ("zone", "as_of"), [("UTC", "2025-12-31"), ("Europe/Warsaw", "2025-03-30 12:00:00")]
)
def test_generated_shop(tmp_path: Path, zone: str, as_of: str) -> None:
    random = Random(f"{SEED} {zone}")
    generate(tmp_path / "shop", CONTACTS, SEED % 1000)
    world = shop_world(tmp_path / "shop", zone, as_of)
    add_model(world, PRESETS[0])
    draw_segments(random, world, class_segments(world))
    with sides_of(world, SEED) as sides:
        check_segments(sides, world)
        drawer = drawer_of(random, world, class_segments(world))
        for _ in range(CASES // 2):
            condition = drawer.condition(random.choice((0, 1, 2, 3)))
            if sides.difference(condition):
                again = f"QUINTILE_SEGMENT_SEED={SEED} QUINTILE_SEGMENT_SHOP_CASES={CASES}"
                pytest.fail(report(sides, condition, again), pytrace=False)
