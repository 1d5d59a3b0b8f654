"""`python -m weatherlog`: check a log and look into it from a shell."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Sequence

from weatherlog.errors import LogError
from weatherlog.log import Log
from weatherlog.reading import read_log
from weatherlog.writing import format_log


def main(argv: Sequence[str] | None = None) -> int:
    """0 when it worked, 2 when the log cannot be read."""
    arguments = _arguments().parse_args(argv)
    try:
        log = read_log(arguments.file.read_text(encoding="utf-8"))
    except (LogError, OSError, UnicodeDecodeError) as error:
        print(f"weatherlog: {arguments.file}: {error}", file=sys.stderr)
        return 2
    if arguments.command == "check":
        print(summary(log))
    else:
        print(format_log(log.on(arguments.day)))
    return 0


def summary(log: Log) -> str:
    """`12 observations from 2026-05-01 00:00 to 2026-05-03 18:00`, or `no observations`."""
    if not log:
        return "no observations"
    first, last = log.observations[0].at, log.observations[-1].at
    return f"{len(log)} observations from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}"


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="weatherlog", description="Check a weather station's log and look into it.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="say how many observations there are, and from when to when")
    day = commands.add_parser("day", help="print the observations of one day")
    for command in (check, day):
        command.add_argument("file", type=Path, help="a log, see the README")
    day.add_argument("day", type=date.fromisoformat, help="a day, 2026-05-02")
    return parser


if __name__ == "__main__":
    sys.exit(main())
