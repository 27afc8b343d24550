"""Is everything set up? Facts that the edges found → one line a check, each with what to do, for somebody who is no programmer.

facts.py   what was found: values
checks.py  facts → checks
words.py   what each trouble means, and what to do about it
"""

from sync.doctor.facts import Account, Check, MailFacts, MasterFacts, Place, State, TableFacts

__all__ = ["Account", "Check", "MailFacts", "MasterFacts", "Place", "State", "TableFacts"]
