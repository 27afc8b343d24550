"""Texts of which surely nothing need be said, told for a whole column at one go: most texts are such, and no two of them alike."""

from __future__ import annotations

from collections.abc import Sequence

from sync.normalise.cells import is_link
from sync.personal import plain_and_harmless

_NO_LINK = ",;<>\"'\t\n\v\f\r\x1c\x1d\x1e\x1f"
_BETWEEN = " "
"""Stands between addresses that are looked at together, and in none of them."""
_SCHEME = len("https://")


def plain_texts(texts: Sequence[str]) -> Sequence[str | None]:
    """Return each text that reads as it stands, in Unicode and with nothing personal in it; `None` in place of the others."""
    harmless = plain_and_harmless(texts)
    return texts if all(harmless) else [text if sure else None for text, sure in zip(texts, harmless, strict=True)]


def links(texts: Sequence[str]) -> Sequence[tuple[str] | None]:
    """Return each text that is one http(s) address as such; `None` in place of the others."""
    together = _BETWEEN.join(("", *texts))
    if not together.isascii() or together.count(_BETWEEN) != len(texts) or any(sign in together for sign in _NO_LINK):
        return [None] * len(texts)
    first = _host(next(filter(None, texts), ""))
    if is_link(first) and together.count(_BETWEEN + first) + texts.count("") == len(texts):
        return [(text,) if text else None for text in texts]
    hosts = list(map(_host, texts))
    good = set(filter(is_link, set(hosts)))
    return [(text,) if host in good else None for text, host in zip(texts, hosts, strict=True)]


def _host(text: str) -> str:
    """Return an address up to its path: behind that anything but the signs of `_NO_LINK` may follow."""
    return text[: text.find("/", _SCHEME) + 1]
