"""Figures → the finished view of a report: every string as it will stand on the paper. No template calculates anything.

`values` what templates see · `build` one report of any kind · `periods` which year and round it is about · `directed` who handed in ·
`targets` target by target · `facts` what bears on a judgement · `annexes` activities and cells to correct · `review` several years side by side ·
`settled` what people decided · `numbers` plain numbers for the charts.
`report_templates/README.md` lists the names that templates use, in Vietnamese.
"""

from sync.report.beside import Digest, digest_of, digest_record
from sync.report.build import KINDS, report_view
from sync.report.directed import NAMES_IN_MAIL
from sync.report.periods import period_of
from sync.report.values import (
    MARK,
    ActivityGroup,
    ActivityLine,
    Arrears,
    ChartTarget,
    ChartTargetYears,
    ChartYear,
    ClusterYears,
    CorrectionGroup,
    CorrectionLine,
    DueRow,
    DueTable,
    HeirLine,
    Link,
    ReportView,
    SettledLine,
    TargetLine,
    TargetYears,
    Unread,
    YearChart,
    YearFigures,
)

__all__ = [
    "KINDS",
    "MARK",
    "NAMES_IN_MAIL",
    "ActivityGroup",
    "ActivityLine",
    "Arrears",
    "ChartTarget",
    "ChartTargetYears",
    "ChartYear",
    "ClusterYears",
    "CorrectionGroup",
    "CorrectionLine",
    "Digest",
    "DueRow",
    "DueTable",
    "HeirLine",
    "Link",
    "ReportView",
    "SettledLine",
    "TargetLine",
    "TargetYears",
    "Unread",
    "YearChart",
    "YearFigures",
    "digest_of",
    "digest_record",
    "period_of",
    "report_view",
]
