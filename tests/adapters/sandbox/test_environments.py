"""Environments: which packages, which Python, and that they work in the box without a network."""

import asyncio
import os
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.sandbox.environments import PythonEnvironments
from bot.adapters.sandbox.interpreters import candidates
from bot.adapters.sandbox.wheels import masked
from bot.core.policy.model import EnvironmentConfig
from bot.core.ports import Environment
from bot.core.proofs.model import Harness
from bot.errors import EnvironmentFault
from tests.adapters.sandbox.place import OFFLINE, ONE_WORKER, REPO, Place, run
from tests.adapters.sandbox.small_wheel import wheel

pytestmark = ONE_WORKER


def prepare(
    place: Place, wheels: Path, config: EnvironmentConfig | None = None, files: dict[str, bytes] | None = None
) -> Environment:
    environments = PythonEnvironments(place.state_dir, place.sandbox, wheels=wheels, environ=OFFLINE)
    try:
        return asyncio.run(environments.prepare(REPO, config or EnvironmentConfig(), files or {}))
    except EnvironmentFault as fault:
        fault.add_note(fault.output)
        raise


def test_packages_and_their_commands_work_in_the_box(place: Place, tmp_path: Path) -> None:
    wheel(tmp_path / "wheels", "alpha", requires="beta>=1")
    wheel(tmp_path / "wheels", "beta")
    before = os.umask(0o077)  # a service that hides its files must not hide these
    try:
        environment = prepare(place, tmp_path / "wheels", EnvironmentConfig(("alpha",), (("COLOUR", "blue"),)))
    finally:
        os.umask(before)
    script = """alpha; beta; python -m site | head -1; python3 -c 'import alpha, sys; print(sys.prefix)'
echo $COLOUR; touch /opt/env/x 2>/dev/null || echo read-only; ls /opt/env/bin"""
    with place.checkout() as checkout:
        result = run(place.sandbox, checkout, script, environment=environment)
    said = result.output.decode().splitlines()
    assert said[:2] == ["alpha 1.0", "beta 1.0"]
    assert said[3:6] == ["/opt/env", "blue", "read-only"]
    assert {"alpha", "beta", "python", "python3"} <= set(said[6:])
    assert "bad" not in said
    assert "alpha==1.0, beta==1.0" in environment.description


def test_the_digest_names_the_content(place: Place, tmp_path: Path) -> None:
    wheel(tmp_path / "wheels", "alpha")
    wheel(tmp_path / "wheels", "beta")
    one = prepare(place, tmp_path / "wheels", EnvironmentConfig(("alpha",)))
    assert prepare(place, tmp_path / "none", EnvironmentConfig(("alpha",))) == one, "reused: no wheels are needed again"
    assert prepare(place, tmp_path / "wheels", EnvironmentConfig(("beta",))).digest != one.digest
    assert prepare(place, tmp_path / "wheels", EnvironmentConfig(("alpha",), (("A", "1"),))).digest != one.digest


def test_many_at_once_prepare_it_once(place: Place, tmp_path: Path) -> None:
    wheel(tmp_path / "wheels", "gamma")
    environments = PythonEnvironments(place.state_dir, place.sandbox, wheels=tmp_path / "wheels", environ=OFFLINE)

    async def all_of_them() -> list[Environment]:
        config = EnvironmentConfig(("gamma",))
        return await asyncio.gather(*(environments.prepare(REPO, config, {}) for _ in range(5)))

    assert len(set(asyncio.run(all_of_them()))) == 1
    assert not list((place.state_dir / "environments").glob(".making-*"))


def test_the_tree_under_test_is_importable_as_if_installed(place: Place, tmp_path: Path) -> None:
    """From everywhere, `src` first, before packages of the same name, after the standard library."""
    wheel(tmp_path / "wheels", "alpha", code="where = 'package'\n")
    environment = prepare(place, tmp_path / "wheels", EnvironmentConfig(("alpha",)))
    files = {"src/alpha/__init__.py": "where = 'tree'\n", "flat.py": "", "json.py": "raise SystemExit('shadowed')\n"}
    with place.checkout(files) as checkout:
        script = "cd /; python -c 'import alpha, flat, json; print(alpha.where)'"
        assert run(place.sandbox, checkout, script, environment=environment).output == b"tree\n"


