"""The real order files of shared/data, read as text."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from pathlib import Path

from order_lines import OrderLines


@dataclass(frozen=True)
class RealFile:
    path: str
    columns: dict[str, str]  # role or property -> column of the file
    properties: tuple[str, ...] = ()

    def map_option(self) -> str:
        return ",".join(
            f"{role}={column}"
            for role, column in self.columns.items()
            if role not in self.properties or role in ("product", "category")
        )

    def read(self, folder: Path, zone: str = "UTC") -> OrderLines:
        raw = (folder / self.path).read_bytes()
        text = gzip.decompress(raw) if self.path.endswith(".gz") else raw
        reader = csv.reader(io.StringIO(text.decode()))
        header = next(reader)
        at = [header.index(column) for column in self.columns.values()]
        rows = zip(*([row[i] for i in at] for row in reader), strict=True)
        columns = {
            role: [value or None for value in values]
            for role, values in zip(self.columns, rows, strict=True)
        }
        return OrderLines(columns, zone, properties=self.properties)


ONLINE_RETAIL = RealFile(
    "online_retail/online_retail_2010_2011.csv.gz",
    {
        "contact": "CustomerID",
        "time": "InvoiceDate",
        "order": "Invoice",
        "quantity": "Quantity",
        "price": "Price",
        "product": "StockCode",
        "Country": "Country",
    },
    ("product", "Country"),
)
CDNOW = RealFile(
    "cdnow_sample/cdnow_sample.csv",
    {"contact": "customer_id", "time": "date", "amount": "amount", "cds": "cds"},
    ("cds",),
)
COMPLETE_JOURNEY = RealFile(
    "complete_journey/transactions_sample.csv.gz",
    {
        "contact": "household_id",
        "time": "transaction_timestamp",
        "order": "basket_id",
        "amount": "sales_value",
        "product": "product_id",
        "store_id": "store_id",
    },
    ("product", "store_id"),
)
