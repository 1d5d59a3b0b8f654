"""The spec-kit format (github/spec-kit 1.0.1): a folder `specs/NNN-slug/` with `spec.md`, `plan.md` and `tasks.md`. Pure; imports only core."""

from bot.core.specs.formats.speckit.folder import before, read, wanted

__all__ = ["before", "read", "wanted"]
