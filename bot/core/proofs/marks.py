"""How a criterion is left to a person, in the words of our own format. Pure."""

MARK_IT = "put `(accept)` right behind its id"
"""Part of a verdict's way out. Where a spec has another tool's format, whoever tells it puts the format's own way in its stead."""
