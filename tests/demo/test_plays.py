"""The acts by name, and what is refused."""

import pytest

from bot.core.specs.model import SpecFormat
from bot.demo.model import RECORDINGS
from bot.demo.plays import RECORDING, ActName, sample_play
from bot.errors import UserFault


@pytest.mark.parametrize("act", ActName)
def test_every_act_has_its_repository_and_its_recording(act: ActName) -> None:
    play = sample_play(act, SpecFormat.NATIVE, 5)
    assert play.repository == ("ada/weatherlog" if act is ActName.TEAM else "ada/openhours")
    assert (RECORDINGS / f"{RECORDING[act]}.jsonl").is_file()


@pytest.mark.parametrize("spec_format", [one for one in SpecFormat if one is not SpecFormat.NATIVE])
def test_the_second_act_has_one_format(spec_format: SpecFormat) -> None:
    assert sample_play(ActName.NIGHT, spec_format, 5).title
    with pytest.raises(UserFault, match=f"in the native format only, not in {spec_format.value}"):
        sample_play(ActName.TEAM, spec_format, 5)
    with pytest.raises(UserFault, match="in the native format only"):
        sample_play(ActName.ISSUE, spec_format, 5)
