"""A city over twenty districts: the configuration of config/examples/thanh-pho, and districts' workbooks with typical mistakes.

    .venv/bin/python -m tests.city FOLDER

writes the configuration's organization.yaml anew and lays the districts' masters out in the folder, ready for
`donghanh run --config config/examples/thanh-pho --workbooks FOLDER`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from sync.columns import TITLES
from sync.district import District, master_of
from sync.edges.workbooks import MASTER, Workbooks
from sync.organization import Cluster, Organization, Unit
from sync.personal import mask
from sync.resources import default_config_dir
from sync.run import district_now
from sync.settings import load_settings
from sync.settings_values import Settings
from sync.text import fold

EXAMPLE = default_config_dir() / "examples" / "thanh-pho"
AS_OF = date(2025, 12, 5)
_NUMBERED = ("1", "2", "3")
DISTRICTS: dict[str, tuple[str, ...]] = {
    "Quận 1": ("Bến Nghé", "Bến Thành", "Đa Kao"), "Quận 3": _NUMBERED, "Quận 4": _NUMBERED, "Quận 5": _NUMBERED, "Quận 6": _NUMBERED,
    "Quận 7": ("Tân Phong", "Tân Quy", "Phú Mỹ"), "Quận 8": _NUMBERED, "Quận 10": _NUMBERED, "Quận 11": _NUMBERED,
    "Quận 12": ("An Phú Đông", "Thạnh Lộc", "Hiệp Thành"), "Bình Tân": ("An Lạc", "An Lạc A", "Bình Hưng Hòa"), "Bình Thạnh": _NUMBERED,
    "Gò Vấp": _NUMBERED, "Phú Nhuận": _NUMBERED, "Tân Bình": _NUMBERED, "Tân Phú": ("Hòa Thạnh", "Phú Thạnh", "Tân Quý"),
    "Thủ Đức": ("An Khánh", "Hiệp Bình Chánh", "Linh Trung"), "Bình Chánh": ("Bình Hưng", "Vĩnh Lộc A", "Tân Kiên"),
    "Củ Chi": ("Phước Thạnh", "Tân Thông Hội", "Nhuận Đức"), "Hóc Môn": ("Bà Điểm", "Xuân Thới Sơn", "Tân Hiệp"),
}  # fmt: skip
"""District → three of its wards or communes; many are called alike, so that only the district tells them apart."""
_PREFIXES = "ABCDEFGHIKLMNOPQRSTU"


def identifier(name: str) -> str:
    """Return the id of a district or ward: `Quận 1` → `quan-1`."""
    return fold(name).replace(" ", "-")


def ward_name(ward: str) -> str:
    """Return the ward's union as its district writes it."""
    return f"Đoàn phường {ward}"


def organization_yaml() -> str:
    """Return the example's organization.yaml."""
    lines = [
        "# The city: its districts, each with its master spreadsheet, and the wards that stand in them. Made by `python -m tests.city`.",
        "name: Thành Đoàn", "place: Thành phố", "words_before_name: [Đoàn phường, Phường, P.]", "clusters:",
    ]  # fmt: skip
    for letter, (district, wards) in zip(_PREFIXES, DISTRICTS.items(), strict=True):
        one = identifier(district)
        lines += [f"  - id: {one}", f"    name: {district}", f"    code_prefix: Q{letter}", "    reads: master", "    units:"]
        lines += [f"      - {{id: {one}-{identifier(ward)}, name: {ward_name(ward)}}}" for ward in wards]
    return "\n".join(lines) + "\n"


def city() -> Settings:
    """Return the example's settings."""
    return load_settings(EXAMPLE)


def district_settings(settings: Settings, district: Cluster) -> Settings:
    """Return what one district's own configuration would be: its wards share one spreadsheet, under ids of its own."""
    units = tuple(Unit(unit.id.removeprefix(f"{district.id}-"), unit.name, "dia-ban") for unit in district.units)
    own = Cluster("dia-ban", "Khu vực địa bàn", "DB", units, dict(district.owes))
    targets = tuple(replace(one, goal=3, allocations={"dia-ban": 3}) for one in settings.plan.targets)
    organization = Organization(district.name, district.name, (own,), settings.organization.words_before_name, ())
    return replace(settings, organization=organization, plan=replace(settings.plan, targets=targets), google=None)


def _rows(number: int, wards: tuple[str, ...]) -> Iterable[tuple[object, ...]]:
    """Yield the rows of one district, some of them wrong; how many and what differs from district to district."""
    for index in range(4 + number % 5):
        ward, day = wards[index % len(wards)], date(2025, 1 + (number + index) % 11, 3 + index)
        name = f"Ngày hội {index} của {ward} năm nay" if index % 4 else f"Trao tặng tủ sách lần {index}"
        quantity, done = 1 + (number + index) % 3, index % 3 != 2
        planned: object = day if index % 2 else f"{day:%d/%m/%Y} - {day.replace(day=day.day + 2):%d/%m/%Y}"
        yield (
            ward_name(ward),
            1 + index % 2,
            name,
            planned,
            quantity,
            day if done else "",
            quantity if done else "",
            "Đăng ký" if not done else "",
        )
    yield ward_name(wards[0]), 1, "Ngày không có thật", "30/02/2025", 2, "", "", ""
    yield "Đoàn phường Không Có", 2, "Đơn vị lạ", date(2025, 4, 1), 5, date(2025, 4, 1), 5, ""
    yield ward_name(wards[1]), 2, "Chưa tới ngày", date(2025, 12, 20), 1, date(2025, 12, 20), 1, ""
    yield ward_name(wards[2]), 1, "Đã hủy", date(2025, 5, 5), 4, "", "", "Hủy"


def lay_out_district(folder: Path, number: int, wards: tuple[str, ...]) -> None:
    """Write the spreadsheet that the district's wards fill in."""
    folder.mkdir(parents=True, exist_ok=True)
    titles = [title for column, title in TITLES.items() if column in _WRITTEN]
    with xlsxwriter.Workbook(folder / "dia-ban.xlsx") as book:
        day, tab = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_worksheet("Hoạt động")
        for row, cells in enumerate([titles, *_rows(number, wards)]):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    tab.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)
                else:
                    tab.write(row, column, cell)


_WRITTEN = ("unit", "target", "name", "planned", "registered_quantity", "done", "done_quantity", "status")


def district_run(settings: Settings, district: Cluster, folder: Path, as_of: date) -> District:
    """Run a district's pipeline over its workbook, up to its figures."""
    number = list(DISTRICTS).index(district.name)
    lay_out_district(folder / district.id, number, DISTRICTS[district.name])
    home = Workbooks(folder / district.id, folder / district.id / "ket-qua", max_uncompressed_bytes=10**8, mask=mask)
    return district_now(home, district_settings(settings, district), as_of=as_of)


def write_master(run: District, folder: Path, district: str) -> None:
    """Lay a district's master where the city looks for it."""
    out = folder.parent / "quan" / district / "ket-qua"
    Workbooks(out, out, max_uncompressed_bytes=10**8, mask=mask).write_master(master_of(run))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{district}.xlsx").write_bytes((out / MASTER).read_bytes())


def main(folder: Path) -> None:
    """Write the example's organization.yaml, and every district's master into the folder."""
    (EXAMPLE / "organization.yaml").write_text(organization_yaml(), encoding="utf-8")
    settings = city()
    for district in settings.organization.clusters:
        write_master(district_run(settings, district, folder.parent / "quan", AS_OF), folder, district.id)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
