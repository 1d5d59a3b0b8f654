"""Kiro's format, and cc-sdd's dialect of it: `.kiro/specs/NAME/` with `requirements.md` or `bugfix.md`, `design.md`, `tasks.md`. Pure.

Grammar from Kiro's documentation and what it writes; cc-sdd's from its own templates and rules.
"""

from bot.core.specs.formats.kiro.reader import before, read, wanted

__all__ = ["before", "read", "wanted"]
