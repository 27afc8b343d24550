"""Where people live, in a shadow: an address after words such as `nhà ở`, or beside something else that is personal.

The address of a school or a hall is no secret, and nothing but the words around it tells the two apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sync.personal.shadow import HIDDEN, Shadow

HOME = "địa chỉ nhà"

_LIVES = (
    r"\b(?:thuong tru|tam tru|cu tru|cu ngu|ngu tai|ngu o|hien ngu|ngu|noi o|cho o|nha rieng|dia chi nha|dia chi thuong tru|dia chi lien he|dc nha|hktt"
    r"|nha (?:em|chau|be|ban|hoc sinh|hs|phu huynh)(?: \w+){0,4}? (?:o|tai)|nha (?:o|tai)|nha so|so nha)\b[\s:.\-]{0,4}(?:tai|o|so)?[\s:.\-]{0,3}"
)
_STREET = r"(?:so\s*)?(?:[a-z]{0,2}\d{1,4}[a-z]{0,2}(?:[/\-.]\d{1,4}[a-z]{0,2}){0,4})[\s,]+(?:(?:duong|d\.|pho|hem|ngo|ngach|to|ap|khu pho|kp|le|quoc lo|tinh lo|huong lo)\b[\s.]*)?"
_REST = rf"[^\n;{HIDDEN}]{{0,90}}?(?=[;\n{HIDDEN}()]|\.\s|\.?$|,?\s+(?:sdt|dt|dien thoai|lien he|lh|email|cccd|sinh|lop|hoc)\b)"
_AFTER_WORDS = re.compile(rf"{_LIVES}(?P<at>{_STREET}{_REST})", re.IGNORECASE)
_BESIDE = re.compile(
    rf"(?<![\w/.,])(?:(?:dia chi|dc|o|tai)\b[\s:.]*)?(?P<at>(?:so\s+)?\d{{1,4}}[a-z]?(?:/\d{{1,4}}[a-z]?){{0,4}}[\s,]+(?:duong|d\.|hem|ngo|pho|ap|kp|khu pho|to)\b{_REST})",
    re.IGNORECASE,
)
HINT = re.compile(r"\b(?:tru|ngu|noi o|cho o|nha|dc|hktt|duong|hem|ngo|pho|ap|kp|to)\b", re.IGNORECASE)


def find(shadow: Shadow, *, beside_others: bool) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, kind) of each home's address in the shadow's own letters; any address where ``beside_others``."""
    if not HINT.search(shadow.plain):
        return
    yield from ((*found.span("at"), HOME) for found in _AFTER_WORDS.finditer(shadow.plain))
    if beside_others:
        yield from ((*found.span("at"), HOME) for found in _BESIDE.finditer(shadow.plain))
