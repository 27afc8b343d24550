"""Finding the table and its rows in sheets that people have changed (contract section 2)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.columns import TITLES
from sync.model import Cell, CellError, ClusterStatus, Column, Merge, Severity, Sheet, Tab
from sync.normalise import Reader
from tests.district import AS_OF, HEADER, codes_at, good_row, judge_rows, judged, organization, plan, sheet

N = len(HEADER)


def line(**cells: Cell) -> list[Cell]:
    """Return a row with only these cells (column ids) filled."""
    return [cells.get(column.value, "") for column in Column]


def test_titles_above_the_header() -> None:
    """A title block is passed over, and its year stands in for one that was not typed."""
    data = judged(sheet(["QUẬN ĐOÀN"], [], ["DANH MỤC HOẠT ĐỘNG NĂM 2025"], list(HEADER), good_row(planned="15/3"), header=False))[0]
    assert data.header_row == 4
    assert data.activities[0].planned is not None
    assert data.activities[0].planned.start.year == 2025


@pytest.mark.parametrize(
    "dress",
    [
        str.upper,
        lambda title: title.replace(" ", "\n"),
        lambda title: f"  {title} ",
        lambda title: title.replace("đ", "d").replace("Đ", "D"),
    ],
)
def test_header_spelling(dress) -> None:  # type: ignore[no-untyped-def]
    """Capitals, line breaks, spaces and missing bars on the đ make no difference."""
    data = judged(sheet([dress(title) for title in HEADER], good_row(), header=False))[0]
    assert set(data.columns) == set(Column)


def test_two_row_header_with_groups() -> None:
    """Group cells over columns tell planned from done; a column that is not there is not checked."""
    above: list[Cell] = ["STT", "Đơn vị", "Chỉ tiêu", "Tên hoạt động", "Đăng ký", "", "Kết quả", "", "", "Ghi chú"]
    below: list[Cell] = ["", "", "", "", "Thời gian", "Số lượng", "Ngày", "Số lượng", "Minh chứng", ""]
    row: list[Cell] = [1, "Đoàn phường An Lạc", 3, "Hội thi", "15/3/2024", 2, "16/3/2024", 3, "https://example.org", ""]
    for merges in ((Merge(1, 5, 1, 6), Merge(1, 7, 1, 9), Merge(1, 2, 2, 2)), ()):
        data = judged(sheet(above, below, row, header=False, merges=merges))[0]
        one = data.activities[0]
        assert (data.header_row, one.registered_quantity, one.done_quantity, one.evidence) == (2, 2, 3, ("https://example.org",))
        assert data.findings == ()


@pytest.mark.parametrize(
    ("plans", "results"),
    [("Đăng ký đầu năm", "Kết quả thực hiện"), ("Kế hoạch đăng ký", "Thực tế thực hiện"), ("I. PHẦN ĐĂNG KÝ", "II. PHẦN KẾT QUẢ"), ("Đăng ký", "Báo cáo kết quả")],
)  # fmt: skip
def test_groups_in_other_words(plans: str, results: str) -> None:
    """Whatever words stand around it, a group of plans is one: its half of every row would be lost without a word."""
    above: list[Cell] = ["Đơn vị", "Chỉ tiêu", "Tên hoạt động", plans, "", results, ""]
    below: list[Cell] = ["", "", "", "Thời gian", "Số lượng", "Ngày", "SL"]
    row: list[Cell] = ["An Lạc", 3, "Hội thi", "15/3/2024", 2, "16/3/2024", 3]
    (one,) = judged(sheet(above, below, row, header=False))[0].activities
    assert (one.registered_quantity, one.done_quantity, one.counts_as_registered, one.counts_as_done) == (2, 3, True, True)


def test_a_title_over_the_whole_table_is_no_group() -> None:
    """What a sheet is called does not say which half a bare column belongs to."""
    titles = ["Đơn vị", "Chỉ tiêu", "Nội dung", "Thời gian", "Số lượng"]
    data = judged(sheet(["THỰC HIỆN KẾ HOẠCH SỐ 12"], titles, ["An Lạc", 3, "Hội thi", "16/3/2024", 3], header=False))[0]
    assert data.status is ClusterStatus.FAILED


def test_a_column_of_peoples_own_takes_no_columns_place() -> None:
    """`Nội dung` is another name of `Tên hoạt động`, unless that is there too."""
    titles = ["Cơ sở Đoàn", *HEADER[:4], "Nội dung", *HEADER[4:]]
    row = good_row(name="Hội trại")
    (one,) = judged(sheet(titles, ["Cụm 1", *row[:4], "Kể chuyện", *row[4:]], header=False))[0].activities
    assert (one.name, one.unit) == ("Hội trại", "dp-0")


def test_the_header_again_in_another_spelling() -> None:
    """Capitals make no difference; the numbers of the columns may follow again."""
    numbering = [f"({number})" for number in range(1, N + 1)]
    data = judge_rows(numbering, good_row(), [title.upper() for title in HEADER], numbering, good_row(name="Hội trại"))
    assert (data.rows.read, data.rows.counted, data.rows.ignored, data.findings) == (5, 2, 3, ())


def test_another_header_is_not_passed_over() -> None:
    """A second table with its columns in another order would be read wrongly without a word."""
    other = list(HEADER)
    other[7], other[9] = other[9], other[7]
    data = judge_rows(good_row(), other, good_row(name="Hội trại"), good_row(name="Hội chợ"))
    (found,) = data.findings
    assert (found.cell, found.code, found.severity, "các dòng 4–5" in found.message) == ("A3", "other-table", Severity.ERROR, True)
    assert (data.rows.read, data.rows.counted, data.rows.ignored) == (4, 1, 3)


def test_another_header_in_words_of_the_configuration_is_one_too() -> None:
    """A district may call its columns otherwise."""
    own = {Column.UNIT: ("Nơi làm",), Column.TARGET: ("Việc lớn",), Column.NAME: ("Việc nhỏ",)}
    titles: list[Cell] = ["Nơi làm", "Việc lớn", "Việc nhỏ", "Thời gian dự kiến", "Số lượng đăng ký"]
    other = [titles[1], titles[0], *titles[2:]]
    row: list[Cell] = ["An Lạc", 3, "Hội thi", "16/3/2024", 3]
    reading = Reader(plan(), organization(), own).read(sheet(titles, row, other, [3, "An Lạc", *row[2:]], header=False), as_of=AS_OF)
    assert [(one.cell, one.code) for one in reading.findings] == [("A3", "other-table")]


def test_below_the_header_again_the_table_goes_on() -> None:
    """Another table in between is left out alone."""
    other = list(HEADER)
    other[7], other[9] = other[9], other[7]
    data = judge_rows(good_row(), other, good_row(name="Hội trại"), HEADER, good_row(name="Hội chợ"), other)
    assert [one.name for one in data.activities] == ["Ngày hội thiếu nhi khỏe", "Hội chợ"]
    (found,) = data.findings  # nothing is lost below the last one
    assert (found.cell, found.code, "dòng 4 không" in found.message) == ("A3", "other-table", True)


def test_an_activity_with_words_of_the_header_is_one() -> None:
    """`Hoạt động` and `Nội dung` are names of columns, and may be names of something else."""
    data = judge_rows(good_row(name="Hoạt động", place="Chi đoàn", note="Nội dung"), good_row(name="Hội trại"))
    assert data.rows.counted == 2


def test_a_table_of_results_below_one_of_plans_is_not_passed_over() -> None:
    """Its results would be read as plans without a word."""
    plans = ["Đơn vị", "Chỉ tiêu", "Tên hoạt động", "Thời gian dự kiến", "Số lượng đăng ký"]
    results = [*plans[:3], "Ngày thực hiện", "Số lượng thực hiện"]
    row: list[Cell] = ["An Lạc", 3, "Hội thi", "16/3/2024", 3]
    data = judged(sheet(plans, row, [], results, [*row[:2], "Hội trại", *row[3:]], header=False))[0]
    assert codes_at(data) == {("A4", "other-table")}
    assert [one.name for one in data.activities] == ["Hội thi"]


@pytest.mark.parametrize(
    ("renamed", "cell", "shown", "other"),
    [
        (Column.DONE_QUANTITY, "I1", "Ngày thực hiện", "Số lượng thực hiện"),
        (Column.DONE, "J1", "Số lượng thực hiện", "Ngày thực hiện"),
        (Column.PLANNED, "H1", "Số lượng đăng ký", "Thời gian dự kiến"),
        (Column.REGISTERED_QUANTITY, "F1", "Thời gian dự kiến", "Số lượng đăng ký"),
    ],
)
def test_half_of_a_pair_is_said_at_its_title(renamed: Column, cell: str, shown: str, other: str) -> None:
    """Nothing can come of a day without a quantity: no row says so, for none has a cell for it."""
    titles = ["Cột lạ" if title == TITLES[renamed] else title for title in HEADER]
    data = judged(sheet(titles, good_row(), good_row(name="Hội trại"), header=False))[0]
    (found,) = [one for one in data.findings if one.code == "lone-column"]
    assert (found.cell, found.severity, found.value, f"«{other}»" in found.message) == (cell, Severity.WARNING, shown, True)
    assert data.rows.counted == 2


def test_half_of_a_pair_in_which_nothing_stands_is_no_trouble() -> None:
    """Who only registers may leave a title of results standing."""
    titles = ["Cột lạ" if title == TITLES[Column.DONE_QUANTITY] else title for title in HEADER]
    data = judged(sheet(titles, good_row(done="", done_quantity="", evidence="", status=""), header=False))[0]
    assert data.findings == ()


def test_half_of_a_pair_under_a_group_is_said_below_it() -> None:
    """At the row of the header that names the column."""
    above: list[Cell] = ["Đơn vị", "Chỉ tiêu", "Tên hoạt động", "Đăng ký", "", "Kết quả", ""]
    below: list[Cell] = ["", "", "", "Thời gian", "Số lượng", "Ngày", "Cột lạ"]
    row: list[Cell] = ["An Lạc", 3, "Hội thi", "15/3/2024", 2, "16/3/2024", 3]
    data = judged(sheet(above, below, row, header=False))[0]
    assert [(one.cell, one.value) for one in data.findings if one.code == "lone-column"] == [("F2", "Ngày")]


def test_a_bare_quantity_belongs_to_the_half_that_lacks_one() -> None:
    """`Số lượng` beside `Ngày thực hiện` is what was done."""
    data = judged(
        sheet(["Đơn vị", "Chỉ tiêu", "Nội dung", "Ngày thực hiện", "Số lượng"], ["An Lạc", 3, "Hội thi", "16/3/2024", 3], header=False)
    )[0]
    assert (data.activities[0].done_quantity, data.activities[0].counts_as_done) == (3, True)


def test_everything_around_the_table_is_ignored_and_counted() -> None:
    """Sections, totals, repeated headers, blank rows, numbering, notes and signatures are no activities."""
    numbering = [f"({number})" for number in range(1, N + 1)]
    data = judge_rows(
        numbering,
        line(number="I. ĐỢT 1"),
        good_row(),
        [],
        list(HEADER),
        good_row(name="Hội trại"),
        line(name="Cộng đợt 1", registered_quantity=2),
        line(number="II", name="ĐỢT 2"),
        good_row(name="Hội thi"),
        line(number="Tổng cộng", registered_quantity=3, done_quantity=3),
        line(number=4),
        line(number="Ghi chú: số liệu tính đến ngày 30/5/2024"),
        line(children="Bình Tân, ngày 30 tháng 5 năm 2024"),
        line(unit="CỤM TRƯỞNG", children="NGƯỜI LẬP BIỂU"),
        line(name="Trần Văn Ba"),
    )
    assert [one.row for one in data.activities] == [4, 7, 10]
    assert (data.rows.read, data.rows.counted, data.rows.excluded, data.rows.ignored) == (14, 3, 0, 11)
    assert data.findings == ()


def test_a_total_word_in_an_activity_is_no_total() -> None:
    """`Công an`, `Tổng kết` and `Cộng đồng` are words of activities."""
    names = ("Tổng kết năm học", "Cộng đồng xanh", "Công trình măng non")
    assert [one.name for one in judge_rows(*(good_row(name=name) for name in names)).activities] == list(names)


@pytest.mark.parametrize("total", ["Tổng đợt 1", "Tổng cả năm", "T. Cộng", "Cộng Đoàn phường An Lạc", "Tổng quý I", "TỔNG NĂM 2024"])
def test_totals_in_other_words(total: str) -> None:
    """Of a round, of a unit, of the year."""
    assert judge_rows(good_row(), line(name=total, registered_quantity=2, done_quantity=1)).rows.ignored == 1


@pytest.mark.parametrize(
    "name", ["Công đoàn tặng quà", "Cong doan tang qua", "Tổng quỹ học bổng", "Tổng công trình măng non", "Tổng số 5 buổi đọc sách"]
)
def test_a_name_beside_unit_and_target_is_no_total(name: str) -> None:
    """Its day is missing, and that is said."""
    data = judge_rows(good_row(), good_row(name=name, planned="", done="", done_quantity=""), good_row(name="Khác"))
    assert ("F3", "missing-planned-date") in codes_at(data)


@pytest.mark.parametrize(
    "foot",
    [
        [line(unit="Ghi chú:"), line(unit="- Số liệu do đơn vị báo"), line(unit="- Gửi trước 30/5")],
        [line(unit="An Lạc, ngày 30/5/2024"), line(unit="Người thực hiện", name="Trưởng khối"), line(unit="Lê A", name="Võ B")],
        [line(name="PHÊ DUYỆT CỦA LÃNH ĐẠO")],
        [line(unit="TUQ. BAN THƯỜNG VỤ", name="Thư ký")],
        [line(unit="Tổng phụ trách Đội")],
        [line(unit="Phụ trách cụm")],
    ],
)
def test_what_stands_below_the_table(foot: list[list[Cell]]) -> None:
    """Notes of several lines, the day in figures, signatures of many offices."""
    data = judge_rows(good_row(), line(number="Tổng cộng", registered_quantity=1), [], *foot)
    assert (data.rows.ignored, data.findings) == (len(foot) + 1, ())


def test_a_row_of_a_list_that_no_note_begins_is_an_activity() -> None:
    """So is one below a note that says a day of its own."""
    data = judge_rows(good_row(), line(name="- Ngày hội đọc sách"), line(unit="Ghi chú: a"), line(name="- Hội trại", planned="15/3/2024"))
    assert [one.row for one in data.activities] == [2, 3, 5]


@pytest.mark.parametrize("section", ["CHỈ TIÊU 3: HOẠT ĐỘNG TẠI CÁC LIÊN ĐỘI", "Chỉ tiêu số 3"])
def test_a_target_may_head_a_section(section: str) -> None:
    """Alone in its row it is no activity."""
    assert judge_rows(line(unit=section), good_row()).findings == ()


def test_a_row_with_only_a_figure_is_an_activity() -> None:
    """Nothing that may be an activity is passed over: its missing cells are the findings."""
    data = judge_rows(good_row(), line(done="16/3/2024"), line(registered_quantity=2))
    assert len(data.activities) == 3
    assert {
        ("C3", "missing-unit"),
        ("D3", "missing-target"),
        ("E3", "missing-name"),
        ("J3", "missing-done-quantity"),
        ("F4", "missing-planned-date"),
    } <= codes_at(data)


def test_a_row_with_only_a_name_is_an_activity() -> None:
    """Someone has begun to type; she is told what is missing."""
    data = judge_rows(good_row(), line(name="Ngày hội đọc sách"), good_row(name="Khác"))
    assert ("C3", "missing-unit") in codes_at(data)


def test_cells_merged_downwards_hold_for_each_row() -> None:
    """A merged unit or target is the value of every row of its block, and a finding stands at the block's first cell."""
    rows = (good_row(target="9"), good_row(unit="", target="", name="B"), good_row(unit="", target="", name="C"))
    data = judged(sheet(*rows, merges=(Merge(2, 3, 4, 3), Merge(2, 4, 4, 4))))[0]
    assert [one.unit for one in data.activities] == ["dp-0"] * 3
    assert codes_at(data) == {("D2", "unknown-target")}
    assert data.rows.excluded == 3


