"""Reminders to cluster heads: when (`stages`), what a cluster still owes (`owing`), what a mail says of it (`values`, `build`)."""

from sync.reminders.build import Reminders, reminders
from sync.reminders.stages import Stage, current, next_stage, stages
from sync.reminders.values import ReminderView

__all__ = ["ReminderView", "Reminders", "Stage", "current", "next_stage", "reminders", "stages"]
