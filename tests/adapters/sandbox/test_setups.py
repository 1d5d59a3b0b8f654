"""Set-ups in real boxes: what they may reach, what is kept of them, and how it lies under later checkouts."""

import asyncio
import base64
import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.adapters.git.git import GitCommandLine
from bot.adapters.sandbox.box_programs import service_program
from bot.adapters.sandbox.environments import PythonEnvironments
from bot.adapters.sandbox.setup_cache import FACTS, make_room
from bot.adapters.sandbox.setups import SetUpEnvironments
from bot.core.environments.egress import Operator
from bot.core.policy.model import EnvironmentConfig, ProjectConfig, Service
from bot.core.ports import Environment
from bot.core.proofs.model import StoppedBy
from bot.errors import EnvironmentFault
from bot.ids import TreeSha
from tests.adapters.git.origin import REPO, NoTokens, Origin, fetched
from tests.adapters.sandbox.place import OFFLINE, ONE_WORKER, Place, is_root, run
from tests.adapters.sandbox.registry import Registry

pytestmark = ONE_WORKER

NOTHING = {"README": b"nothing\n"}

FETCH = """python3 -c "
import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1], timeout=10).read().decode(), end='')
" """


@dataclass(frozen=True)
class Setting:
    place: Place
    git: GitCommandLine
    origin: Origin

    def tree(self, files: Mapping[str, bytes]) -> TreeSha:
        return fetched(self.git, self.origin.commit(dict(files)))

    def environments(self, *hosts: str) -> SetUpEnvironments:
        python = PythonEnvironments(self.place.state_dir, self.place.sandbox, environ=OFFLINE)
        operator = Operator(hosts, automatic=bool(hosts))
        return SetUpEnvironments(self.place.state_dir, python, self.place.sandbox, self.git, operator=operator)

    def prepared(self, files: Mapping[str, bytes], config: EnvironmentConfig, *hosts: str) -> Environment:
        tree = self.tree(files)
        return asyncio.run(self.environments(*hosts).prepare(REPO, config, dict.fromkeys(files, b""), tree))

    def said(self, environment: Environment, script: str, files: Mapping[str, str] | None = None) -> list[str]:
        with self.place.checkout(files) as checkout:
            result = run(self.place.sandbox, checkout, script, environment=environment)
        assert not result.broken
        assert result.stopped_by is StoppedBy.NOTHING
        return result.output.decode().splitlines()


@pytest.fixture
def setting(place: Place, tmp_path: Path) -> Iterator[Setting]:
    origin = Origin(tmp_path / "origin.git")
    git = GitCommandLine(place.state_dir, lambda repo: str(origin.path), NoTokens(), place.uids)
    shutil.rmtree(place.state_dir / "mirrors", ignore_errors=True)
    yield Setting(place, git, origin)
    git.close()


def test_a_set_up_fetches_what_is_allowed_and_later_commands_have_it_without_a_network(setting: Setting) -> None:
    with Registry().running() as registry:
        host = f"localhost:{registry.port}"
        setup = (
            f"mkdir -p node_modules/alpha web/node_modules && {FETCH} http://{host}/pkg > node_modules/alpha/file",
            'mkdir -p "$HOME/.local/bin" && printf "#!/bin/sh\\necho tool\\n" > "$HOME/.local/bin/tool"'
            ' && chmod 4755 "$HOME/.local/bin/tool" && tool && cd && python3 -c "import socket; socket.socket(socket.AF_UNIX).bind(\'trap\')" && echo x > /ws/loose',
        )
        config = EnvironmentConfig(setup=setup, variables=(("A", "b"),))
        environment = setting.prepared({**NOTHING, "web/a": b"", "package-lock.json": b"{}"}, config, host)
    assert registry.asked[0][:3] == ("GET", "/pkg", host)
    assert [layer.path for layer in environment.layers] == ["node_modules", "web/node_modules"]
    assert "1 new files outside of new folders are not kept" in environment.description
    script = f"""cat node_modules/alpha/file; tool; ls -A $HOME /opt/setup; test -d web/node_modules && echo web; echo $A
{FETCH} http://{host}/pkg 2>/dev/null || echo no network; test -e /run/way-out || echo no way out
touch /opt/setup/x 2>/dev/null || echo read-only; echo 1 > node_modules/.cache && cat node_modules/.cache"""
    said = setting.said(environment, script)
    assert said[:2] == ["the package", "tool"]
    assert ".local" in said
    assert "trap" not in said
    assert said[-6:] == ["web", "b", "no network", "no way out", "read-only", "1"]
    assert setting.said(environment, "ls -A node_modules") == ["alpha"], "what a command changes is gone with it"
    assert not list((setting.place.state_dir / "scratch").iterdir())


