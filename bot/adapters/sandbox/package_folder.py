"""The folder of an environment: laid out as a virtual environment, so that every Python tool understands it."""

import os
import re
import shutil
from collections.abc import Iterable
from importlib.metadata import distributions
from pathlib import Path

from bot.adapters.sandbox.interpreters import Interpreter

BOX_FOLDER = "/opt/env"

SCRIPT = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys
from {module} import {first}
sys.exit({attribute}())
"""
"""A command of a package. The first lines are shell for the kernel and a string for Python: an interpreter's path may be longer than a
`#!` line allows."""

TREE = '''"""Makes the tree under test importable as an editable installation would: after the standard library, before packages."""

import os
import sys

_tree = os.environ.get("SPECBOT_TREE", "/ws")
_source = os.path.join(_tree, "src")
_places = [_tree]
if os.path.isdir(_source) and not os.path.exists(os.path.join(_source, "__init__.py")):
    _places.insert(0, _source)
_here = os.path.dirname(os.path.abspath(__file__))
_index = sys.path.index(_here) if _here in sys.path else len(sys.path)
sys.path[_index:_index] = [place for place in _places if place not in sys.path]
'''

_ENTRY = re.compile(r"([A-Za-z_][\w.]*)\s*:\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)")
_COMMAND = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def box_folder(folder: Path, boxed: bool) -> str:
    """Where the environment is for its commands: a meaningless place in the box, the folder itself without one."""
    return BOX_FOLDER if boxed else os.fspath(folder)


def fill(folder: Path, site: Path, box: str, interpreter: Interpreter) -> None:
    """Everything around the installed packages; at the end all of it is readable by everybody."""
    shutil.rmtree(site / "bin", ignore_errors=True)
    home = os.path.dirname(interpreter.box)
    (folder / "pyvenv.cfg").write_text(
        f"home = {home}\ninclude-system-site-packages = false\nversion = {'.'.join(map(str, interpreter.version))}\n",
        encoding="utf-8",
    )
    (site / "specbot_tree.py").write_text(TREE, encoding="utf-8")
    (site / "specbot_tree.pth").write_text("import specbot_tree\n", encoding="utf-8")
    programs = folder / "bin"
    programs.mkdir()
    for name in ("python", "python3", f"python{interpreter.minor}"):
        (programs / name).symlink_to(interpreter.box)
    for name, module, attribute in _commands(site):
        text = SCRIPT.format(
            python=f"{box}/bin/python", module=module, first=attribute.split(".")[0], attribute=attribute
        )
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def packages_in(folder: Path, interpreter: Interpreter) -> list[str]:
    """Installed packages as `name==version`, sorted."""
    site = folder / "lib" / f"python{interpreter.minor}" / "site-packages"
    return sorted(f"{found.name}=={found.version}".lower() for found in distributions(path=[os.fspath(site)]))


def _commands(site: Path) -> Iterable[tuple[str, str, str]]:
    """(name, module, attribute) of the commands that packages bring; what is no plain name is left out."""
    for found in distributions(path=[os.fspath(site)]):
        for entry in found.entry_points.select(group="console_scripts"):
            match = _ENTRY.match(entry.value)
            if match is not None and _COMMAND.fullmatch(entry.name) and not entry.name.startswith("python"):
                yield entry.name, match[1], match[2]
