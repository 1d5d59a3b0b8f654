"""How long until the water is back."""


def minutes_left(now: int, high_water: int) -> int:
    """Minutes from one time of the day to the next high water; both count from midnight."""
    return (high_water - now) % 1440


def spoken(minutes: int) -> str:
    """The time that is left as people say it."""
    parts = ((minutes // 60, "hour"), (minutes % 60, "minute"))
    return " and ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count)
