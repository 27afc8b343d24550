"""Personal data in people's cells: found, named by kind, and masked in everything that the system writes (contract section 5, `personal-data`).

The plan needs counts only. Phones, identity-card and bank numbers, mail addresses, homes and a child's name with class or birth date
never leave the sheet in which they were typed.

harmless.py  texts in which nothing can be found, told at a glance
search.py    all of it together; cells.py: in a cell of any type
shadow.py    the text as it is searched: no accents, odd spaces, old encodings
numbers.py   phones, cards, accounts, mail addresses
names.py     children's names with class or birth (words.py: surnames, and what is no name)
homes.py     where people live
"""

from sync.personal.cells import kinds_in_cell, masked_cell
from sync.personal.harmless import plain_and_harmless
from sync.personal.search import find_personal, kinds_in, mask

__all__ = ["find_personal", "kinds_in", "kinds_in_cell", "mask", "masked_cell", "plain_and_harmless"]
