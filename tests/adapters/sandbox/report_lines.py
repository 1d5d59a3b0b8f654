"""A report's lines, for looking at in tests."""

import json
from typing import Any

from bot.core.ports import BoxResult


def lines(result: BoxResult, kind: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in result.report.splitlines()]
    return [line for line in found if line["kind"] == kind]


def outcomes(result: BoxResult) -> dict[str, str]:
    """Named tests and how they ended; the canary's own as `canary`."""
    return {
        "canary" if line["name"].startswith("specbot::canary_") else line["name"]: line["outcome"]
        for line in lines(result, "test")
    }
