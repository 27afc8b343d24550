"""A cluster's spreadsheet as it is handed out: one description, which each home carries out in its own way.

values.py   the description, as plain data
form.py     settings → the tab `Hoạt động` of one cluster
guide.py    settings → its tab `Hướng dẫn`
compare.py  what people changed since
"""

from sync.provision.form import sheet_form
from sync.provision.values import Entry, Fitted, InputColumn, SheetForm, TablePlace

__all__ = ["Entry", "Fitted", "InputColumn", "SheetForm", "TablePlace", "sheet_form"]
