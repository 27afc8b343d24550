"""A stand-in for Google: a real HTTP server for the parts of Sheets v4, Drive v3 and the token endpoint that are used.

It builds Google's behaviour, not what the client here happens to need; each module says where its behaviour comes from. Nothing
under `sync/` knows it. `python -m tests.google` runs it for trying things by hand.

    server.py     HTTP: routes, compression, faults, the log of requests
    access.py     accounts, signed token requests, quotas a minute
    discovery.py  holds every request and answer to Google's own discovery documents
    masks.py      field masks
    state.py      spreadsheets: typed cells, merges, notes, formats, what moves when rows are inserted
    cells.py      typed values, what was typed, how it is shown
    changes.py    batchUpdate: all or nothing
    values.py     spreadsheets.values
    drive.py      files, their listing and who may see them
    page.py       the sheets as tables, for people
    workbooks.py  .xlsx files laid out as spreadsheets
    conversions.py  exports, and CSV uploaded over a spreadsheet
    caller.py     a plain caller over HTTP, for the tests of all this
"""

from tests.google.faults import Fault
from tests.google.server import StandIn

__all__ = ["Fault", "StandIn"]
