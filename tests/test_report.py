"""The finished view of a report."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date

import pytest

from sync.model import ClusterStatus, Compliance
from sync.report import MARK, NAMES_IN_MAIL
from tests.district import organization, plan
from tests.paper import DAY, clusters, figures, progress, view

C = Compliance
WARDS = [unit.id for unit in organization().cluster("phuong").units]


def all_text(thing: object) -> Iterator[str]:
    """Yield every string of a view, however deep."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, tuple):
        for one in thing:
            yield from all_text(one)
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from all_text(getattr(thing, field.name))


def test_the_opening_names_plan_period_and_day_of_the_figures():
    """The first sentence says what is reported, for when, and as of which day."""
    shown = view(subject_until="đợt 2 năm 2024")
    assert "báo cáo kết quả thực hiện đợt 2 năm 2024 như sau (số liệu tính đến ngày 05/12/2024):" in shown.opening
    assert shown.subject == "Kết quả thực hiện kế hoạch Kế hoạch, đợt 2 năm 2024"


def test_the_plan_s_number_is_named_where_it_is_known():
    """A plan with a number is cited by it."""
    numbered = dataclasses.replace(plan(), number="12-KH/ĐTN")
    assert "Thực hiện kế hoạch số 12-KH/ĐTN Kế hoạch," in view(plan=numbered).opening


def test_a_progress_report_is_about_the_year():
    """Without a round the subject names the year."""
    assert view("tien-do").subject == "Tiến độ thực hiện kế hoạch Kế hoạch, năm 2024"


def test_an_unknown_kind_is_refused():
    """A kind that has no title is a mistake of the caller."""
    with pytest.raises(KeyError):
        view("nam-sau")


def test_targets_stand_in_plan_order_with_all_their_cells():
    """Each target has goal, registered, every round, total, rate, rest and assessment as they will be printed."""
    rounds = (figures(3, 11, None, round="dot-1"), figures(3, 12, None, round="dot-2"))
    line = view(figures=progress(figures(3, 23, 40, registered=35, projected=34), by_round=rounds)).targets[0]
    assert (line.number, line.goal, line.registered, line.rounds, line.done) == ("3", "40", "35", ("11", "0", "12"), "23")
    assert (line.percent, line.missing, line.assessment, line.tone, line.mark) == ("57,5%", "17", "Có nguy cơ thiếu", "warn", "")
    assert [one.number for one in view().targets] == ["1", "2", "3", "5"]


def test_rounds_that_have_not_begun_show_a_dash():
    """In June the second round is not nothing done, it is not there yet."""
    assert view(figures=progress(as_of=date(2024, 6, 2))).targets[0].rounds == ("0", "0", "–")


def test_targets_are_never_added_up():
    """No string of the view holds the sum of unlike targets."""
    one, two = figures(1, 311, 5), figures(3, 402, 40)
    assert not any("713" in text for text in all_text(view(figures=progress(one, two))))


def test_registrations_never_enter_a_rate():
    """A target fully registered and not begun stands at nought per cent."""
    assert view(figures=progress(figures(3, 0, 40, registered=40, projected=40))).targets[0].percent == "0%"


@pytest.mark.parametrize("kind", ["ket-qua", "tien-do"])
def test_no_open_year_is_called_missed(kind):
    """Before the year has closed no word of a report says `chưa đạt`."""
    assert not any("chưa đạt" in text.lower() for text in all_text(view(kind)))


def test_a_closed_year_is_judged():
    """In January the sentence of a target that fell short says so."""
    closed = progress(figures(3, 23, 40), as_of=date(2025, 1, 10), year=2024)
    assert "chưa đạt chỉ tiêu" in view(figures=closed).targets[0].sentence


def test_a_year_without_goals_has_dashes_and_no_verdict():
    """A year that is not measured shows counts, dashes for the rest, and no list of targets met or short."""
    shown = view(figures=progress(figures(3, 3, None)))
    line = shown.targets[0]
    assert (line.goal, line.percent, line.missing, line.assessment, line.tone) == ("–", "–", "–", "–", "plain")
    assert not any("Chỉ tiêu" in fact for fact in shown.facts)


