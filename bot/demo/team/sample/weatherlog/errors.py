"""The one error this library raises."""


class LogError(ValueError):
    """The text is not a log; the message says which line and why."""
