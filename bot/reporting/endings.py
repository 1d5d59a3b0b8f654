"""What is said where a run ends short of what it was to do."""


def unmended(row: str, reason: str, otherwise: str) -> str:
    """The way out for a row that was to be mended and was not: `reason` is how the repair ended, `otherwise` what helps besides."""
    return f"{otherwise}; `/specbot fix mend {row}` has an agent go on with it. It was to be mended, but {reason}"


def half_mended(reason: str) -> str:
    """Why nothing is pushed although something was proven: a part of the repair is in the candidate already, and nobody has proven the two together."""
    return f"{reason}. What was proven is not pushed: a part of what the review asked for is merged into it, and that is not proven yet"
