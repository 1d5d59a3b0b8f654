"""`python -m openhours`: check, print and ask opening hours from a shell."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import Sequence

from openhours.days import DAYS
from openhours.errors import HoursError
from openhours.reading import parse
from openhours.schedule import Schedule
from openhours.writing import format_hours, format_table


def main(argv: Sequence[str] | None = None) -> int:
    """0 when it worked (for `status`: when open), 1 for `status` when closed, 2 when the hours cannot be read."""
    arguments = _arguments().parse_args(argv)
    try:
        schedule = parse(arguments.hours)
    except HoursError as error:
        print(f"openhours: {error}", file=sys.stderr)
        return 2
    if arguments.command == "check":
        print(format_hours(schedule))
        return 0
    if arguments.command == "table":
        print(format_table(schedule))
        return 0
    print(status(schedule, arguments.at))
    return 0 if schedule.is_open(arguments.at) else 1


def status(schedule: Schedule, at: datetime) -> str:
    """`open, closes Fr 18:00`, `closed, opens Mo 09:00`, `always open` or `never open`."""
    change = schedule.next_change(at)
    now_open = schedule.is_open(at)
    if change is None:
        return "always open" if now_open else "never open"
    moment = f"{DAYS[change.weekday()]} {change:%H:%M}"
    return f"open, closes {moment}" if now_open else f"closed, opens {moment}"


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="openhours", description="Check, print and ask opening hours.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, purpose in (
        ("check", "print the hours in their shortest form"),
        ("table", "print one line for each day"),
        ("status", "say whether it is open, and until when"),
    ):
        command = commands.add_parser(name, help=purpose)
        command.add_argument("hours", help='for example "Mo-Fr 09:00-18:00; Sa 10:00-14:00"')
        if name == "status":
            command.add_argument("--at", type=datetime.fromisoformat, default=datetime.now(), help="a moment, 2026-03-07T11:30")
    return parser


if __name__ == "__main__":
    sys.exit(main())
