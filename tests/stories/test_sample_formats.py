"""The sample's spec as another tool's folder: the demo plays it on the hub, and `specbot run` on a clone, both with the recorded model."""

import json
import subprocess
from pathlib import Path

import pytest

from bot.core.specs.model import SpecFormat
from bot.demo.material import SPECS, pull_request_files, sample_files
from bot.demo.model import demo_model
from tests.stories.rooms import SECONDS, room

pytestmark = [pytest.mark.soak, pytest.mark.xdist_group("demo"), pytest.mark.timeout(SECONDS + 30)]

FOREIGN = [one for one in SpecFormat if one is not SpecFormat.NATIVE]


@pytest.mark.parametrize("spec_format", FOREIGN)
def test_the_demo_ends_green_in_every_format(spec_format: SpecFormat) -> None:
    with room() as place:
        said = place.specbot("demo", "--json", "--format", spec_format.value)
        assert said.code == 0, said.err
        told = json.loads(said.out.splitlines()[-1])
        assert told["checks"] == {"Specbot / spec": "success", "Specbot / acceptance": "success"}
        assert set(told["criteria"].values()) == {"proven"}
        assert {name.partition("#")[0] for name in told["criteria"]} == {SPECS[spec_format]}
        assert told["keep"] == {f"{SPECS[spec_format]}#keep-1": "kept"}
        assert told["model"] == "recorded/honest"
        assert place.left_running() == []
        assert place.left_behind() == []


@pytest.mark.parametrize("spec_format", FOREIGN)
def test_run_does_the_main_job_on_a_clone_in_every_format(spec_format: SpecFormat) -> None:
    with demo_model("honest") as model, room(**model.environment) as place:
        clone = place.path / "clone"
        lay(clone, sample_files(spec_format))
        git(place.path, "init", "-q", "-b", "main", str(clone))
        git(clone, "add", "-A")
        git(clone, "commit", "-q", "-m", "A week's opening hours")
        git(clone, "checkout", "-q", "-b", "past-midnight")
        lay(clone, pull_request_files(spec_format))
        git(clone, "add", "-A")
        git(clone, "commit", "-q", "-m", "Spec")
        said = place.specbot("run", SPECS[spec_format], cwd=clone)
        assert said.code == 0, said.out + said.err
        assert "git switch specbot/" in said.out
        linted = place.specbot("lint", cwd=clone)
        assert linted.code == 0, linted.out + linted.err
        branch = said.out.partition("git switch ")[2].split()[0]
        git(clone, "checkout", "-q", "-f", branch)
        verified = place.specbot("verify", SPECS[spec_format], cwd=clone)
        assert verified.code == 0, verified.out + verified.err
        assert list(model.mismatches()) == []
        assert place.left_behind() == []


def lay(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def git(folder: Path, *words: str) -> str:
    said = subprocess.run(
        ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *words],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return said.stdout
