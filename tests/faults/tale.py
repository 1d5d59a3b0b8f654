"""What a tale is: models that play their parts, and people who do what people do until all is at rest."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.hub.state.issues import Issue
from tests.faults.scene import Scene
from tests.support.scripted_model import Script


@dataclass(frozen=True)
class Tale:
    """`script` plays the models on a scene, `people` do what people do until all is at rest. What stands before `scene.mark()` is the way to the
    tale's own beginning: it is told by other tales."""

    name: str
    script: Callable[[], Script]
    people: Callable[[Scene], Issue]
