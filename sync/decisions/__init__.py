"""What people decide in the master's tab `Cần sửa`: read back, remembered, carried out, and said when it no longer holds.

`words` the choices, which finding each fits, the sentences · `keys` what a decision is bound to · `answers` the tab as people left it →
decisions · `late` what was handed in late, as something to decide · `carry_out` decisions → which rows count, which findings are left ·
`judge` all of it in order.
"""

from sync.decisions.judge import Decided, judge, remembered
from sync.decisions.words import CHOICES, choice_of, is_about_lateness

__all__ = ["CHOICES", "Decided", "choice_of", "is_about_lateness", "judge", "remembered"]
