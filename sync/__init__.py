"""donghanh: from the spreadsheets that units fill in to a report that can be signed.

The stages, in the order of `sync.run`:

1. pull: each cluster's spreadsheet becomes a Sheet, or Skipped with its reason
2. normalise: a Sheet's cells become activities and findings
3. check: the rules of the plan add findings; nothing is dropped, nothing raises
4. rollup: activities become progress against the targets, and who has reported
5. publish: progress and findings become the master and each cluster's feedback
6. render: the figures and a template become a report
7. deliver: what is due becomes mail, sent once
"""

__version__ = "0.1.0"
