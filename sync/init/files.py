"""Answers → the text of the three files, with comments for the person who will change them. Values are quoted by `settings_yaml.flow`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sync.init.answers import Answers, ClusterAnswer, GoogleAnswer, RoundAnswer, TargetAnswer
from sync.init.names import WORDS_BEFORE_NAME, cluster_ids, prefixes, unit_ids
from sync.plan import SUMMER
from sync.settings_yaml import flow
from sync.text import fold

_NAMED_AT_MOST = 24
_MID_SUMMER = 7
_TLS_PORT = 465
_LOOSE_ENDS = {"cho", "và", "của", "tại", "các", "về", "trong", "theo", "với", "những", "đến", "từ", "ở"}
"""Words that no short name may end with."""
_REVIEW = (12, 15)
"""The day of the plan's last year as of which the whole plan is reviewed, until somebody writes another one."""


def files(answers: Answers) -> dict[str, str]:
    """Return file name → text."""
    texts = {"plan.yaml": _plan(answers), "organization.yaml": _organization(answers), "settings.yaml": _settings(answers)}
    return {name: "\n".join(lines) + "\n" for name, lines in texts.items()}


def _plan(answers: Answers) -> Iterator[str]:
    span = answers.span
    yield "# Kế hoạch: chỉ tiêu, các đợt, hạn nộp. Sửa xong chạy: donghanh doctor"
    yield f"name: {flow(answers.plan)}"
    yield 'number: ""                     # số và ký hiệu của văn bản kế hoạch'
    yield f"first_day: {span.first_year}-01-01         # năm-tháng-ngày"
    yield f"last_day: {span.last_year}-12-31"
    yield f"in_force: {span.in_force}          # hạn nộp trước ngày này không tính với ai"
    yield f"measured_years: {flow(list(span.years))}   # các năm tính đủ chỉ tiêu cả năm"
    yield "year_closing: 10/01            # của năm sau: kết quả vào đến ngày này có trong báo cáo bổ sung của năm"
    yield f"final_review: {date(span.last_year, *_REVIEW)}      # tổng kết cả kế hoạch; báo cáo đi sau ngày này"
    yield ""
    yield "rounds:                        # months: tháng đầu và tháng cuối; hạn là ngày/tháng, năm nào cũng vậy"
    yield from _rounds(answers.rounds)
    yield ""
    yield "targets:                       # goal: số phải đạt mỗi năm; allocations: khu vực, khối nào làm bao nhiêu,"
    yield "                               # phần không giao là của chung; aliases: tên khác mà các đơn vị hay ghi"
    ids = cluster_ids([one.name for one in answers.clusters])
    short = _short_names([one.name for one in answers.targets])
    for number, target in enumerate(answers.targets, 1):
        yield from _target(number, target, short[number - 1], ids)


def _rounds(rounds: Sequence[RoundAnswer]) -> Iterator[str]:
    for at, one in enumerate(rounds, 1):
        if at > 1:
            yield from _between(at - 1, rounds[at - 2], one)
        yield f"  - id: dot-{at}"
        yield f"    name: {flow(one.name)}"
        yield f"    months: [{one.first_month}, {one.last_month}]"
        yield f"    registration_due: {one.registration_due}    # hạn đăng ký"
        yield f"    results_due: {one.results_due}         # hạn báo cáo kết quả"


def _between(earlier: int, before: RoundAnswer, after: RoundAnswer) -> Iterator[str]:
    """Yield the months between two rounds: planned there is owed with the round before, done there with the one after."""
    first, last = before.last_month + 1, after.first_month - 1
    if first > last:
        return
    summer = first <= _MID_SUMMER <= last
    yield f"  - id: {SUMMER if summer else f'giua-{earlier}'}      # ngoài các đợt: đăng ký cùng đợt trước, kết quả cùng đợt sau"
    yield f"    name: {'Hè' if summer else flow(f'Giữa {before.name} và {after.name}')}"
    yield f"    months: [{first}, {last}]"
    yield f"    registration_with: dot-{earlier}"
    yield f"    results_with: dot-{earlier + 1}"


def _target(number: int, target: TargetAnswer, short: str, clusters: Sequence[str]) -> Iterator[str]:
    yield f"  - id: {number}"
    yield f"    name: {flow(target.name)}"
    yield f"    short_name: {flow(short)}"
    yield "    aliases: []"
    yield f"    goal: {target.goal}"
    yield f"    measure: {flow(target.measure)}"
    yield f"    allocations: {flow({clusters[place]: part for place, part in target.carriers.items()})}"


def _short_names(names: Sequence[str]) -> list[str]:
    """Return a short form of each name; the name itself where the short form would fit another target too."""
    short = [_short(name) for name in names]
    keys = [{fold(name), fold(form)} for name, form in zip(names, short, strict=True)]
    clash = [any(fold(form) in other for other in (*keys[:at], *keys[at + 1 :])) for at, form in enumerate(short)]
    return [name if clashes else form for name, form, clashes in zip(names, short, clash, strict=True)]


def _short(name: str) -> str:
    """Return the first words of a name, for narrow columns."""
    words = name.split()
    while len(" ".join(words)) > _NAMED_AT_MOST and len(words) > 1:
        words.pop()
        while len(words) > 1 and words[-1].lower() in _LOOSE_ENDS:
            words.pop()
    return " ".join(words).rstrip(" ,;:–-") or name


