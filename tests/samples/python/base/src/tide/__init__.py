"""How long until the water is back."""


def minutes_left(now: int, high_water: int) -> int:
    """Minutes from one time of the day to the next high water; both count from midnight."""
    return (high_water - now) % 1440
