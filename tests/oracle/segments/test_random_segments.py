"""Property test: random conditions over random contacts, events and orders, equal to SQL.

QUINTILE_SEGMENT_CASES sets how many conditions are drawn, QUINTILE_SEGMENT_SEED the seed of the
first world. A failure prints the seed of its world, the condition made small, and who differs.
"""

from __future__ import annotations

import os
from random import Random, SystemRandom

import pytest
from comparison import check_segments, report, sides_of
from presets import PRESETS
from random_tree import draw_segments, drawer_of
from random_world import draw_world
from world_model import add_model, class_segments

CASES = int(os.environ.get("QUINTILE_SEGMENT_CASES", "1500"))
SEED = int(os.environ.get("QUINTILE_SEGMENT_SEED") or SystemRandom().randrange(1 << 30))
PER_WORLD = 50
WORLDS = max(1, CASES // PER_WORLD)


def check(seed: int, contacts: int | None = None) -> None:
    random = Random(seed)
    world = draw_world(seed, contacts)
    if world.lines is not None and len(world.lines):
        add_model(world, random.choice(PRESETS))
    draw_segments(random, world, class_segments(world))
    with sides_of(world, seed) as sides:
        check_segments(sides, world)
        drawer = drawer_of(random, world, class_segments(world))
        for _ in range(PER_WORLD):
            condition = drawer.condition(random.choice((0, 1, 2, 3)))
            if sides.difference(condition):
                again = f"QUINTILE_SEGMENT_SEED={seed} QUINTILE_SEGMENT_CASES={PER_WORLD}"
                pytest.fail(report(sides, condition, again), pytrace=False)


@pytest.mark.parametrize("seed", range(SEED, SEED + WORLDS))
def test_random_conditions(seed: int) -> None:
    check(seed)


def test_more_contacts_than_a_block_holds() -> None:
    check(SEED, contacts=65_536 + 3_000)