def test_every_cluster_read_is_said_in_one_sentence():
    """With all clusters fresh nothing is marked."""
    shown = view()
    assert shown.completeness == "Số liệu lấy từ bảng của đủ 03 khu vực, khối."
    assert (shown.unread, shown.mark_note) == ((), "")
    assert not any(MARK in text for text in all_text(shown))


def test_a_stale_cluster_is_named_beside_the_figures_it_touches():
    """The ward cluster's target is marked with the day of its rows; a target it has no part in is not."""
    shown = view(data=clusters(phuong=ClusterStatus.STALE))
    marked = {line.number: line.mark for line in shown.targets}
    assert marked == {"1": MARK, "2": "", "3": MARK, "5": ""}
    assert "(*) Khu vực phường: số liệu của ngày 01/11/2024." in shown.targets[2].remarks
    assert shown.completeness == "Số liệu mới có của 02/03 khu vực, khối; chưa đọc được bảng của Khu vực phường."
    assert any(row.cluster == f"Khu vực phường {MARK}" for row in shown.due_tables[0].rows)


def test_a_failed_cluster_without_earlier_rows_is_named_as_without_data():
    """A cluster that could never be read has no figures, says why, and is put before the committee."""
    shown = view(data=clusters(khoi=ClusterStatus.FAILED))
    assert shown.unread[0].why == "Không có tệp khoi.xlsx."
    assert shown.mark_note == "(*) Khối sự nghiệp: chưa có số liệu."
    assert "Khối sự nghiệp: chưa có số liệu; cần người phụ trách mở và kiểm tra bảng." in shown.decisions


def test_units_of_an_unread_cluster_are_not_called_missing_without_a_mark():
    """Who is missing only because the spreadsheet could not be read carries the mark."""
    states = {unit.id: (C.MISSING, C.MISSING) for unit in organization().cluster("khoi").units}
    shown = view(figures=progress(states=states), data=clusters(khoi=ClusterStatus.FAILED))
    assert shown.arrears[0].missing == "02 đơn vị: Đoàn Công an quận (*); Đoàn trường THPT An Lạc (*)"


def test_stale_rows_of_an_unknown_day_are_still_called_old():
    """Without a remembered day the rows are those of an earlier reading."""
    old = [dataclasses.replace(one, data_as_of=None) for one in clusters(phuong=ClusterStatus.STALE)]
    assert view(data=old).unread[0].state == "số liệu của lần đọc trước"


def test_no_cluster_read_is_said_without_a_list():
    """Where nothing could be read the opening says just that."""
    failed = clusters(phuong=ClusterStatus.FAILED, khoi=ClusterStatus.FAILED, trung_tam=ClusterStatus.FAILED)
    assert view(data=failed).completeness == "Lần này chưa đọc được bảng của khu vực, khối nào."


def test_everyone_punctual_is_said_and_nobody_listed():
    """With all units on time each duty is one sentence, in the order of the due days, and no list follows."""
    shown = view()
    assert shown.handed_in[0] == "Đăng ký đợt 1 (hạn\u00a030/01): đủ 11 đơn vị nộp đúng hạn."
    assert [sentence.split("\u00a0")[1].split(")")[0] for sentence in shown.handed_in] == ["30/01", "30/5", "30/8", "30/11"]
    assert shown.arrears == ()


def test_late_and_missing_units_are_counted_and_named():
    """Sentence, table and list agree on who is late and who is missing."""
    shown = view(figures=progress(states={"cong-an": (C.LATE, C.MISSING), "dp-0": (C.MISSING, C.ON_TIME)}))
    assert shown.handed_in[0] == "Đăng ký đợt 1 (hạn\u00a030/01): 11 đơn vị phải nộp, đúng hạn 09, trễ hạn 01, chưa nộp 01."
    assert shown.due_tables[0].rows[0].cells == ("8", "7", "0", "1", "8", "8", "0", "0")
    assert shown.due_tables[0].total.cells == ("11", "9", "1", "1", "11", "10", "0", "1")
    assert (shown.arrears[0].late, shown.arrears[0].missing) == ("01 đơn vị: Đoàn Công an quận", "01 đơn vị: Đoàn phường An Lạc")
    assert any("02 lượt nộp trễ hạn" in fact for fact in shown.facts)


