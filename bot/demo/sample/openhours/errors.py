"""The one error this library raises."""


class HoursError(ValueError):
    """The text is not a set of opening hours; the message says which part and why."""
