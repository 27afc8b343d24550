"""Google Sheets as the home of spreadsheets: gspread and google-auth, as few requests as can be, and no unit's cell ever touched.

home.py      read, publish, tell: what `Spreadsheets` promises
setup.py     what doctor finds: who the program is there, what it may read and write
form.py      what provision changes: a table made, or what is the system's in it repaired
client.py    every request, by the methods of Sheets and Drive
pool.py      several credentials: who asks next, who may see what, who was set aside
credential.py  one credential: token, pace, attempts, bounds, count
decoding.py  an answer's JSON: a large one's equal cells once, a master's rows one by one
limits.py    so many requests a minute, for each account and each project
trouble.py   why Google refused, in one sentence
reading.py   the JSON of a spreadsheet → Sheet
pulls.py     what this run read: a few words of each in memory, the rest packed and encrypted on the disk
packing.py   a sheet, an answer ↔ bytes; the mark of what a cluster is told
cache.py     what was read last, kept as long as Drive says that nothing changed
results.py   what came of it, kept as long as all else that it follows from is the same
tabs.py      a tab as it stands, and which one is the program's own
tab_writer.py  a described tab → the changes that make a Google tab look like it
tab_values.py  its values, row by row, and the blocks in which what differs is written
alignment.py  which row that stands is which row that is wanted
row_steps.py  which rows are therefore inserted and deleted
row_looks.py  how each row looks, in a few characters that a tab remembers
tab_look.py  how a tab looks, as requests
tab_relaid.py  what of it has to be laid anew when rows have moved
over_cells.py  conditional formats and charts
style.py     how each format looks
master.py    the master: one atomic batch, which only one of two runs can carry out
master_writer.py  writes it, and looks what became of a write that was interrupted
staging.py   a batch too large for one request → pieces in a hidden tab, and a small batch
feedback.py  verdicts, notes and the tab `Tiến độ` in a cluster's own spreadsheet
"""

from sync.edges.google.client import connect
from sync.edges.google.home import GoogleSheets
from sync.edges.google.limits import Pace

__all__ = ["GoogleSheets", "Pace", "connect"]
