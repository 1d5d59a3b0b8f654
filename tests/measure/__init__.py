"""Importers held against real folders of other people's specs. Nothing of those is kept here: `python -m tests.measure.FORMAT FOLDER`."""
