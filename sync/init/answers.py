"""What has to be known to write a configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Committee:
    """Who makes the plan, as letterhead, running text and signature name it."""

    name: str
    place: str
    district: str
    """How running text names the committee's union."""
    issuing_body: str
    superior_body: str
    signing_title: str


@dataclass(frozen=True, slots=True)
class Span:
    """When the plan holds."""

    first_year: int
    last_year: int
    in_force: date
    """Nothing due before this day is held against anyone."""

    @property
    def years(self) -> range:
        """Every year of the plan."""
        return range(self.first_year, self.last_year + 1)


@dataclass(frozen=True, slots=True)
class RoundAnswer:
    """One round of a year; due days are day/month."""

    name: str
    first_month: int
    last_month: int
    registration_due: str
    results_due: str


@dataclass(frozen=True, slots=True)
class ClusterAnswer:
    """One cluster: its units and who heads it."""

    name: str
    head: str
    email: str
    """Empty where nobody is to be reminded."""
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TargetAnswer:
    """One yearly target."""

    name: str
    goal: int
    measure: str
    carriers: Mapping[int, int]
    """Position of a cluster (from 0) → its part of the goal; what is left over is everyone's."""


@dataclass(frozen=True, slots=True)
class Person:
    """A name with a mail address."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class MailAnswer:
    """Who writes, who gets the reports, and by which server (empty: messages are put into a folder)."""

    sender: Person
    recipients: tuple[Person, ...]
    host: str = ""
    port: int = 587


@dataclass(frozen=True, slots=True)
class GoogleAnswer:
    """The addresses of spreadsheets that are known so far; position of a cluster (from 0) → address."""

    master: str
    spreadsheets: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Answers:
    """All of it."""

    committee: Committee
    plan: str
    span: Span
    rounds: tuple[RoundAnswer, ...]
    clusters: tuple[ClusterAnswer, ...]
    targets: tuple[TargetAnswer, ...]
    mail: MailAnswer
    workbooks: str
    google: GoogleAnswer | None
    """`None`: a folder of workbooks."""
