"""Programs of this machine as boxes find them: on the system's path alone, which is in every box."""

import os
import shutil
from pathlib import Path

from bot.adapters.sandbox.layout import SYSTEM_PATH
from bot.core.policy.model import Service

TOOLS = ("node", "npm", "pnpm", "go", "cargo", "rustc", "uv", "poetry", "python3", "cc", "make")
"""Programs that make what a set-up leaves behind; another version of one is another result."""

SERVER = {Service.POSTGRESQL: "initdb", Service.REDIS: "redis-server"}
"""The program by which a service is found; PostgreSQL's others lie beside it."""


def box_program(name: str) -> str | None:
    """Where a box finds a program of the machine; None when it does not."""
    return shutil.which(name, path=":".join(SYSTEM_PATH))


def service_program(service: Service) -> str | None:
    """Where a box finds a service's server; distributions keep PostgreSQL's in a folder of each version."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) if service is Service.POSTGRESQL else []
    return os.fspath(versions[-1]) if versions else box_program(SERVER[service])