def test_what_cannot_be_installed_says_why(place: Place, tmp_path: Path) -> None:
    wheel(tmp_path / "wheels", "alpha")
    with pytest.raises(EnvironmentFault) as fault:
        prepare(place, tmp_path / "wheels", EnvironmentConfig(("alpha", "surely-not-here==3")))
    assert "surely-not-here" in fault.value.output
    assert fault.value.hint
    assert not list((place.state_dir / "environments").glob(".making-*"))


def test_a_package_without_a_wheel_is_not_built(place: Place, tmp_path: Path) -> None:
    """A source package runs its own code when it is built."""
    marker = tmp_path / "executed"
    source = tmp_path / "wheels" / "evil-1.0.zip"
    source.parent.mkdir()
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr(
            "evil-1.0/setup.py", f"open({str(marker)!r}, 'w')\nfrom setuptools import setup\nsetup(name='evil')\n"
        )
    with pytest.raises(EnvironmentFault):
        prepare(place, tmp_path / "wheels", EnvironmentConfig(("evil",)))
    assert not marker.exists()


def test_a_copy_of_our_own_python_serves_where_there_is_no_other(place: Place, tmp_path: Path) -> None:
    own = Path(sys.base_prefix, "bin", f"python3.{sys.version_info[1]}")
    wheel(tmp_path / "wheels", "alpha")
    environments = PythonEnvironments(
        place.state_dir, place.sandbox, wheels=tmp_path / "wheels", interpreter=own, environ=OFFLINE
    )
    environment = asyncio.run(environments.prepare(REPO, EnvironmentConfig(("alpha",)), {}))
    script = "python -c 'import ssl, sqlite3, ctypes, sys; print(sys.version_info[:3], sys.base_prefix)'; alpha"
    with place.checkout() as checkout:
        result = run(place.sandbox, checkout, script, environment=environment)
    version, command = result.output.decode().splitlines()
    assert version.startswith(str(tuple(sys.version_info[:3])))
    assert command == "alpha 1.0"


def test_a_project_for_a_newer_python_is_told_so(place: Place, tmp_path: Path) -> None:
    manifest = b'[project]\nname = "x"\nrequires-python = ">=3.99"\n'
    with pytest.raises(EnvironmentFault, match=r"3\.99") as fault:
        prepare(place, tmp_path, files={"pyproject.toml": manifest})
    assert "SPECBOT_BOX_PYTHON" in fault.value.hint


def test_a_named_python_that_does_not_work_is_told_so(place: Place, tmp_path: Path) -> None:
    fake = tmp_path / "python3"
    fake.write_text("#!/bin/sh\nexit 1\n")
    fake.chmod(0o755)
    environments = PythonEnvironments(place.state_dir, place.sandbox, interpreter=fake, environ=OFFLINE)
    with pytest.raises(EnvironmentFault, match="works in the box"):
        asyncio.run(environments.prepare(REPO, EnvironmentConfig(), {}))


def test_nothing_is_copied_while_a_usual_python_will_do(place: Place, tmp_path: Path) -> None:
    first = next(candidates(None, tmp_path, boxed=True, minor=0))
    if first.host == Path("/usr/bin/python3"):
        assert first.binds == ()
        assert not os.listdir(tmp_path)


def test_the_words_of_the_installer_are_shown_without_secrets() -> None:
    said = "Looking in https://ada:hunter2@index.example/simple with ghs_0123456789abcdef0123 and https://x.example/y"
    assert masked(said) == "Looking in https://***@index.example/simple with *** and https://x.example/y"


def test_variables_of_the_repository_come_after_ours(place: Place, with_pytest: Environment) -> None:
    mine = (("PYTHONPATH", "/ws/lib"), ("PYTEST_ADDOPTS", "-k one"))
    environment = replace(with_pytest, variables=(*with_pytest.variables, *mine))
    files = {"lib/only_here.py": "", "test_a.py": "import only_here\ndef test_one(): pass\ndef test_two(): assert 0\n"}
    with place.checkout(files) as checkout:
        result = run(place.sandbox, checkout, "pytest -q", environment=environment, harness=Harness.CANARY)
    assert b"1 failed, 1 passed, 1 deselected" in result.output