def test_a_merged_block_is_told_of_once() -> None:
    """At its first cell, with what that shows, however many rows it covers."""
    rows = (good_row(target=5.0), good_row(target="", name="B"), good_row(target="", name="C"))
    (found,) = judged(sheet(*rows, merges=(Merge(2, 4, 4, 4),)))[0].findings
    assert (found.code, found.cell, found.value) == ("unexpected-target", "D2", "5")


def test_what_is_left_below_a_merged_block_is_not_read() -> None:
    """Some programs keep the values of the cells that a block covers; people see the block's."""
    rows = (good_row(), good_row(unit="Tân Tạo", name="B"), good_row(unit="Sơn Kỳ", name="C"))
    data = judged(sheet(*rows, merges=(Merge(2, 3, 4, 3),)))[0]
    assert ([one.unit for one in data.activities], data.findings) == (["dp-0"] * 3, ())


def test_the_tab_renamed() -> None:
    """The only other tab with a header is read, with a warning at the header's first cell."""
    data = judged(sheet([], good_row(), title="KH2026", header=True))[0]
    assert (data.status, codes_at(data)) == (ClusterStatus.OK, {("A1", "tab-renamed")})


def test_the_named_tab_wins_over_extra_tabs() -> None:
    """Copies in other tabs are left alone."""
    one = sheet(good_row())
    both = Sheet(one.cluster, one.source, (Tab("Nháp", one.tabs[0].rows), Tab("HOẠT ĐỘNG ", one.tabs[0].rows)), "")
    assert len(judged(both)[0].activities) == 1