def _organization(answers: Answers) -> Iterator[str]:
    yield "# Khu vực, khối; đơn vị; người phụ trách từng năm. Đổi người: sửa dòng của năm ấy. Mã (id) không đổi khi đã có số liệu."
    yield f"name: {flow(answers.committee.name)}"
    yield f"place: {flow(answers.committee.place)}"
    yield ""
    yield "# Những chữ mà người ghi bảng hay thêm vào, hoặc bỏ đi, quanh tên đơn vị."
    yield f"words_before_name: {flow(list(WORDS_BEFORE_NAME))}"
    yield "words_after_name: []"
    yield ""
    yield "clusters:                      # id đặt tên tệp: <id>.xlsx; code_prefix đứng đầu mã hoạt động"
    ids = cluster_ids([one.name for one in answers.clusters])
    units = iter(unit_ids([unit for one in answers.clusters for unit in one.units]))
    for cluster, named, prefix in zip(answers.clusters, ids, prefixes(ids), strict=True):
        yield from _cluster(cluster, named, prefix, answers.span.years)
        for unit in cluster.units:
            yield f"      - id: {flow(next(units))}"
            yield f"        name: {flow(unit)}"


def _cluster(cluster: ClusterAnswer, named: str, prefix: str, years: range) -> Iterator[str]:
    yield f"  - id: {flow(named)}"
    yield f"    name: {flow(cluster.name)}"
    yield f"    code_prefix: {flow(prefix)}"
    yield f"    heads:{'' if cluster.email else ' []'}                     # ai nhận thư nhắc trong năm nào"
    for year in years if cluster.email else ():
        yield f"      - {{year: {year}, name: {flow(cluster.head)}, email: {flow(cluster.email)}}}"
    yield "    units:                     # aliases: [tên khác hay ghi] nếu có"


def _settings(answers: Answers) -> Iterator[str]:
    yield "# Cách chương trình chạy. Không ghi mật khẩu vào đây: mật khẩu thư ở biến môi trường DONGHANH_SMTP_PASSWORD."
    yield "time_zone: Asia/Ho_Chi_Minh"
    yield f"workbooks: {flow(answers.workbooks)}            # thư mục các tệp Excel, tính từ nơi gõ lệnh"
    yield ""
    yield from _google(answers.google, cluster_ids([one.name for one in answers.clusters]))
    yield "limits:"
    yield "  max_workbook_mb: 100         # tệp lớn hơn (khi mở ra) thì không đọc"
    yield "  loss_threshold: 0.33         # mất từ một phần ba số dòng thì giữ số cũ, chờ --accept-loss"
    yield "  min_rows_for_loss: 3"
    yield ""
    yield "site: true                     # mỗi lần chạy ghi thêm một trang để xem, theo-doi.html, bên cạnh báo cáo"
    yield "columns: {}                    # tên cột khác mà các đơn vị dùng, ví dụ  unit: [Chi hội]"
    yield ""
    yield from _mail(answers)
    yield ""
    yield from _report(answers)


def _google(google: GoogleAnswer | None, clusters: Sequence[str]) -> Iterator[str]:
    """Yield the section of Google, as a comment as long as an address is missing: half of it would not be valid."""
    if google is None:
        return
    whole = bool(google.master) and len(google.spreadsheets) == len(clusters)
    sign = "" if whole else "# "
    if not whole:
        yield "# Chưa đủ đường dẫn của các bảng: điền nốt rồi xóa dấu # ở đầu các dòng dưới đây. Cho đến lúc đó, thư mục ở trên được dùng."
    yield f"{sign}google:                        # mọi bảng phải được chia sẻ cho tài khoản dịch vụ với quyền Người chỉnh sửa"
    yield f"{sign}  master: {google.master}"
    yield f"{sign}  spreadsheets:"
    for place, cluster in enumerate(clusters):
        yield f"{sign}    {flow(cluster)}: {google.spreadsheets.get(place, '')}".rstrip()
    yield ""


def _mail(answers: Answers) -> Iterator[str]:
    mail = answers.mail
    yield "mail:"
    yield f"  sender: {{name: {flow(mail.sender.name)}, email: {flow(mail.sender.email)}}}"
    yield "  recipients:                  # ai nhận báo cáo; ngoài họ chỉ người phụ trách các khu vực, khối nhận thư nhắc"
    for one in mail.recipients:
        yield f"    - {{name: {flow(one.name)}, email: {flow(one.email)}}}"
    yield "  reminders: true              # nhắc người phụ trách khi còn thiếu"
    yield "  wait_days: 3                 # báo cáo đến hạn chờ bấy nhiêu ngày nếu có bảng chưa đọc được"
    if mail.host:
        security = "tls" if mail.port == _TLS_PORT else "starttls"
        yield f"  smtp: {{host: {flow(mail.host)}, port: {mail.port}, security: {security}, user: {flow(mail.sender.email)}}}"
    else:
        yield "  # Chưa khai máy chủ thư: thư được để trong thư mục hop-thu-di. Muốn tự gửi, xóa dấu # dòng dưới và sửa:"
        yield f"  # smtp: {{host: smtp.gmail.com, port: 587, user: {flow(mail.sender.email)}}}"


def _report(answers: Answers) -> Iterator[str]:
    body = answers.committee
    yield "report:                        # đầu văn bản, chữ ký, nơi nhận"
    yield "  organisation_line: ĐOÀN TNCS HỒ CHÍ MINH"
    yield f"  superior_body: {flow(body.superior_body.upper())}"
    yield f"  issuing_body: {flow(body.issuing_body)}"
    yield "  number_sign: -BC/ĐTN         # đứng sau số văn bản, số để trống"
    yield f"  place: {flow(body.place)}"
    yield f"  district: {flow(body.district)}"
    yield f"  signing_title: {flow(body.signing_title)}"
    yield f"  recipients: {flow([body.superior_body, body.name, 'Các cơ sở Đoàn trực thuộc', 'Lưu: VP'])}"
