"""Which model the demo talks to: a real one when a key or a base URL is set, else a recorded one that says so."""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.model.recorded import RecordedModel
from bot.adapters.model.recording import read_recording
from bot.errors import UserFault

RECORDINGS = Path(__file__).parent / "recordings"

REAL = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "SPECBOT_MODEL", "SPECBOT_REVIEW_MODEL", "SPECBOT_PRICES")


@dataclass(frozen=True, slots=True)
class DemoModel:
    """`environment` is what the bot's processes are given to reach it. `mismatches` tells where a recording did not fit what the tools
    showed; of a live model nothing."""

    name: str
    recorded: bool
    environment: Mapping[str, str]
    mismatches: Callable[[], Sequence[str]] = tuple


@contextmanager
def demo_model(
    recording: str | None, otherwise: str = "honest", environ: Mapping[str, str] = os.environ
) -> Iterator[DemoModel]:
    """The model for one demo. `recording` by name; None: `otherwise`, unless the environment names a real model. Raises `UserFault`."""
    real = {name: environ[name] for name in REAL if environ.get(name)}
    if recording is None and ("OPENAI_API_KEY" in real or "OPENAI_BASE_URL" in real):
        yield DemoModel(real.get("SPECBOT_MODEL", "the configured default model"), False, real)
        return
    name = recording or otherwise
    file = RECORDINGS / f"{name}.jsonl"
    if not file.is_file():
        known = ", ".join(sorted(path.stem for path in RECORDINGS.glob("*.jsonl")))
        raise UserFault(f"there is no recording {name!r}", hint=f"there are: {known}")
    with RecordedModel(name, read_recording(file.read_text())) as model:
        environment = {
            "OPENAI_BASE_URL": model.base_url,
            "SPECBOT_MODEL": model.model,
            "OPENAI_API_KEY": secrets.token_hex(16),
        }
        yield DemoModel(model.model, True, environment, lambda: model.stats()["mismatches"])
