"""Texts of which surely nothing need be said, told for a whole column at one go: most texts are such, and no two of them alike."""

from __future__ import annotations

from collections.abc import Sequence

from sync.normalise.cells import is_link
from sync.personal import plain_and_harmless

_NO_LINK = " ,;<>\"'"
_SCHEME = len("https://")


def plain_texts(texts: Sequence[str]) -> Sequence[str | None]:
    """Return each text that reads as it stands, in Unicode and with nothing personal in it; `None` in place of the others."""
    harmless = plain_and_harmless(texts)
    return texts if all(harmless) else [text if sure else None for text, sure in zip(texts, harmless, strict=True)]


def links(texts: Sequence[str]) -> Sequence[tuple[str] | None]:
    """Return each text that is one http(s) address as such; `None` in place of the others."""
    together = "".join(texts)
    if not together.isascii() or not together.isprintable() or any(sign in together for sign in _NO_LINK):
        return [None] * len(texts)
    hosts = [text[: text.find("/", _SCHEME) + 1] for text in texts]  # behind the host anything but these signs may follow
    good = set(filter(is_link, set(hosts)))
    if good.issuperset(hosts):
        return list(zip(texts, strict=True))
    return [(text,) if host in good else None for text, host in zip(texts, hosts, strict=True)]