def test_nobody_handed_in_is_said_in_words():
    """With every unit missing the sentence says that none did."""
    nobody = {unit.id: (C.MISSING, C.MISSING) for unit in organization().units}
    assert view(figures=progress(states=nobody)).handed_in[0].endswith("11 đơn vị phải nộp, chưa đơn vị nào nộp.")


def test_a_cluster_that_owes_nothing_in_a_round_shows_dashes_or_no_row():
    """Who owes one of two duties has dashes for the other; who owes neither is not in the table."""
    state = dict.fromkeys(WARDS, (C.NOT_REQUIRED, C.NOT_REQUIRED)) | {"trung-tam": (C.ON_TIME, C.NOT_REQUIRED)}
    rows = view(figures=progress(states=state)).due_tables[0].rows
    assert [row.cluster for row in rows] == ["Khối sự nghiệp", "Trung tâm"]
    assert rows[1].cells == ("1", "1", "0", "0", "–", "–", "–", "–")


def test_before_any_due_day_nothing_is_asked():
    """In the middle of January there is no sentence, no table and no list; on the due day itself neither."""
    for day in (date(2025, 1, 15), date(2025, 1, 30)):
        shown = view(figures=progress(as_of=day))
        assert (shown.handed_in, shown.due_tables, shown.arrears) == ((), (), ())


def test_what_has_not_come_due_is_not_counted():
    """At the beginning of June round 2 is not yet asked of anyone."""
    assert [table.round for table in view(figures=progress(as_of=date(2024, 6, 2))).due_tables] == ["Đợt 1"]


def test_a_mail_counts_the_names_that_are_too_many():
    """From a dozen names on the short list counts the rest, the full one does not."""
    wards = tuple(dataclasses.replace(organization().units[0], id=f"x-{n}", name=f"Đơn vị {n}") for n in range(NAMES_IN_MAIL + 3))
    many = dataclasses.replace(
        organization(), clusters=(dataclasses.replace(organization().clusters[0], units=wards), *organization().clusters[1:])
    )
    base = progress()
    reported = tuple(dataclasses.replace(base.compliance[0], unit=unit.id, registration=C.MISSING) for unit in wards)
    shown = view(figures=dataclasses.replace(base, compliance=reported), organization=many)
    assert shown.arrears[0].missing_short.endswith("và 03 đơn vị khác")
    assert shown.arrears[0].missing.endswith(f"Đơn vị {NAMES_IN_MAIL + 2}")


def test_no_finding_is_good_news():
    """Clean sheets are called so."""
    assert view().quality == ("Bảng của các đơn vị không có lỗi.",)


def test_three_hundred_findings_are_two_sentences():
    """However many errors there are, the report counts them by cluster and says what they keep out."""
    quality = view(data=clusters(errors=300, bare=1)).quality
    assert quality == (
        "Bảng của các đơn vị còn 300 lỗi cần sửa (Khu vực phường 300), vì vậy 10 dòng chưa được tính.",
        "Có 01 kết quả đã tính nhưng chưa có minh chứng (Khu vực phường 01).",
    )


def test_all_targets_met_leaves_nothing_to_decide():
    """With every goal reached no target is short and none is put before the committee."""
    met = progress(*(figures(one.id, one.goal, one.goal, registered=one.goal) for one in plan().targets))
    shown = view(figures=met)
    assert shown.decisions == ()
    assert not any("còn thiếu" in fact for fact in shown.facts)
    assert {line.tone for line in shown.targets} == {"good"}


def test_a_target_without_owner_is_said_and_put_before_the_committee():
    """The unallocated part stands with the target and with what has to be decided."""
    shown = view()
    assert "Kế hoạch giao Trung tâm 01 thư viện; chưa phân bổ 04 thư viện." in shown.targets[0].remarks
    assert shown.decisions[0].endswith("chưa phân bổ 04 thư viện.")


def test_number_date_and_signer_are_left_to_people():
    """The day of signing is blank, and the trace says which data, configuration and version made the figures."""
    shown = view()
    assert str(DAY.year) not in shown.place_and_day
    assert shown.trace == "Số liệu tính đến ngày 05/12/2024; dữ liệu và cấu hình abc123; donghanh 0.1.0."
