"""Real boxes; see `place`."""

from tests.adapters.sandbox.place import checkout, place, with_pytest

__all__ = ["checkout", "place", "with_pytest"]
