"""Stage 2: a Sheet's cells become activities and findings. `Reader` is the way in; one module a kind of cell."""

from sync.normalise.reader import Reader

__all__ = ["Reader"]
