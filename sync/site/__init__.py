"""Figures → the finished view of the page to look at: every string as it will stand there. No template calculates anything.

`values` what the template sees · `build` the whole page · `figures` goals, bars, rows of figures · `members` clusters and their units ·
`duties` who handed in · `activities` what a unit did · `corrections` cells to put right · `calendar` dated obligations.
What the reports have already (sentences, marks, links) is taken from `sync.report`.
"""

from sync.site.build import site_view
from sync.site.values import SiteView

__all__ = ["SiteView", "site_view"]
