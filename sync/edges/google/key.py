"""The key under which pulls are kept: from the environment, or of this user on this machine; never beside what it opens."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from sync.errors import UsageError

VARIABLE = "DONGHANH_CACHE_PASSPHRASE"
_LEAST = 16
_BYTES = 32


def cache_key(environment: Mapping[str, str]) -> bytes | None:
    """Return the key (32 bytes), `None` where this user has no place to keep one; raise UsageError for a word that can be guessed.

    The key in the environment goes before the user's own, which is made once, for this user's eyes alone.
    """
    if word := environment.get(VARIABLE):
        if len(word) < _LEAST:
            raise UsageError(f"{VARIABLE} has fewer than {_LEAST} characters; take a long random one (`openssl rand -hex 32`).")
        return hashlib.scrypt(word.encode(), salt=b"donghanh: pulls", n=2**14, r=8, p=1, dklen=_BYTES)
    return _own_key(environment)


def _own_key(environment: Mapping[str, str]) -> bytes | None:
    home = environment.get("XDG_STATE_HOME") or (f"{environment['HOME']}/.local/state" if environment.get("HOME") else None)
    if not home:
        return None
    path = Path(home) / "donghanh" / "pulls.key"
    try:
        return _read(path) or _made(path)
    except OSError:
        return None


def _read(path: Path) -> bytes | None:
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        return None
    return key if len(key) == _BYTES else None


def _made(path: Path) -> bytes | None:
    """Make the key; where another run was quicker, take its."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    key = secrets.token_bytes(_BYTES)
    with os.fdopen(handle, "wb") as file:
        file.write(key)
    return key
