"""The command. Prints a plain table; `--write` also stores it as `RESULTS.md` beside this file."""

import argparse
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import (
    agent_turn,
    box_start,
    linting,
    memory,
    request_bytes,
    side_by_side,
    team,
    trees,
    webhook,
    whole_run,
)
from tests.bench.measuring import Row

BENCHES = {
    "box": box_start.measure,
    "turn": agent_turn.measure,
    "alone": side_by_side.measure,
    "bytes": request_bytes.measure,
    "memory": memory.measure,
    "webhook": webhook.measure,
    "run": whole_run.measure,
    "team": team.measure,
    "trees": trees.measure,
    "lint": linting.measure,
}

RESULTS = Path(__file__).with_name("RESULTS.md")

HEAD = ("what", "ours", "against", "theirs", "ratio")


def table(rows: list[Row]) -> str:
    """Two tables in Markdown: the figures, and what each means."""
    figures = [HEAD, *((row.what, row.ours, row.against, row.theirs, row.ratio) for row in rows)]
    widths = [max(len(line[column]) for line in figures) for column in range(len(HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in figures
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join([*lines, "", *(f"- **{row.what}**: {row.meaning}." for row in rows)])


def page(rows: list[Row], seconds: float) -> str:
    """The stored results, with the machine that they are from."""
    load = os.getloadavg()
    machine = f"{os.cpu_count()} cores ({_processor()}), {_memory_gib():.0f} GiB, Linux {platform.release().split('-')[0]}, Python {platform.python_version()}"
    return "\n".join(
        [
            "# Speed and size",
            "",
            f"Written by `python -m tests.bench --write` on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC in {seconds:.0f} s.",
            f"Machine: {machine}. Load average while measuring: {load[0]:.1f} (1 minute), {load[1]:.1f} (5 minutes){_priority()}.",
            "",
            "The machine is shared and noisy: other work ran beside this. Between runs times differed by up to five times and ratios, though",
            "taken within one turn, by up to three; only bytes, memory and, roughly, processor time are steady. Figures are the median (lowest–highest) over the turns; × is ours by theirs.",
            "",
            table(rows),
            "",
        ]
    )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"some of {', '.join(BENCHES)}; all when none is named"
    )
    parser.add_argument("--write", action="store_true", help=f"store the table in {RESULTS.name} (needs all of them)")
    given = parser.parse_args(arguments)
    if unknown := sorted(set(given.names) - set(BENCHES)):
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    if given.write and given.names:
        parser.error("--write stores all figures of one run: name none")
    started = time.monotonic()
    rows: list[Row] = []
    for name in given.names or BENCHES:
        before = time.monotonic()
        rows += BENCHES[name]()
        sys.stderr.write(f"measured {name} in {time.monotonic() - before:.0f} s\n")
    seconds = time.monotonic() - started
    sys.stdout.write(
        f"{table(rows)}\n\n{seconds:.0f} s; load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n"
    )
    if given.write:
        RESULTS.write_text(page(rows, seconds), encoding="utf-8")
    return 0


def _priority() -> str:
    """Told when it is not the usual one: on a busy machine it keeps others from being measured too."""
    return f"; at raised priority (nice {os.nice(0)})" if os.nice(0) else ""


def _processor() -> str:
    found = [line.partition(":")[2] for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    return " ".join((found or [platform.machine()])[0].split())


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
