"""How long pull, read, check and roll-up take beside the floor: only reading the same files with python-calamine.

    .venv/bin/python benchmarks/pipeline.py                         # 500 workbooks of 200 rows
    .venv/bin/python benchmarks/pipeline.py --scale 10000,100000    # time per row

Each measure runs in a process of its own; times are processor seconds, so that others on the machine count little. openpyxl with pandera is measured on fewer
workbooks and scaled, and only if pandera is installed.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from sync.columns import TITLES
from sync.model import Column, Kind, Memory
from sync.organization import Cluster, Organization, Unit
from sync.plan import Plan
from sync.resources import default_config_dir

AS_OF = date(2025, 12, 5)
UNITS = 10
WORDS = [
    "ngày",
    "hội",
    "đọc",
    "sách",
    "trại",
    "măng",
    "non",
    "thi",
    "vẽ",
    "tranh",
    "rung",
    "chuông",
    "vàng",
    "kỹ",
    "năng",
    "an",
    "toàn",
    "giao",
    "thông",
    "trò",
    "chơi",
    "dân",
    "gian",
    "sân",
    "chơi",
    "khoa",
    "học",
    "vui",
]


def cluster_id(number: int) -> str:
    return f"cum-{number:04d}"


def make(folder: Path, workbooks: int, rows: int) -> None:
    for number in range(workbooks):
        make_one(folder, number, rows)


def make_one(folder: Path, number: int, rows: int, own_names: bool = False) -> None:
    book = xlsxwriter.Workbook(folder / f"{cluster_id(number)}.xlsx", {"strings_to_urls": False})
    sheet, day = book.add_worksheet("Hoạt động"), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, list(TITLES.values()))
    for index in range(rows):
        for column, value in enumerate(row_of(number, index, own_names=own_names)):
            if isinstance(value, datetime):
                sheet.write_datetime(index + 1, column, value, day)
            elif value != "":
                sheet.write(index + 1, column, value)
    book.close()


def row_of(number: int, index: int, units: int = UNITS, *, own_names: bool = False) -> list[object]:
    """Return a row, about one in thirty with a typical mistake, half of the dates typed.

    Names come from thirty words, so that many clusters seem to report one event; with ``own_names`` only each fiftieth cluster's do.
    """
    seed = number * 7919 + index * 104_729
    planned = datetime(2024 + index % 2, (1, 2, 3, 4, 5, 9, 10, 11)[index % 8], 1 + seed % 28)
    typed = f"{planned:%d/%m/%Y}" if seed % 2 else planned
    held = f"{planned.day}/{planned.month}/{planned.year}" if seed // 2 % 2 else planned
    name = " ".join(WORDS[(seed // 7**place) % len(WORDS)] for place in range(5)) + f" lần {seed % 9 + 1}"
    if own_names and number % 50:
        name += f" cụm {number}"
    values: dict[Column, object] = {
        Column.NUMBER: index + 1, Column.UNIT: f"Đoàn phường Số {number} Khu {index % units + 100}", Column.TARGET: seed % 8 + 1, Column.NAME: name,
        Column.PLANNED: typed, Column.PLACE: f"Trường tiểu học {seed % 500}", Column.REGISTERED_QUANTITY: "02 chương trình" if seed % 5 == 0 else 1,
        Column.DONE: held, Column.DONE_QUANTITY: 1, Column.CHILDREN: 50 + seed % 200, Column.BUDGET: "2 triệu" if seed % 3 == 0 else 2_000_000,
        Column.EVIDENCE: f"https://example.org/minh-chung/{number}/{index}", Column.STATUS: "Đã thực hiện", Column.NOTE: "" if seed % 4 else f"Ghi nhận lần {seed % 50}",
    }  # fmt: skip
    mistakes = {
        3: (Column.PLANNED, "30/02/2024"),
        33: (Column.DONE_QUANTITY, "mười"),
        63: (Column.UNIT, "Đoàn phường lạ"),
        93: (Column.EVIDENCE, ""),
        123: (Column.NOTE, "gọi 0903 123 456"),
    }
    if seed % 150 in mistakes:
        column, value = mistakes[seed % 150]
        values[column] = value
    return [values.get(column, "") for column in Column]


def district(workbooks: int, units: int = UNITS) -> tuple[Plan, Organization]:
    from sync.settings import load_settings

    owes = {Kind.REGISTRATION: ("dot-1", "dot-2"), Kind.RESULTS: ("dot-1", "dot-2")}
    clusters = tuple(
        Cluster(
            cluster_id(n),
            f"Cụm {n}",
            "C",
            tuple(Unit(f"dv-{n}-{u}", f"Đoàn phường Số {n} Khu {u + 100}", cluster_id(n)) for u in range(units)),
            owes,
        )
        for n in range(workbooks)
    )
    plan = load_settings(default_config_dir()).plan
    everyones = tuple(replace(target, allocations={}) for target in plan.targets)
    return replace(plan, targets=everyones), Organization("Quận", "Quận", clusters, ("Đoàn phường",), ())


def floor(folder: Path, workbooks: int) -> dict[str, float]:
    from python_calamine import CalamineWorkbook

    begin = time.process_time()
    for number in range(workbooks):
        with (folder / f"{cluster_id(number)}.xlsx").open("rb") as file:
            CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
    return {"total": time.process_time() - begin}


def pandas_alone(folder: Path, workbooks: int) -> dict[str, float]:
    import pandas as pd

    begin = time.process_time()
    for number in range(workbooks):
        pd.read_excel(folder / f"{cluster_id(number)}.xlsx", engine="calamine")
    return {"total": time.process_time() - begin}


def ours(folder: Path, workbooks: int) -> dict[str, float]:
    """Cluster by cluster, as a run does: a sheet is let go when it is judged."""
    from sync.check import Judged, check_cluster, with_double_counts
    from sync.edges.workbooks import Workbooks
    from sync.normalise import Reader
    from sync.personal import mask
    from sync.pull import Fetched, opened, pull_through
    from sync.rollup import roll_up
    from sync.rules import Judge

    gc.disable()  # As the program does.
    plan, organization = district(workbooks)
    times = dict.fromkeys(("pull", "normalise", "check", "roll up"), 0.0)
    begin = last = time.process_time()

    def lap(stage: str) -> None:
        nonlocal last
        now = time.process_time()
        times[stage] += now - last
        last = now

    home = Workbooks(folder, folder / "out", max_uncompressed_bytes=100_000_000, mask=mask)
    reader, judge = Reader(plan, organization), Judge(plan, organization, AS_OF)
    lap("normalise")

    def one(fetched: Fetched) -> Judged:
        sheet = opened(fetched)
        lap("pull")
        reading = reader.read(sheet, as_of=AS_OF)
        lap("normalise")
        judged = check_cluster(reading, judge, as_of=AS_OF).whole()
        lap("check")
        return judged

    judged = pull_through(one, [cluster.id for cluster in organization.clusters], home)
    lap("pull")
    clusters = with_double_counts(judged, organization)
    lap("check")
    progress = roll_up(clusters, plan=plan, organization=organization, memory=Memory(), year=2025, as_of=AS_OF)
    lap("roll up")
    assert sum(one.done for one in progress.targets) > 0
    return {**times, "total": time.process_time() - begin}


def pandera_way(folder: Path, workbooks: int) -> dict[str, float]:
    """What a team would write first: openpyxl rows into a frame, a pandera schema over typed columns, pandas to add up."""
    import openpyxl
    import pandas as pd
    import pandera.pandas as pa

    units = [f"Đoàn phường Số {n} Khu {u + 100}" for n in range(workbooks) for u in range(UNITS)]
    quantity = pa.Column(float, pa.Check.gt(0), nullable=True)
    schema = pa.DataFrameSchema(
        {
            "Đơn vị": pa.Column(str, pa.Check.isin(units), nullable=True), "Chỉ tiêu": pa.Column(float, pa.Check.isin(range(1, 9)), nullable=True),
            "Tên hoạt động": pa.Column(str, pa.Check.str_length(1), nullable=True), "Thời gian dự kiến": pa.Column("datetime64[ns]", nullable=False),
            "Ngày thực hiện": pa.Column("datetime64[ns]", pa.Check.le(pd.Timestamp(AS_OF)), nullable=False), "Số lượng đăng ký": quantity, "Số lượng thực hiện": quantity,
            "Minh chứng": pa.Column(str, pa.Check.str_matches(r"https?://"), nullable=False),
            "Ghi chú": pa.Column(object, pa.Check(lambda notes: ~notes.astype(str).str.contains(r"0\d{3} \d{3} \d{3}")), nullable=True),
        }
    )  # fmt: skip
    begin = time.process_time()
    frames = []
    for number in range(workbooks):
        rows = list(openpyxl.load_workbook(folder / f"{cluster_id(number)}.xlsx", read_only=True).active.iter_rows(values_only=True))
        frames.append(pd.DataFrame(rows[1:], columns=list(rows[0]), dtype=object))
    frame = pd.concat(frames, ignore_index=True)  # Judged at once: a schema for each workbook takes twice as long.
    for column in ("Thời gian dự kiến", "Ngày thực hiện"):
        frame[column] = pd.to_datetime(frame[column], dayfirst=True, errors="coerce", format="mixed").astype("datetime64[ns]")
    for column in ("Chỉ tiêu", "Số lượng đăng ký", "Số lượng thực hiện"):
        frame[column] = pd.to_numeric(frame[column].astype(str).str.extract(r"(\d+)")[0], errors="coerce").astype(float)
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        frame = frame.drop(index=errors.failure_cases["index"].dropna().astype(int).unique())
    frame.groupby(["Chỉ tiêu", "Đơn vị"])["Số lượng thực hiện"].sum()
    return {"total": time.process_time() - begin}


MEASURES: dict[str, Callable[[Path, int], dict[str, float]]] = {
    "floor": floor,
    "pandas": pandas_alone,
    "ours": ours,
    "pandera": pandera_way,
}


def median_of(name: str, folder: Path, workbooks: int, times: int) -> dict[str, float]:
    """Return the run whose total is the median of so many; nothing where it cannot run."""
    runs = sorted((one for _ in range(times) if (one := measured(name, folder, workbooks))), key=lambda one: one["total"])
    return runs[len(runs) // 2] if runs else {}


def measured(name: str, folder: Path, workbooks: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", name, "--folder", str(folder), "--workbooks", str(workbooks)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{name}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return {}
    return json.loads(done.stdout)


def compare(workbooks: int, rows: int, runs: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, workbooks, rows)
        bottom, pandas_, own = (median_of(one, folder, workbooks, runs) for one in ("floor", "pandas", "ours"))
        few = min(workbooks, 40)
        first = {key: value * (workbooks / few) for key, value in measured("pandera", folder, few).items()}
    print(f"{workbooks} workbooks of {rows} rows ({workbooks * rows:,} rows), one process; medians of runs: {runs}\n")
    print("| what | seconds | times the floor | peak memory |\n|---|---:|---:|---:|")
    labels = (("python-calamine alone (the floor)", bottom, "total"), ("pandas.read_excel over calamine, no check", pandas_, "total"), ("**donghanh: everything**", own, "total"),
              *((f"– {stage}", own, stage) for stage in ("pull", "normalise", "check", "roll up")), (f"openpyxl + pandera ({few} workbooks, scaled)", first, "total"))  # fmt: skip
    for label, taken, stage in labels:
        if taken:
            memory = f"{taken['memory'] / 1024:,.0f} MB" if stage == "total" and "scaled" not in label else ""
            print(f"| {label} | {taken[stage]:.2f} | {taken[stage] / bottom['total']:.1f} | {memory} |")


def scale(sizes: list[int], rows: int, times: int) -> None:
    stages = ("pull", "normalise", "check", "roll up")
    print(f"| rows | µs a row | {' | '.join(stages)} | peak memory |\n|---:|---:|---:|---:|---:|---:|---:|")
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            make(Path(name), size // rows, rows)
            taken = median_of("ours", Path(name), size // rows, times)
        told = " | ".join(f"{taken[stage] / size * 1e6:.1f}" for stage in ("total", *stages))
        print(f"| {size:,} | {told} | {taken['memory'] / 1024:,.0f} MB |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workbooks", type=int, default=500)
    parser.add_argument("--rows", type=int, default=200)
    parser.add_argument("--scale", help="numbers of rows, separated by commas")
    parser.add_argument("--times", type=int, default=1, help="medians of so many runs")
    parser.add_argument("--measure", choices=list(MEASURES), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        times = MEASURES[given.measure](given.folder, given.workbooks)
        print(json.dumps({**times, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))
    elif given.scale:
        scale([int(size) for size in given.scale.split(",")], given.rows, given.times)
    else:
        compare(given.workbooks, given.rows, given.times)


if __name__ == "__main__":
    main()