@pytest.mark.parametrize(
    "tabs", [(), (Tab("Trang1", [["Xin chào"]]),), (Tab("Hoạt động", [[], ["a", "b"]]),), (Tab("A", [HEADER]), Tab("B", [HEADER]))]
)
def test_no_header(tabs: tuple[Tab, ...]) -> None:
    """A spreadsheet without one table to read fails alone, at A1, naming what was looked for."""
    data = judged(Sheet("phuong", "phuong.xlsx", tabs, ""))[0]
    assert (data.status, codes_at(data)) == (ClusterStatus.FAILED, {("A1", "no-header")})
    assert data.error is not None
    assert "Đơn vị" in data.error


def test_a_header_below_thirty_rows_is_not_looked_for() -> None:
    """Row 30 is the last that may hold the header."""
    assert judged(sheet(*([[]] * 29), list(HEADER), good_row(), header=False))[0].status is ClusterStatus.OK
    assert judged(sheet(*([[]] * 30), list(HEADER), good_row(), header=False))[0].status is ClusterStatus.FAILED


@pytest.mark.parametrize(
    ("dropped", "named"),
    [({Column.UNIT}, "Đơn vị"), ({Column.NAME}, "Tên hoạt động"), ({Column.REGISTERED_QUANTITY, Column.DONE}, "Số lượng đăng ký")],
)
def test_a_missing_column(dropped: set[Column], named: str) -> None:
    """A required column that is not there fails the cluster at the header's first cell and is named."""
    titles = [title for column, title in TITLES.items() if column not in dropped]
    data = judged(sheet([], titles, header=False))[0]
    assert codes_at(data) == {("A2", "missing-column")}
    assert named in (data.error or "")


