"""What the templates of a reminder see: finished strings. Personal data masked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnitOwing:
    """One unit that has not handed in."""

    name: str
    detail: str
    """What is known of it: `đã đăng ký 02 hoạt động, chưa ghi kết quả (dòng 5, 9)`; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class CellOwing:
    """One cell that keeps a row, or half of it, out of the figures."""

    cell: str
    what: str


@dataclass(frozen=True, slots=True)
class ClusterOwing:
    """What one cluster still owes for one due day."""

    name: str
    place: str
    """The spreadsheet, for people: an address or a file's name."""
    address: str
    """The same where it can be opened by a link, else empty."""
    handed_in: str
    """`Đã có 06/10 đơn vị.`"""
    units: tuple[UnitOwing, ...]
    cells: tuple[CellOwing, ...]
    more: str
    """How many cells are not listed and where they are; empty where all are."""
    unread: str
    """Why the table was not read, and of which day the rows are that stand in; empty where it was read."""


@dataclass(frozen=True, slots=True)
class ReminderView:
    """Everything that a template of a reminder may use."""

    title: str
    """`Báo cáo kết quả đợt 2 năm 2025: còn 07 ngày`."""
    greeting: str
    opening: str
    clusters: tuple[ClusterOwing, ...]
    closing: str
    trace: str
