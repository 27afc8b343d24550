"""The two seams between the program and the world."""

from __future__ import annotations
