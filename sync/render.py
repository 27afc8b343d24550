"""Stage 6: a finished view and a template → text. The only module that knows Jinja2; templates calculate nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

import css_inline
import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sync import charts
from sync.errors import ConfigError
from sync.loss_letter import LossView
from sync.model import Document, Picture
from sync.pdf import PdfMissing, Printer
from sync.reminders import ReminderView
from sync.reminders import values as reminder_values
from sync.report import Digest, ReportView
from sync.report import values as report_values
from sync.resources import digest_of, files_digest, versions_of
from sync.site import SiteView
from sync.site import values as site_values

_PIECES = 10_000
_MADE_BY = ("css-inline", "fonttools", "Jinja2", "lxml", "matplotlib", "pillow", "python-docx", "weasyprint")
"""With another version of one of them the same report may be other bytes."""
_SHOWN = 600
"""Width of a chart where no style sheet says it: an upright page's text, and a mail's."""
VIEWS = frozenset(
    one
    for module in (site_values, report_values, reminder_values)
    for one in vars(module).values()
    if isinstance(one, type) and is_dataclass(one) and one.__module__ == module.__name__
)
"""What templates are shown: frozen, with fields of plain values and of one another, no methods."""
_HELP = "report_templates/README.md lists the names that a template may use"


@dataclass(frozen=True, slots=True)
class ShownChart:
    """A chart as templates see it."""

    caption: str
    alt: str
    address: str
    """`data:` in a page, which carries its pictures; `cid:` in a mail, which has them beside it."""
    width: int
    """Pixels of a screen, as `height`: for mail and word processors, which know no style sheet; browsers fill the page."""
    height: int


def _shown(chart: charts.Chart, address: str) -> ShownChart:
    height = round(_SHOWN * chart.height_mm / chart.width_mm)
    return ShownChart(chart.caption, chart.picture.alt, address, _SHOWN, height)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, which asks less often about what it is mostly asked for: a field of one of the finished, frozen views."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Return whether a template may see the attribute: of a view all but what begins with an underscore, else as Jinja2 says."""
        if type(obj) in VIEWS:
            return not attr.startswith("_")
        return super().is_safe_attribute(obj, attr, value)


