"""What people do to their sheets: ordinary work, rows moved about, and now and then half a table lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.chaos.district import CLUSTERS, NOTE, OWN, TAB, TITLES, Cluster
from tests.chaos.plain import Line, grid_of, lines_of
from tests.google.state import Spreadsheet, Tab, new_spreadsheet

Json = dict[str, Any]
Edit = Callable[[str, list[Json]], None]
"""Changes a spreadsheet as a person in the browser does."""


class People:
    """The units' people: they know their own rows, and nothing of the program."""

    def __init__(self, lot: random.Random, today: date) -> None:
        self._lot, self.today, self._last = lot, today, 0

    def new_book(self, cluster: Cluster) -> Spreadsheet:
        """Return a cluster's spreadsheet as it was handed out; some have no columns of the program's yet, some a title above the header."""
        book = new_spreadsheet(f"id-{cluster.id}", f"Bảng {cluster.name}", tab=TAB)
        tab = book.tabs[0]
        titles = [title for title in TITLES if title not in OWN] if self._lot.random() < 0.4 else list(TITLES)
        top = self._lot.choice([0, 0, 2])
        if top:
            tab.put(0, 0, _text("BẢNG HOẠT ĐỘNG"))
        for column, title in enumerate(titles):
            tab.put(top, column, _text(title))
        for number in range(self._lot.randint(4, 7)):
            self._fill(tab, top + 1 + number, titles, self.row(cluster, number % 2))
        return book

    def row(self, cluster: Cluster, unit: int | None = None) -> dict[str, str | int]:
        """Return a new row: registered, done too, without a name, with a quantity in words, called off, or a result alone."""
        self._last += 1
        kind = self._lot.choice(["planned", "done", "done", "done", "nameless", "words", "off", "result"])
        planned = self.today + timedelta(self._lot.randint(-60, 60))
        held = self.today - timedelta(self._lot.randint(0, 40))
        found: dict[str, str | int] = {
            "Đơn vị": cluster.units[self._lot.randrange(2) if unit is None else unit], "Chỉ tiêu": str(cluster.target),
            "Tên hoạt động": f"Ngày hội số {self._last:04d}", "Địa điểm": "Trường", NOTE: f"r{self._last:04d}",
        }  # fmt: skip
        if kind != "result":
            found |= {"Thời gian dự kiến": _day(planned), "Số lượng đăng ký": self._lot.randint(1, 4)}
        if kind not in ("planned", "off"):
            found |= {"Ngày thực hiện": _day(held), "Số lượng thực hiện": "mười lăm x" if kind == "words" else self._lot.randint(1, 4)}
            found |= {"Minh chứng": f"https://example.org/{self._last}"}
        if kind == "nameless":
            del found["Tên hoạt động"]
        if kind == "off":
            found["Trạng thái"] = "Hủy"
        return found

    def work(self, look: Callable[[], Spreadsheet], edit: Edit, *, often: float = 1.0) -> list[str]:
        """Do a few ordinary things to one spreadsheet, looking at it before each; return what was done."""
        deeds = {
            "add": self._add, "write": self._write, "insert": self._insert, "delete": self._delete, "sort": self._sort, "move": self._move,
            "sort-their-columns": self._sort_theirs,
        }  # fmt: skip
        done = []
        for _ in range(self._lot.choice([0, 1, 1, 2, 3]) if often >= 1 else self._lot.choice([1, 1, 2])):
            name, book = self._lot.choice(list(deeds)), look()
            if changes := deeds[name](book):
                edit(book.id, changes)
                done.append(name)
        return done

    def lose(self, book: Spreadsheet, edit: Edit) -> None:
        """Delete a half or more of a table's rows at once."""
        lines = self._lines(book)
        gone = self._lot.sample(lines, k=max(len(lines) * 2 // 3, 1))
        edit(book.id, [_delete(self._tab(book), line.row) for line in sorted(gone, key=lambda one: -one.row)])

    def _tab(self, book: Spreadsheet) -> Tab:
        return next(tab for tab in book.tabs if tab.title == TAB)

    def _lines(self, book: Spreadsheet) -> list[Line]:
        return [line for line in lines_of(grid_of(self._tab(book))) if line.id]

    def _titles(self, book: Spreadsheet) -> tuple[int, list[str]]:
        """Return the header's row, from 0, and its titles."""
        grid = grid_of(self._tab(book))
        head = next(number for number, row in enumerate(grid) if "Đơn vị" in row)
        return head, [str(cell or "") for cell in grid[head]]

    def _fill(self, tab: Tab, row: int, titles: list[str], found: dict[str, str | int]) -> None:
        for column, title in enumerate(titles):
            if title in found:
                tab.put(row, column, _text(found[title]))

    def _cells(self, book: Spreadsheet, row: int, found: dict[str, str | int]) -> list[Json]:
        _, titles = self._titles(book)
        return [_write(self._tab(book), row, column, found[title]) for column, title in enumerate(titles) if title in found]

    def _cluster(self, book: Spreadsheet) -> Cluster:
        return next(one for one in CLUSTERS if f"id-{one.id}" == book.id)

    def _add(self, book: Spreadsheet) -> list[Json]:
        last = max((line.row for line in self._lines(book)), default=self._titles(book)[0] + 1)
        return self._cells(book, last + 1, self.row(self._cluster(book)))

    def _insert(self, book: Spreadsheet) -> list[Json]:
        lines = self._lines(book)
        at = self._lot.choice(lines).row if lines else self._titles(book)[0] + 2
        place = {"sheetId": self._tab(book).id, "dimension": "ROWS", "startIndex": at - 1, "endIndex": at}
        made: list[Json] = [{"insertDimension": {"range": place, "inheritFromBefore": False}}]
        return made if self._lot.random() < 0.3 else made + self._cells(book, at, self.row(self._cluster(book)))

    def _write(self, book: Spreadsheet) -> list[Json]:
        lines = self._lines(book)
        if not lines:
            return []
        line, fresh = self._lot.choice(lines), self.row(self._cluster(book))
        wanted = self._lot.choice([("Địa điểm",), ("Số lượng đăng ký",), ("Ngày thực hiện", "Số lượng thực hiện"), ("Tên hoạt động",)])
        return self._cells(book, line.row, {title: fresh[title] for title in wanted if title in fresh and fresh.get("Trạng thái") != "Hủy"})

    def _delete(self, book: Spreadsheet) -> list[Json]:
        lines = self._lines(book)
        return [_delete(self._tab(book), self._lot.choice(lines).row)] if len(lines) > 6 else []

    def _sort(self, book: Spreadsheet, titles: tuple[str, ...] = ()) -> list[Json]:
        lines, (head, columns) = self._lines(book), self._titles(book)
        if len(lines) < 2:
            return []
        first, end = 0, len(columns)
        if titles:
            first, end = columns.index(titles[0]), columns.index(titles[1]) + 1
        by = self._lot.choice(["Tên hoạt động", NOTE, "Đơn vị", "Thời gian dự kiến"])
        place = {
            "sheetId": self._tab(book).id, "startRowIndex": head + 1, "endRowIndex": max(line.row for line in lines), "startColumnIndex": first,
            "endColumnIndex": end,
        }  # fmt: skip
        order = {"dimensionIndex": columns.index(by), "sortOrder": self._lot.choice(["ASCENDING", "DESCENDING"])}
        return [{"sortRange": {"range": place, "sortSpecs": [order]}}]

    def _sort_theirs(self, book: Spreadsheet) -> list[Json]:
        """Sort the units' columns alone: codes and verdicts stay behind, at rows that are others now."""
        return self._sort(book, ("Đơn vị", NOTE))

    def _move(self, book: Spreadsheet) -> list[Json]:
        lines = self._lines(book)
        if len(lines) < 2:
            return []
        one, other = self._lot.sample(lines, k=2)
        source = {"sheetId": self._tab(book).id, "dimension": "ROWS", "startIndex": one.row - 1, "endIndex": one.row}
        return [{"moveDimension": {"source": source, "destinationIndex": other.row - 1 if other.row < one.row else other.row}}]


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _text(value: str | int) -> Json:
    return {"userEnteredValue": {"numberValue": value} if isinstance(value, int) else {"stringValue": value}}


def _write(tab: Tab, row: int, column: int, value: str | int) -> Json:
    start = {"sheetId": tab.id, "rowIndex": row - 1, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": [{"values": [_text(value)]}], "fields": "userEnteredValue"}}


def _delete(tab: Tab, row: int) -> Json:
    return {"deleteDimension": {"range": {"sheetId": tab.id, "dimension": "ROWS", "startIndex": row - 1, "endIndex": row}}}
