"""What is shipped for operators fits the code: permissions, events, commands, and units that let a box be built."""

import configparser
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli import COMMANDS
from bot.core.events.model import Ignored
from bot.core.events.parse import parse

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))

BREAKS_THE_BOX = {
    "RestrictNamespaces",
    "PrivateUsers",
    "ProtectKernelTunables",
    "ProtectKernelLogs",
    "ProcSubset",
    "ProtectHostname",
    "SystemCallFilter",
    "MemoryDenyWriteExecute",
}


def manifest() -> dict[str, Any]:
    loaded = yaml.safe_load((ROOT / "app.yml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def unit(name: str) -> dict[str, str]:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[method-assign,assignment]  # systemd's names have capitals
    parser.read(ROOT / "deploy" / "systemd" / name, encoding="utf-8")
    return dict(parser["Service"])


def test_the_app_asks_for_no_more_than_it_uses() -> None:
    assert manifest()["default_permissions"] == {
        "metadata": "read",
        "contents": "write",
        "pull_requests": "write",
        "issues": "write",
        "checks": "write",
        "statuses": "read",
        "merge_queues": "read",
    }
    assert manifest()["public"] is False


@pytest.mark.parametrize(
    "event",
    [
        "pull_request",
        "pull_request_review",
        "pull_request_review_comment",
        "issue_comment",
        "issues",
        "check_run",
        "check_suite",
        "merge_group",
        "status",
    ],
)
def test_every_event_it_subscribes_to_is_understood(event: str) -> None:
    assert event in manifest()["default_events"]
    understood = parse(event, {"action": "x"})
    assert isinstance(understood, Ignored)
    assert "events are not used" not in understood.reason


def test_it_subscribes_to_nothing_else() -> None:
    assert len(manifest()["default_events"]) == 9


def test_procfile_and_units_name_commands_that_exist() -> None:
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    assert [line.partition(":")[0] for line in lines] == ["web", "worker", "release"]
    assert {line.split()[-1] for line in lines} <= set(COMMANDS)
    assert {unit(path.name)["ExecStart"].split()[-1] for path in UNITS} == {"migrate", "web", "worker"}


def test_the_workers_unit_lets_a_box_be_built() -> None:
    worker = unit("specbot-worker.service")
    assert not BREAKS_THE_BOX & set(worker)
    assert "AF_NETLINK" in worker["RestrictAddressFamilies"].split()
    assert worker["NoNewPrivileges"] == "yes"


def test_only_the_worker_sees_the_private_key() -> None:
    assert "LoadCredential" in unit("specbot-worker.service")
    for name in ("specbot-web.service", "specbot-migrate.service"):
        assert "private-key" not in (ROOT / "deploy" / "systemd" / name).read_text(encoding="utf-8")
    services = yaml.safe_load((ROOT / "deploy" / "compose.yml").read_text(encoding="utf-8"))["services"]
    assert [name for name, service in services.items() if "secrets" in service] == ["worker"]
