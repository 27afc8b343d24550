"""The fault campaign: simulated daily runs of the real command, each with something going wrong, and what must hold after every one.

`python -m tests.chaos --runs 1000 --seed 2027` prints the table of docs/reliability.md; `make chaos` is the same.

    plain.py      an independent reader: the stand-in's own state or a file → plain values, rows, figures; knows nothing of `sync`
    district.py   the little district as configuration, and the calendar of its letters, worked out by hand
    people.py     what people do to their sheets, between the runs and during them
    world.py      the stand-in for Google, the mail server, the folder; what they saw and when
    child.py      one run of the command in a process of its own, which may be killed or meet a full disk
    faults.py     what goes wrong: each kind arranges it for one run or for some days
    invariants.py what holds after every run; each breach is a sentence
    campaign.py   episodes of a month each, drawn from a seed; the table
"""
