"""Stage 6: a finished view and a template → text. The only module that knows Jinja2; templates calculate nothing."""

from __future__ import annotations

from pathlib import Path

import css_inline
import jinja2

from sync.errors import ConfigError
from sync.report import ReportView


class Renderer:
    """Renders reports and mails from one folder of templates."""

    def __init__(self, templates: Path) -> None:
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(templates),
            autoescape=jinja2.select_autoescape(["html.j2"]),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def html(self, view: ReportView) -> str:
        """Return the report as an HTML document of A4 pages; raise ConfigError with file and line of a mistake in a template."""
        return self._render(f"{view.kind}.html.j2", view)

    def mail_html(self, view: ReportView) -> str:
        """Return the mail's body as HTML with its styles in the elements, as mail programs need."""
        return str(css_inline.inline(self._render("mail.html.j2", view)))

    def mail_text(self, view: ReportView) -> str:
        """Return the mail's body as plain text."""
        return self._render("mail.txt.j2", view)

    def _render(self, name: str, view: ReportView) -> str:
        try:
            return self._environment.get_template(name).render(bao_cao=view)
        except jinja2.TemplateSyntaxError as error:
            raise ConfigError(f"{error.filename or name}:{error.lineno}: the template cannot be read: {error.message}") from error
        except jinja2.TemplateNotFound as error:
            raise ConfigError(f"The template {error.name} is missing in the folder of report templates.") from error
        except jinja2.UndefinedError as error:
            raise ConfigError(
                f"{_place(error, name)}: {error.message}; report_templates/README.md lists the names that a template may use"
            ) from error


def _place(error: Exception, name: str) -> str:
    """Return file and line of the innermost template that the error came through."""
    place, trace = name, error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".j2"):
            place = f"{file}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
