"""ClickHouse's own Roaring bitmaps: a row per segment, its state made by groupBitmap."""

from __future__ import annotations

from pathlib import Path

from clickhouse_peer import ClickhousePeer
from work import SEGMENT_SHARES

S1, S2, S3, S4, S5, S6, S7, S8 = (
    f"(SELECT members FROM shop.bitmaps WHERE name = '{name}')" for name in SEGMENT_SHARES
)
QUERIES = {
    "intersect": f"bitmapAndCardinality(bitmapAnd({S1}, {S2}), {S3})",
    "union": f"bitmapOrCardinality(bitmapOr({S1}, {S2}), {S3})",
    "difference": f"bitmapAndnotCardinality(bitmapAndnot({S1}, {S2}), {S3})",
    "expression": (
        f"bitmapOrCardinality(bitmapOr(bitmapAndnot(bitmapAnd({S1}, {S4}), {S5}), "
        f"bitmapAndnot(bitmapAnd({S6}, {S7}), {S8})), bitmapAndnot({S2}, {S3}))"
    ),
}


class ClickhouseBitmapPeer(ClickhousePeer):
    def load(self, group: str, folder: Path) -> None:
        super().load(group, folder)
        self.session.query(
            "CREATE TABLE shop.bitmaps (name String, members AggregateFunction(groupBitmap, "
            "UInt32)) ENGINE = Memory"
        )
        for name in SEGMENT_SHARES:
            self.session.query(
                f"INSERT INTO shop.bitmaps SELECT '{name}', groupBitmapState(contact) "
                f"FROM shop.segments WHERE {name}"
            )
        self.session.query("DROP TABLE shop.segments")

    def count(self, task: str) -> int:
        return int(self.rows(f"SELECT {QUERIES[task]}")[0][0])


def make(_name: str, threads: int) -> ClickhouseBitmapPeer:
    return ClickhouseBitmapPeer(threads)
