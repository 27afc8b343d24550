"""What the head of a cluster, and whoever runs the program, are told of rows that went all at once. Personal data is masked already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sync.model import Activity, ClusterData
from sync.organization import Head, Organization
from sync.prose import count, day

ROWS = 30
"""So many rows are named in a mail; the others are counted."""


@dataclass(frozen=True, slots=True)
class LossView:
    """Everything that the template of this mail may use: finished strings."""

    title: str
    greeting: str
    opening: str
    place: str
    """The spreadsheet, for people: an address or a file's name."""
    address: str
    """The same where it can be opened by a link, else empty."""
    rows: tuple[str, ...]
    more: str
    """How many rows are not named; empty where all are."""
    advice: tuple[str, ...]
    trace: str


def loss_key(data: ClusterData) -> str:
    """Return what tells this loss from every other: the cluster, and the day of the state that it is held at."""
    return f"mat-dong/{data.cluster}/{data.data_as_of}"


def loss_view(data: ClusterData, head: Head, organization: Organization, place: str, version: str) -> LossView:
    """Return what the head is told of the rows that went; ``place`` is where the spreadsheet lies."""
    name = organization.cluster(data.cluster).name
    in_google = place.startswith("https://")
    back = "mở “Tệp → Nhật ký phiên bản” của bảng và khôi phục bản trước đó" if in_google else "mở lại bản lưu trước đó của tệp"
    return LossView(
        title=f"Bảng của {name} mất {count(len(data.lost))} hoạt động",
        greeting=f"Kính gửi đồng chí {head.name}, phụ trách {name},",
        opening=f"So với lần đọc ngày {_since(data)}, bảng không còn {_part(data)} hoạt động đã được tính. Các dòng không còn thấy (số dòng của lần đọc đó):",
        place=place,
        address=place if in_google else "",
        rows=tuple(_row(one, organization) for one in data.lost[:ROWS]),
        more=f"và {count(len(data.lost) - ROWS)} dòng nữa." if len(data.lost) > ROWS else "",
        advice=(
            f"Nếu mất do nhầm (sắp xếp một phần bảng, xóa trang tính, dán đè), đồng chí {back}; lần chạy sau sẽ tự đọc lại.",
            "Nếu các hoạt động này đúng là đã bỏ, đồng chí báo cho Quận Đoàn để xác nhận.",
            "Từ nay đến lúc đó, tổng hợp và báo cáo dùng số liệu cũ của bảng.",
        ),
        trace=f"Thư tự động của donghanh {version}, gửi một lần cho mỗi lần mất dòng.",
    )


def loss_lines(clusters: Sequence[ClusterData], organization: Organization) -> Iterator[str]:
    """Yield a line for each cluster that is held: which rows went, and the command that lets it through."""
    for data in clusters:
        if data.lost:
            rows = "; ".join(_row(one, organization) for one in data.lost[:ROWS])
            others = f"; và {count(len(data.lost) - ROWS)} dòng nữa" if len(data.lost) > ROWS else ""
            name = organization.cluster(data.cluster).name
            yield f"{name} mất {_part(data)} hoạt động so với ngày {_since(data)}: {rows}{others}. Nếu đúng: donghanh run --accept-loss {data.cluster}"


def _since(data: ClusterData) -> str:
    return day(data.data_as_of) if data.data_as_of else "trước"


def _part(data: ClusterData) -> str:
    counted = sum(one.counts_as_registered or one.counts_as_done for one in data.activities)
    return f"{count(len(data.lost))} trong {count(counted)}"


def _row(one: Activity, organization: Organization) -> str:
    unit = f" ({organization.unit(one.unit).name})" if one.unit else ""
    return f"dòng {one.row} «{one.name or 'không tên'}»{unit}"
