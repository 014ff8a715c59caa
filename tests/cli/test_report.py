"""The report is one page that stands alone, says what the data say, and cannot be injected into."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import shop
from processes import Run

VOID = {"meta", "br", "hr", "img", "input", "link", "line", "rect", "path"}


class Page(HTMLParser):
    """Checks that tags close in order; keeps tags, attributes and text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.values: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.values += [value or "" for _, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.values += [value or "" for _, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def parsed(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    assert page.open == []
    return page


@pytest.fixture
def page(run: Run, orders: Path, tmp_path: Path) -> Page:
    done = run("rfm", "--orders", orders, "--as-of", shop.AS_OF, "--compare-as-of", "2025-12-31",
               "--currency", "EUR", "--report", "page.html", "--summary")  # fmt: skip
    assert done.returncode == 0, done.stderr
    return parsed(tmp_path / "page.html")


def test_page_stands_alone(page: Page, tmp_path: Path) -> None:
    source = (tmp_path / "page.html").read_text(encoding="utf-8")
    for outside in ("http:", "https:", "//", "@import", "url(", "<script", "<link", "<img"):
        assert outside not in source
    assert source.startswith("<!doctype html>")
    assert '<meta charset="utf-8">' in source
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)


def test_page_can_be_read_without_its_colours(page: Page, tmp_path: Path) -> None:
    source = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in source
    assert page.tags.count("h1") == 1
    for svg in re.findall(r"<svg.*?</svg>", source, re.S):
        assert 'role="img"' in svg
        assert "<title>" in svg
    # Every chart has its numbers in a table.
    assert source.count("<svg") <= source.count("<summary>As a table</summary>")
    for table in re.findall(r"<table.*?</table>", source, re.S):
        assert "<th scope=" in table


def test_page_has_the_numbers(page: Page) -> None:
    text = page.text
    assert "4 customers by how recently" in text
    assert "157.49 EUR" in text
    assert "120.50" in text
    for heading in ("Classes", "Who moved since 2025-12-31", "How the tiers meet",
                    "Where the tiers begin", "How much hangs on how few", "Revenue by month",
                    "The data behind this page"):  # fmt: skip
        assert heading in text
    assert "Without a customer 1 (11.1%), left out" in text
    assert "2025-06" in text


def test_page_names_collapsed_tiers_and_what_cannot_be_reached(page: Page) -> None:
    assert "Read with care" in page.text


def test_text_of_others_is_escaped(run: Run, tmp_path: Path) -> None:
    name = "<script>alert('x')&amp;\".csv"
    (tmp_path / name).write_text(shop.ORDERS, encoding="utf-8")
    done = run("rfm", "--orders", name, "--as-of", shop.AS_OF, "--report", "page.html", "--summary")
    assert done.returncode == 0, done.stderr
    page = parsed(tmp_path / "page.html")
    assert "script" not in page.tags
    assert name in page.text


def test_same_run_gives_the_same_page_but_for_the_clock(
    run: Run, orders: Path, tmp_path: Path
) -> None:
    pages = []
    for threads in ("1", "7"):
        run("rfm", "--orders", orders, "--as-of", shop.AS_OF, "--report", "page.html", "--summary",
            "--threads", threads)  # fmt: skip
        source = (tmp_path / "page.html").read_text(encoding="utf-8")
        pages.append(re.sub(r"on \d{4}-\d\d-\d\dT\d\d:\d\dZ", "on TIME", source))
    assert "on TIME" in pages[0]
    assert pages[0] == pages[1]


def test_mean_has_no_pareto_curve(run: Run, orders: Path, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(shop.MODEL + "monetary: mean\n")
    done = run("rfm", "--orders", orders, "--as-of", shop.AS_OF, "--model", "m.yaml", "--report",
               "page.html")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "How much hangs" not in parsed(tmp_path / "page.html").text


def test_no_customers_still_gives_a_page(run: Run, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("contact,time,amount\n")
    done = run("rfm", "--orders", "orders.csv", "--as-of", shop.AS_OF, "--report", "page.html",
               "--summary")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "0 customers" in parsed(tmp_path / "page.html").text