def test_a_candidate_cannot_lay_its_own_over_what_was_prepared(setting: Setting) -> None:
    config = EnvironmentConfig(setup=("mkdir node_modules && echo good > node_modules/tool",))
    environment = setting.prepared(NOTHING, config)
    assert setting.said(environment, "cat node_modules/tool", {"node_modules/tool": "evil"}) == ["good"]
    with setting.place.checkout() as checkout:
        run(setting.place.sandbox, checkout, "ln -s /usr node_modules")
        result = run(setting.place.sandbox, checkout, "true", environment=environment)
    assert (result.exit_code, "node_modules leads through a link" in result.broken) == (None, True)


def test_a_failed_set_up_says_what_it_said_and_what_was_refused(setting: Setting) -> None:
    config = EnvironmentConfig(setup=("echo first", f"{FETCH} http://evil.example/x || exit 7", "echo never"))
    with pytest.raises(EnvironmentFault) as caught:
        setting.prepared(NOTHING, config)
    assert "ended with status 7" in caught.value.message
    assert "evil.example:80" in caught.value.hint
    assert "$ echo first\nfirst\n" in caught.value.output
    assert "HTTP Error 403" in caught.value.output
    assert "refused: evil.example:80 is not among the allowed hosts" in caught.value.output
    assert "$ echo never" not in caught.value.output
    assert not list((setting.place.state_dir / "environments").glob(".making-*"))


def test_a_set_up_runs_once_for_each_state_of_the_lock_files(setting: Setting) -> None:
    with Registry().running() as registry:
        host = f"localhost:{registry.port}"
        config = EnvironmentConfig(setup=(f"mkdir out && {FETCH} http://{host}/pkg > out/file",), lock=("*.lock",))

        def digest(lock: bytes, code: bytes, config: EnvironmentConfig = config) -> str:
            return setting.prepared({"a.lock": lock, "code.py": code}, config, host).digest

        async def at_once() -> list[Environment]:
            tree, environments = setting.tree({"a.lock": b"1", "code.py": b"0"}), setting.environments(host)
            return await asyncio.gather(*(environments.prepare(REPO, config, {}, tree) for _ in range(3)))

        first = {made.digest for made in asyncio.run(at_once())}
        assert len(registry.asked) == 1
        assert first == {digest(b"1", b"other code")}
        assert len(registry.asked) == 1
        assert digest(b"2", b"0") not in first
        assert len(registry.asked) == 2
        whole = EnvironmentConfig(setup=config.setup, lock=("nothing",))
        assert digest(b"1", b"0", whole) != digest(b"1", b"1", whole), "without a lock file the whole tree decides"


def test_projects_are_set_up_in_their_folders(setting: Setting) -> None:
    projects = (ProjectConfig("services/api", ("mkdir deps && pwd > deps/where",)),)
    environment = setting.prepared({"services/api/a": b""}, EnvironmentConfig((), projects=projects))
    assert [layer.path for layer in environment.layers] == ["services/api/deps"]
    assert setting.said(environment, "cat services/api/deps/where") == ["/ws/services/api"]