CELLS = st.one_of(
    st.just(""),
    st.sampled_from(
        [
            "An Lạc",
            "An Lạc C",
            "3",
            "9",
            "15/3/2024",
            "30/2/2024",
            "tháng 3/2024",
            "2",
            "0",
            "~5",
            "mười",
            "Hủy",
            "Hoãn",
            "Đã thực hiện",
            "Cộng",
            "Tổng cộng",
            "I. ĐỢT 1",
            "x",
            "https://example.org",
            "Ghi chú: a",
            "NGƯỜI LẬP BIỂU",
            "Ngày hội",
            "0903 123 456",
            "§oµn",
            "Đơn vị",
            "Chỉ tiêu",
            "Tên hoạt động",
            " ",
        ]
    ),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.integers(-5, 50_000),
    st.dates().map(lambda day: day),
    st.booleans(),
    st.just(CellError("#REF!")),
    st.text(max_size=8),
)
ROWS = st.lists(st.one_of(st.just(good_row()), st.lists(CELLS, max_size=N + 2), st.tuples(*[CELLS] * N).map(list)), max_size=12)


@settings(max_examples=300, deadline=None)
@given(ROWS, st.sets(st.sampled_from([c for c in Column if c not in (Column.UNIT, Column.TARGET, Column.NAME)]), max_size=3))
def test_rows_always_reconcile_and_every_row_is_counted_or_explained(rows: list[list[Cell]], dropped: set[Column]) -> None:
    """Read = counted + excluded + ignored, and an activity that does not count is cancelled or has an error at its cells."""
    keep = [index for index, column in enumerate(Column) if column not in dropped]
    lines = [[HEADER[index] for index in keep], *[[row[index] for index in keep if index < len(row)] for row in rows]]
    data = judged(sheet(*lines, header=False))[0]
    if data.status is ClusterStatus.FAILED:
        assert data.error
        return
    assert data.rows.read == data.rows.counted + data.rows.excluded + data.rows.ignored
    explained = {found.row for found in data.findings if found.severity == "error"}
    for one in data.activities:
        assert one.counts_as_registered or one.counts_as_done or one.row in explained or one.status == "cancelled"


def test_a_superscript_is_no_number_of_a_column() -> None:
    """A lone `²` below the header is text, not a column's number."""
    assert judge_rows(line(verdict="²"), good_row()).rows.read == 2
