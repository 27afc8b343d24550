"""What holds after every run. Each breach is a sentence; none of this knows the program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from email.message import EmailMessage

from tests.chaos.child import Outcome
from tests.chaos.district import CLUSTERS, Cluster, due_days, letters_due
from tests.chaos.faults import Plan, State
from tests.chaos.plain import (
    Counted,
    Figures,
    Grid,
    Line,
    Master,
    Value,
    counted,
    figures,
    grids_of_file,
    lines_of,
    master_of,
    memory_of,
    peoples_of,
)
from tests.chaos.world import World

READ, OLD, NONE = "Đã đọc", "Dùng số liệu cũ", "Không đọc được"
LOSS, LEAST = 0.33, 3
"""The part of its counted rows that a cluster may not lose unseen, and of how many at least (the configuration's defaults)."""
_Told = tuple[int, str, Value, Value]
"""Row, id, registered and done as far as they count."""
WAITS = 3
"""Days that a letter waits for a cluster that was not read."""


@dataclass
class Good:
    """How a cluster was read for the last time, as far as the master says."""

    lines: list[Line]
    day: date


@dataclass
class Run:
    """One run, or two at once, and what was there before."""

    day: date
    plan: Plan
    first_tick: int
    before: Mapping[str, Grid] | None
    files: Mapping[str, str]
    letters: int
    lines: Mapping[str, list[Line]]
    """Cluster → its rows when the run began."""
    quiet: bool
    """Nothing goes wrong, nothing lasts, nothing is unsettled: the run has to end well."""
    last_tick: int = 0
    seconds: float = 0
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def finished(self) -> bool:
        """Whether a run came to its end."""
        return any(one.out.startswith("Số liệu đến") for one in self.outcomes)


@dataclass
class Ledger:
    """What was found after the runs so far."""

    runs: list[Run] = field(default_factory=list)
    good: dict[str, Good] = field(default_factory=dict)
    master: Master | None = None


def breaches(world: World, state: State, ledger: Ledger, run: Run) -> list[str]:
    """Return a sentence for each thing that does not hold after this run."""
    ledger.runs.append(run)
    found = [*world.breaches, *_of_process(run)]
    world.breaches = []
    if run.files != world.own_files():
        found.append("a workbook of people's was written to")
    grids = world.master()
    try:
        master = master_of(grids) if grids else None
    except (KeyError, IndexError, ValueError, StopIteration) as error:
        return [*found, f"the master is no whole state: {error!r}"]
    if ledger.master and not master:
        return [*found, "the master is gone"]
    if master is None:
        return [
            *found,
            *(["a run ended and left no master"] if run.finished else []),
            *(["mail without a master"] if world.letters() else []),
        ]
    found += _of_whole(master)
    matched, said = _matched(world, ledger, run, master)
    found += said
    if not said:
        found += _of_figures(master, matched)
        found += _of_loss(world, ledger, run, master, matched)
    found += _of_mail(world, master)
    found += _of_exit(world, grids, ledger, run, master)
    if run.finished:
        found += _of_due(world, run, master, matched)
        found += _of_feedback(world, run, master, matched)
    ledger.master = master
    ledger.good |= {cluster: one for cluster, one in matched.items() if one}
    return found


# The process


def _of_process(run: Run) -> Iterator[str]:
    may_be_killed = any("killed" in kind for kind in run.plan.kinds)
    for one in run.outcomes:
        if one.status == -1:
            yield "the run hangs"
        elif one.status is None:
            if not may_be_killed:
                yield "the run died by a signal"
        elif one.status not in (0, 1, 2) or "Traceback" in one.err:
            yield f"exit status {one.status}: {one.err.strip().splitlines()[-1:]}"


# The master is one whole state


def _of_whole(master: Master) -> Iterator[str]:
    if len(set(master.days.values())) != 1:
        yield f"the master's tabs are of different days: {master.days}"
    if master.runs[:1] != [master.day]:
        yield f"the master's figures are of {master.day}, its last run of {master.runs[:1]}"
    rows: Figures = {}
    for found in master.rows.values():
        for row in found:
            _add(rows, int(row["Chỉ tiêu số"] or 0), _of_row(row, master.day.year))
    clusters: Figures = {}
    for (_, target), both in master.by_cluster.items():
        _add(clusters, target, both)
    units: Figures = {}
    for (_, _, target), both in master.by_unit.items():
        _add(units, target, both)
    for name, sums in (("rows", rows), ("clusters", clusters), ("units", units)):
        if _plain(sums) != _plain(master.targets):
            yield f"the master's targets {_plain(master.targets)} are not the sum of its {name} {_plain(sums)}"


def _of_row(row: Mapping[str, Value], year: int) -> tuple[int, int]:
    planned, held = row["Dự kiến đến ngày"], row["Thực hiện đến ngày"]
    registered = int(row["Số lượng đăng ký"] or 0) if row["Tính đăng ký"] == "có" and _year(planned) == year else 0
    return registered, int(row["Số lượng thực hiện"] or 0) if row["Tính kết quả"] == "có" and _year(held) == year else 0


def _year(serial: Value) -> int:
    return (date(1899, 12, 30) + timedelta(days=int(serial or 0))).year


def _add(sums: Figures, target: int, both: tuple[int, int]) -> None:
    registered, done = sums.get(target, (0, 0))
    sums[target] = registered + both[0], done + both[1]


def _plain(sums: Figures) -> Figures:
    return {target: both for target, both in sorted(sums.items()) if both != (0, 0)}


# Every figure is right for the pull that it names


def _matched(world: World, ledger: Ledger, run: Run, master: Master) -> tuple[dict[str, Good | None], list[str]]:
    """Return the rows that each cluster's figures are of, and a sentence for each cluster whose rows nobody ever wrote so."""
    matched: dict[str, Good | None] = {}
    said = []
    for cluster in CLUSTERS:
        shown, rows = master.clusters[cluster.id], master.rows[cluster.id]
        matched[cluster.id] = None
        if shown.state == NONE:
            if cluster.id in ledger.good or rows:
                said.append(f"{cluster.id}: shown as never read, though it was read on {ledger.good[cluster.id].day}")
            continue
        if shown.day is None or (shown.state == READ and shown.day != master.day):
            said.append(f"{cluster.id}: {shown.state}, of {shown.day}, in a master of {master.day}")
            continue
        wanted = [_told(row) for row in rows]
        candidates = _candidates(world, ledger, cluster.id, shown.day)
        found = next((one for one in candidates if _rows_of(one, cluster, shown.day) == wanted), None)
        if found is None:
            said.append(
                f"{cluster.id}: its rows are not those of any moment of the runs of {shown.day}: {_difference(wanted, candidates, cluster, shown.day)}"
            )
        else:
            matched[cluster.id] = Good(found, shown.day)
    return matched, said


def _difference(wanted: list[_Told], candidates: list[list[Line]], cluster: Cluster, day: date) -> str:
    """Return what the latest rows are not, with what people wrote in them."""
    latest = candidates[0] if candidates else []
    people = {line.id: peoples_of(line) for line in latest}
    there = _rows_of(latest, cluster, day)
    return f"shown {set(wanted) - set(there)}, right {[(one, people[one[1]]) for one in there if one not in wanted]}"


def _candidates(world: World, ledger: Ledger, cluster: str, day: date) -> list[list[Line]]:
    """Return the cluster's rows at each moment of the runs of a day, the latest first."""
    found = []
    for run in ledger.runs:
        if run.day == day:
            lags = "Drive lags" in run.plan.kinds
            before = [one for one in world.seen[cluster] if one.tick <= run.first_tick]
            found += before if lags else before[-1:]
            found += [one for one in world.seen[cluster] if run.first_tick < one.tick <= run.last_tick]
    return [one.lines for one in reversed(found)]


def _told(row: Mapping[str, Value]) -> _Told:
    registered = row["Số lượng đăng ký"] if row["Tính đăng ký"] == "có" else None
    return int(row["Dòng"] or 0), str(row["Ghi chú"] or ""), registered, row["Số lượng thực hiện"] if row["Tính kết quả"] == "có" else None


def _rows_of(lines: list[Line], cluster: Cluster, day: date) -> list[_Told]:
    found = []
    for line in lines:
        if line.id:
            one = counted(line, cluster.id, day) or Counted(0, None, None)
            found.append((line.row, line.id, one.registered[0] if one.registered else None, one.done[0] if one.done else None))
    return found


def _of_figures(master: Master, matched: Mapping[str, Good | None]) -> Iterator[str]:
    for cluster in CLUSTERS:
        good = matched[cluster.id]
        wanted = figures(good.lines, cluster.id, good.day, master.day.year) if good else {}
        shown = _plain({target: both for (one, target), both in master.by_cluster.items() if one == cluster.id})
        if shown != _plain(wanted):
            yield f"{cluster.id}: its figures are {shown} instead of {_plain(wanted)}"


# Sudden loss


def _of_loss(world: World, ledger: Ledger, run: Run, master: Master, matched: Mapping[str, Good | None]) -> Iterator[str]:
    if master.day != run.day:
        return
    for cluster in CLUSTERS:
        last, now, shown = ledger.good.get(cluster.id), matched[cluster.id], master.clusters[cluster.id]
        if last is None or now is None:
            continue
        if shown.state == READ and cluster.id not in run.plan.extra and _is_loss(last, now, cluster.id):
            yield f"{cluster.id}: lost a third of its rows, and was believed"
        if shown.reason.startswith("Bảng mất"):
            seen = [Good(lines, run.day) for lines in _candidates(world, ledger, cluster.id, run.day)]
            if not any(_may_be_loss(last, one, cluster.id) for one in seen):
                yield f"{cluster.id}: held though less than a third of its rows went: {shown.reason}"


def _counting(good: Good, cluster: str) -> dict[str, tuple[Value, ...]]:
    return {line.id: peoples_of(line) for line in good.lines if line.id and counted(line, cluster, good.day)}


def _is_loss(last: Good, now: Good, cluster: str) -> bool:
    """Whether a third went for certain: no new row can be one of those that went."""
    before, here = _counting(last, cluster), _counting(now, cluster)
    gone = set(before) - set(here)
    return not set(here) - set(before) and len(before) >= LEAST and len(gone) >= LOSS * len(before)


def _may_be_loss(last: Good, now: Good, cluster: str) -> bool:
    """Whether a third may have gone: rows that were rewritten may be others."""
    before, here = _counting(last, cluster), _counting(now, cluster)
    gone = [one for one in before if before[one] != here.get(one)]
    return len(gone) >= LOSS * len(before)


# Mail


def key_of(letter: EmailMessage) -> str:
    """Return what tells a message from every other; a long one is folded, and begins with a blank then."""
    return str(letter["X-Donghanh-Key"]).strip()


def _of_mail(world: World, master: Master) -> Iterator[str]:
    letters = world.letters()
    for name in ("X-Donghanh-Key", "Message-ID"):
        for key, times in Counter(str(one[name]).strip() for one in letters).items():
            if times > 1:
                yield f"mailed {times} times: {key}"
    arrived = {key_of(one) for one in letters}
    yield from (f"arrived, and the master does not know of it: {key}" for key in arrived - set(master.mails))
    for key, mail in master.mails.items():
        if mail["state"] == "sent" and key not in arrived:
            yield f"noted as sent, and never arrived: {key}"
        if mail["state"] in ("refused", "rejected") and key in arrived and "settled" not in mail["detail"]:
            yield f"noted as {mail['state']}, and it arrived: {key}"


def _of_due(world: World, run: Run, master: Master, matched: Mapping[str, Good | None]) -> Iterator[str]:
    """Everything due is sent, or listed; a letter may wait some days for a cluster that was not read."""
    first = master.runs[-1]
    waits = any("đợi bảng của" in one.out for one in run.outcomes)
    for key, owed in letters_due(first, run.day).items():
        if key not in master.mails and not (waits and run.day < owed + timedelta(WAITS)):
            yield f"owed since {owed}, neither sent nor listed: {key}"
    for cluster in CLUSTERS:
        shown = master.clusters[cluster.id]
        key = f"mat-dong/{cluster.id}/{shown.day}/v1/{cluster.head}"
        if shown.reason.startswith("Bảng mất") and key not in master.mails:
            yield f"{cluster.head} was not told that rows went: {key}"
    for due, key in due_days(run.day):
        for begins, until in ((due - timedelta(30), due), (due + timedelta(1), due + timedelta(30))):
            if first < begins <= run.day <= until:
                yield from _unreminded(key, begins, master, matched)


def _unreminded(key: str, since: date, master: Master, matched: Mapping[str, Good | None]) -> Iterator[str]:
    """A head whose unit has no row at all was reminded since the stage began."""
    for cluster in CLUSTERS:
        good = matched[cluster.id]
        if good is None or {line["Đơn vị"] for line in good.lines if line.id and line["Tên hoạt động"]} >= set(cluster.units):
            continue
        reminded = [mail for one, mail in master.mails.items() if one.startswith(key) and one.endswith(f"/{cluster.head}")]
        if not any(date.fromisoformat(mail["day"]) >= since for mail in reminded):
            yield f"{cluster.head} owes something and was not reminded since {since}: {key}"


# The exit status tells the truth


def _of_exit(world: World, grids: Mapping[str, Grid] | None, ledger: Ledger, run: Run, master: Master) -> Iterator[str]:
    statuses = [one.status for one in run.outcomes]
    unread = [cluster for cluster, shown in master.clusters.items() if shown.state != READ]
    open_mails = list(_open(run, master))
    for one in run.outcomes:
        if one.status == 0 and not one.out.startswith("Số liệu đến"):
            yield "exit status 0, and nothing was said"
        if one.status == 0 and (unread or open_mails or master.day != run.day):
            yield f"exit status 0 with {unread or open_mails or master.day}"
        troubles = [words for words in ("không ghi được", "không gửi được thư") if words in one.out]
        if one.status == 0 and troubles:
            yield f"exit status 0, and the run says {troubles}"
        if one.status == 1 and not (one.err.strip() or unread or open_mails or troubles):
            yield "exit status 1, and nothing says why"
        if one.status == 2 and not run.plan.set_up_is_wrong:
            yield f"exit status 2, though the set-up is right: {one.err.strip()}"
    if statuses == [2] and (grids != run.before or len(world.letters()) != run.letters):
        yield "exit status 2, and something was changed"
    if run.plan.set_up_is_wrong and statuses in ([0], [1]):
        yield f"exit status {statuses[0]}, though nothing can be read: {run.outcomes[0].err.strip()}"
    held = all(shown.state == READ or shown.reason.startswith("Bảng mất") for shown in master.clusters.values())
    if run.quiet and statuses != [0] and not (statuses == [1] and unread and held):  # that it is held rightly is asked elsewhere
        yield f"nothing was wrong, and the exit status is {statuses}: {run.outcomes[0].err.strip()} {run.outcomes[0].out.strip()}"


def _open(run: Run, master: Master) -> Iterator[str]:
    """Yield the mails that a person has to know of: of unknown fate, turned away, or refused in this run."""
    known = {one["key"]: one for one in memory_of(run.before) if "subject" in one} if run.before else {}
    for key, mail in master.mails.items():
        if mail["state"] in ("unknown", "rejected", "claimed") or (mail["state"] == "refused" and mail != known.get(key)):
            yield f"{key}: {mail['state']}"


# Feedback lands on the right row, or not at all


def _of_feedback(world: World, run: Run, master: Master, matched: Mapping[str, Good | None]) -> Iterator[str]:
    for cluster in CLUSTERS:
        good = matched[cluster.id]
        if good is None or master.clusters[cluster.id].state != READ or good.day != run.day:
            continue
        unsaid = any("không ghi được" in one.out for one in run.outcomes) or len(run.outcomes) > 1
        if unsaid and not world.google:  # the copy that could not be written is the one of an earlier day, and the run said so
            continue
        lines = _feedback_lines(world, cluster)
        still = not any(run.first_tick < one.tick <= run.last_tick for one in world.seen[cluster.id])
        yield from (f"{cluster.id}: {one}" for one in _misplaced(world, run, cluster, lines, good, master, strict=still and not unsaid))


def _feedback_lines(world: World, cluster: Cluster) -> list[Line]:
    if world.google:
        return world.lines(cluster.id)
    path = world.folder / "out" / "phan-hoi" / f"{cluster.id}.xlsx"
    return lines_of(next(iter(grids_of_file(path).values()))) if path.exists() else []


def _by_id(lines: list[Line], others: list[Line]) -> list[tuple[Line, Line]]:
    known = {line.id: line for line in others if line.id}
    return [(line, known[line.id]) for line in lines if line.id in known]


def _same(pair: tuple[Line, Line]) -> bool:
    return peoples_of(pair[0]) == peoples_of(pair[1])


def _misplaced(world: World, run: Run, cluster: Cluster, lines: list[Line], good: Good, master: Master, *, strict: bool) -> Iterator[str]:
    """``strict``: people have not touched the table since it was read, and the program says that it told it: every row is told."""
    codes = {str(row["Ghi chú"]): row["Mã HĐ"] for row in master.rows[cluster.id]}
    read, before = {line.id: line for line in good.lines if line.id}, {line.id: line for line in run.lines[cluster.id] if line.id}
    last_write = max((one.tick for one in world.written[cluster.id]), default=0)
    left_behind = world.theirs.get(cluster.id, 0) > last_write
    for line in lines:
        if left_behind:
            break
        if not line.id:
            yield f"row {line.row} is empty, and is told {line.code} {line.verdict}"
            continue
        untouched = line.id in before and (before[line.id].code, before[line.id].verdict) == (line.code, line.verdict)
        known = line.id in read and _same((line, read[line.id]))
        if line.code not in (None, codes.get(line.id)) and not (untouched and not strict):
            yield f"row {line.row} ({line.id}) bears {line.code} instead of {codes.get(line.id)}"
        right = str(line.verdict or "").startswith("Đã tính") == bool(counted(line, cluster.id, run.day))
        if known and line.verdict and not right and not (untouched and not strict):
            yield f"row {line.row} ({line.id}) is told {line.verdict}"
        if strict and not (line.code and line.verdict):
            yield f"row {line.row} ({line.id}) is not told"
    twice = [code for code, times in Counter(line.code for line in lines if line.code).items() if times > 1]
    if twice and not left_behind and strict:
        yield f"codes stand twice: {twice}"


__all__ = ["Ledger", "Run", "breaches", "key_of"]