class Renderer:
    """Renders reports and mails from one folder of templates; every mistake in one raises ConfigError with its file and line."""

    def __init__(
        self, templates: Path, forms: Sequence[str] = ("html",), say: Callable[[str], None] = lambda line: None, *, own: Path | None = None
    ) -> None:
        """Render by ``templates`` into these ``forms`` (html, pdf, docx); ``say`` hears once if PDF cannot be made here.

        A template that lies in the folder ``own`` takes the place of the one of the same name.
        """
        self._forms, self._say = forms, say
        self._folders = [own, templates] if own else [templates]
        self._fonts = templates / "fonts"
        self._printer = Printer(self._fonts)
        self._environment = _Sandbox(
            loader=jinja2.FileSystemLoader(self._folders, encoding="utf-8-sig"),
            autoescape=jinja2.select_autoescape(["html.j2"]),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        # Nothing is ever fetched for a mail: a style sheet that lies elsewhere is left out.
        self._inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)

    def digest(self) -> str:
        """Return a digest of what documents are made by: libraries, templates, forms; without PDF once none was found possible here."""
        files = [path for folder in self._folders for path in folder.rglob("*") if path.is_file()]
        return f"{' '.join(self._forms)} {files_digest(files)} {digest_of(versions_of(_MADE_BY))}"

    def documents(self, name: str, view: ReportView) -> list[Document]:
        """Return the report as a file of each form, HTML first."""
        html = self.html(view)
        made = [Document(f"{name}.html", "text/html", html.encode())] if "html" in self._forms else []
        if "pdf" in self._forms:
            made += self._pdf(name, html, view)
        if "docx" in self._forms:
            from sync.word import WORD, word  # noqa: PLC0415 - takes a while to import

            title = f"Báo cáo {view.subject}"
            made.append(Document(f"{name}.docx", WORD, word(html, view.form, title=title, made=datetime.combine(view.as_of_day, time()))))
        return made

    def _pdf(self, name: str, html: str, view: ReportView) -> list[Document]:
        try:
            return [Document(f"{name}.pdf", "application/pdf", self._printer.pdf(html, view.form.font))]
        except PdfMissing as missing:
            self._say(str(missing))
            self._forms = tuple(form for form in self._forms if form != "pdf")
            return []

    def html(self, view: ReportView) -> str:
        """Return the report as an HTML document of A4 pages."""
        drawn = [_shown(one, _data(one.picture)) for one in charts.for_paper(view, self._fonts)]
        return self._render(f"{view.kind}.html.j2", bao_cao=view, bieu_do=drawn)

    def mail_pictures(self, view: ReportView) -> tuple[Picture, ...]:
        """Return the pictures that the mail's HTML names by their content id."""
        return tuple(one.picture for one in charts.for_mail(view, self._fonts))

    def mail_html(self, view: ReportView, beside: Digest) -> str:
        """Return the mail's body as HTML with its styles in the elements, as mail programs need."""
        drawn = [_shown(one, f"cid:{one.picture.cid}") for one in charts.for_mail(view, self._fonts)]
        return str(self._inliner.inline(self._render("mail.html.j2", bao_cao=view, bieu_do=drawn, thu=beside)))

    def mail_text(self, view: ReportView, beside: Digest) -> str:
        """Return the mail's body as plain text."""
        return self._render("mail.txt.j2", bao_cao=view, thu=beside)

    def reminder_html(self, view: ReminderView) -> str:
        """Return a reminder's body as HTML with its styles in the elements."""
        return str(self._inliner.inline(self._render("nhac.html.j2", nhac=view)))

    def reminder_text(self, view: ReminderView) -> str:
        """Return a reminder's body as plain text."""
        return self._render("nhac.txt.j2", nhac=view)

    def page(self, view: SiteView) -> Iterator[bytes]:
        """Yield the page to look at: all in one, and its policy lets nothing run or show but its own style and script.

        It grows with the district, so it comes in parts, and is nowhere whole but in its file. Raises ConfigError, also on the way.
        """
        style, script = self._render("_site_style.css.j2"), self._render("_site_script.js.j2")
        more = {"kieu": style, "ma": script, "dau_kieu": _hash(style), "dau_ma": _hash(script)}
        yield from _in_parts(self._pieces("theo-doi.html.j2", trang=view, **more))

    def loss_html(self, view: LossView) -> str:
        """Return the body, as HTML with its styles in the elements, of the mail that says which rows went."""
        return str(self._inliner.inline(self._render("mat-dong.html.j2", mat=view)))

    def loss_text(self, view: LossView) -> str:
        """Return the same as plain text."""
        return self._render("mat-dong.txt.j2", mat=view)

    def _render(self, name: str, **shown: object) -> str:
        return "".join(self._pieces(name, **shown))

    def _pieces(self, name: str, **shown: object) -> Iterator[str]:
        try:
            yield from self._environment.get_template(name).generate(**shown)
        except jinja2.TemplateSyntaxError as error:
            raise ConfigError(f"{error.filename or name}:{error.lineno}: the template cannot be read: {error.message}; {_HELP}.") from error
        except jinja2.TemplateNotFound as error:
            raise ConfigError(f"{_place(error, name)}: the template {error.name} is not in the folder of report templates.") from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"A template of {name} is not UTF-8; save it again as UTF-8.") from error
        except RecursionError as error:
            raise ConfigError(f"{name}: a template includes itself; {_HELP}.") from error
        except MemoryError as error:
            raise ConfigError(f"{_place(error, name)}: the template makes more text than memory holds; {_HELP}.") from error
        except (jinja2.TemplateError, ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError) as error:
            # The view is finished and typed: whatever goes wrong while a template is read or runs is the template's mistake.
            raise ConfigError(f"{_place(error, name)}: {str(error).rstrip('.')}; {_HELP}.") from error


def _in_parts(pieces: Iterable[str]) -> Iterator[bytes]:
    """Yield the text as bytes, some ten thousand pieces of a template at a time."""
    rest = iter(pieces)
    while some := list(islice(rest, _PIECES)):
        yield "".join(some).encode()


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _data(picture: Picture) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture.png).decode()}"


def _place(error: Exception, name: str) -> str:
    """Return file and line of the innermost template that the error came through."""
    place, trace = name, error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".j2"):
            place = f"{file}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
