"""Stage 5: progress and findings → what the master and each feedback show, as data. Nothing is written here."""

from sync.publish.feedback import feedback
from sync.publish.master import master_workbook, with_memory

__all__ = ["feedback", "master_workbook", "with_memory"]
