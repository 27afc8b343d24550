"""What a spreadsheet shows, as plain data: made by `publish`, written by whichever home the spreadsheets have."""

from __future__ import annotations
