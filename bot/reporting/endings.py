"""What is said where a run ends short of what it was to do."""


def unmended(row: str, reason: str, otherwise: str) -> str:
    """The way out for a row that was to be mended and was not: `reason` is how the repair ended, `otherwise` what helps besides."""
    return f"{otherwise}; `/specbot fix mend {row}` has an agent go on with it. It was to be mended, but {reason}"
