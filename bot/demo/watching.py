"""What the terminal shows while a run goes on: one line a step, the agents' tool calls dimmed below it."""

import json
from datetime import datetime

from rich.console import Console

from bot.core.visible import visible
from bot.demo.act import Told

SHOWN = 64
"""Characters of a tool call or a pause on its line: a terminal's width."""


class Watch:
    """Prints what it is told, with the time since the first event."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began: datetime | None = None

    def tell(self, told: Told) -> None:
        line = _line(told)
        if line:
            self._began = self._began or told.at
            seconds = (told.at - self._began).total_seconds()
            self._console.print(f"[dim]{seconds:6.1f}s[/dim]  {line}", highlight=False)


def _line(told: Told) -> str:
    match told.kind:
        case "step.started":
            return f"[bold]{_plain(told.data)}[/bold]"
        case "agent.turn":
            data = json.loads(told.data)
            calls = ", ".join(_call(call) for call in data["calls"]) or data["text"]
            role = str(data["agent"]).split("/")[1]
            return f"  [cyan]{_plain(role)}[/cyan] [dim]{_plain(calls)}[/dim]"
        case "pause":
            return f"  [yellow]{_plain(told.data)}[/yellow]"
        case "ended":
            return f"[bold]ended: {_plain(told.data)}[/bold]"
    return ""


def _call(call: dict[str, str]) -> str:
    try:
        arguments = json.loads(call["arguments"])
    except ValueError:
        arguments = {}
    said = next((str(value) for value in arguments.values()), "") if isinstance(arguments, dict) else ""
    return f"{call['name']} {' '.join(said.split())}"


def _plain(text: str) -> str:
    shown = visible(text).replace("[", r"\[")
    return shown if len(shown) <= SHOWN else shown[: SHOWN - 1] + "…"
