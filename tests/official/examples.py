"""GitHub's own example payloads of webhooks, for tests that must take whatever GitHub sends."""

import gzip
import json
from typing import Any

import pytest

from tests.official.judge import folders

NAMES = ("webhook-examples.json.gz", "webhook-examples.json", "webhooks-examples/api.github.com/index.json")


def webhook_examples() -> list[tuple[str, Any]]:
    """(event, payload), in GitHub's order. Skips the test where the examples are not on this machine."""
    for folder in folders():
        for name in NAMES:
            if (folder / name).is_file():
                data = (folder / name).read_bytes()
                groups = json.loads(gzip.decompress(data) if name.endswith(".gz") else data)
                return [(group["name"], example) for group in groups for example in group["examples"]]
    pytest.skip(f"GitHub's example payloads are not in {', '.join(map(str, folders()))}; set SPECBOT_OFFICIAL")