def test_what_is_found_is_set_up_when_the_operator_has_opened_hosts(setting: Setting) -> None:
    """The machine's own npm, from a lock file alone, through the proxy."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        for name, content in (
            ("package.json", b'{"name": "alpha", "version": "1.0.0"}'),
            ("index.js", b"module.exports = 7"),
        ):
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    data = archive.getvalue()
    with Registry(data).running() as registry:
        host = f"localhost:{registry.port}"
        alpha = {
            "version": "1.0.0",
            "resolved": f"http://{host}/pkg.tgz",
            "integrity": f"sha512-{base64.b64encode(hashlib.sha512(data).digest()).decode()}",
        }
        package = {"name": "a", "version": "1.0.0", "dependencies": {"alpha": "1.0.0"}}
        lock = {
            "name": "a",
            "version": "1.0.0",
            "lockfileVersion": 3,
            "packages": {"": package, "node_modules/alpha": alpha},
        }
        files = {"package.json": json.dumps(package).encode(), "package-lock.json": json.dumps(lock).encode()}
        environment = setting.prepared(files, EnvironmentConfig(), host)
    assert [layer.path for layer in environment.layers] == ["node_modules"]
    assert "set up with npm ci" in environment.description
    assert setting.said(environment, "node -p 'require(\"alpha\")'") == ["7"]


def test_every_command_finds_an_empty_database_of_its_own(setting: Setting) -> None:
    """On a machine without PostgreSQL the same configuration is a fault of the environment, with words."""
    config = EnvironmentConfig((), services=(Service.POSTGRESQL,))
    if service_program(Service.POSTGRESQL) is None:
        with pytest.raises(EnvironmentFault, match="postgresql is not installed"):
            setting.prepared(NOTHING, config)
        return
    environment = setting.prepared(NOTHING, config)
    assert environment.digest != setting.prepared(NOTHING, EnvironmentConfig(())).digest
    script = 'psql -qAt -c "create table a (b int)" -c "insert into a values (7)" -c "select b from a"; echo $DATABASE_URL; exit 3'
    with setting.place.checkout() as checkout:
        result = run(setting.place.sandbox, checkout, script, environment=environment, seconds=60)
        assert result.output.decode().splitlines() == ["7", "postgresql://postgres@127.0.0.1:5432/postgres"]
        assert (result.exit_code, result.broken) == (3, "")


def test_a_service_that_does_not_start_is_no_evidence(setting: Setting) -> None:
    plain = setting.prepared(NOTHING, EnvironmentConfig(()))
    environment = replace(plain, services=(Service.REDIS,), variables=(*plain.variables, ("TMPDIR", "/nowhere")))
    with setting.place.checkout() as checkout:
        result = run(setting.place.sandbox, checkout, "echo never", environment=environment)
    assert result.exit_code is None
    assert result.broken.startswith("redis does not start: ")
    assert b"never" not in result.output


def test_without_a_set_up_nothing_changes(setting: Setting) -> None:
    package = b'{"dependencies": {"a": "1"}}'
    plain = setting.prepared({"package.json": package}, EnvironmentConfig(()))
    assert plain.layers == ()
    assert setting.prepared({"package.json": package}, EnvironmentConfig((), setup=()), "a.example") == plain


def test_what_nobody_used_for_long_makes_room(tmp_path: Path) -> None:
    for number, age in enumerate((5, 4, 0)):
        place = tmp_path / f"setup-{number}"
        place.mkdir()
        (place / FACTS).write_text(json.dumps({"size": 10}))
        os.utime(place, (1e9 - age * 86_400, 1e9 - age * 86_400))
    assert make_room(tmp_path, limit=30, now=1e9) == ()
    assert make_room(tmp_path, limit=25, now=1e9) == ("setup-0",)
    assert make_room(tmp_path, limit=1, now=1e9) == ("setup-1",), "what may be in use stays"
    assert [path.name for path in tmp_path.iterdir()] == ["setup-2"]


def test_prepared_files_can_be_changed_for_the_time_of_a_command(setting: Setting) -> None:
    """As root they belong to nobody in the box, and only the top can be added to."""
    environment = setting.prepared(NOTHING, EnvironmentConfig(setup=("mkdir -p out/a && echo 1 > out/a/b",)))
    script = "(echo 2 > out/a/b) 2>/dev/null; mkdir out/c && ls out; cat out/a/b"
    assert setting.said(environment, script) == ["a", "c", "1" if is_root() else "2"]
    assert setting.said(environment, "ls out; cat out/a/b") == ["a", "1"]
