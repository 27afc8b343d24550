"""Broken workbooks, broken answers of Google, broken configuration and templates: made by chance, or by a fuzzer that watches the code.

mutate.py    broken inputs from whole ones, out of a source of choices
oracle.py    what must hold whatever comes in
__main__.py  `make fuzz`: the coverage-guided fuzzer (atheris where there is one for this Python, else by lot)
"""
