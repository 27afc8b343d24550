"""A report's HTML → PDF with its fonts inside, tagged, the same bytes each time. The only module that knows WeasyPrint."""

from __future__ import annotations

import logging
import os
import warnings
from functools import cache
from pathlib import Path
from typing import Any

from sync.errors import ConfigError

_ANNEX = (
    "@page phuluc { @top-center { content: counter(page) !important } }"
    "@page :nth(1 of phuluc) { counter-reset: page 1 !important; @top-center { content: none !important } }"
)
"""An annex counts its own pages and shows no number on its first: what browsers cannot do."""
_FACES = (("Regular", 400, "normal"), ("Bold", 700, "normal"), ("Italic", 400, "italic"), ("BoldItalic", 700, "italic"))


class PdfMissing(Exception):
    """No fault, the run goes on without PDF: the system's Pango is not there; the text says what to install."""


class Printer:
    """Prints reports; ``fonts`` is the folder of the letters that go into every PDF."""

    def __init__(self, fonts: Path) -> None:
        self._fonts = fonts

    def pdf(self, html: str, font: str) -> bytes:
        """Return the page as PDF/UA: tagged, titled, its fonts embedded; raise PdfMissing where Pango is not installed.

        Whatever ``font`` the settings name is drawn with our own letters (Tinos has the widths of Times New Roman): the same
        report is the same bytes on every machine, with or without that font. Nothing is fetched; a picture has to lie in the page.
        """
        weasyprint = _weasyprint()
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - needs Pango

        fonts = FontConfiguration()
        fetcher = _fetcher(self._fonts)
        style = weasyprint.CSS(string=self._faces(font), font_config=fonts, url_fetcher=fetcher)
        page = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url=self._fonts.as_uri())
        made = page.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1", custom_metadata=False)
        return bytes(made)

    def _faces(self, font: str) -> str:
        """Return the style sheet that puts our letters in the place of every serif font that a report names."""
        faces = []
        for name, weight, slope in _FACES:
            file = self._fonts / f"Tinos-{name}.woff2"
            if not file.is_file():
                raise ConfigError(f"{file} is missing; put the fonts back that came with donghanh.")
            for family in dict.fromkeys((font, "Times New Roman", "Tinos")):
                faces.append(
                    f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {slope}; src: url("{file.as_uri()}"); }}'
                )
        return "\n".join([*faces, _ANNEX])


@cache
def _weasyprint() -> Any:
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it warns of every style that only Word or a screen knows
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # fontTools, where HarfBuzz' subset library is missing, stamps letters with the hour
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # without HarfBuzz' subset library it warns, and uses fontTools in its place
            import weasyprint  # noqa: PLC0415 - needs Pango, and takes a second
    except OSError as error:
        raise PdfMissing("no PDF is made: Pango is not installed (Debian and Ubuntu: apt install libpangoft2-1.0-0).") from error
    return weasyprint


def _fetcher(fonts: Path) -> Any:
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 - needs Pango

    class OnlyOurFonts(URLFetcher):  # type: ignore[misc]
        """Gives the letters and what lies in the page itself; nothing else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith(("data:", f"{fonts.as_uri()}/")):
                return super().fetch(url, headers)
            raise ValueError(f"{url} is not fetched")

    return OnlyOurFonts()
