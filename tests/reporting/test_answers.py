"""The replies to a review, whole."""

from bot.core.feedback.model import Answer, Answering, Place, Point, Said, Voice
from bot.ids import Sha
from bot.reporting.answers import Pushed, answer_text, no_spec_hint, nothing_waits
from bot.reporting.masking import Redactor
from tests.reporting.snapshot import assert_snapshot

POINT = Point("P-1", Place.THREAD, 4, (Said(Voice.ASKS, "ada", "Why?"),))
REVIEW = Point("P-2", Place.REVIEW, 5, (Said(Voice.ASKS, "ada", "Mend it all,\n@grace"),))
DONE = Pushed(Sha("a" * 40), True, None)
KEPT = Pushed(None, True, None, "specbot/run-1", "https://bot.example/runs/run-1")
NOTHING = Pushed(None, False, None)


def said(point: Point, what: Answering | None, pushed: Pushed) -> str:
    answer = Answer(point.name, what, "Because of @ada.\n/specbot stop") if what else None
    return answer_text(point, answer, pushed, Redactor())


def test_every_answer_with_every_outcome() -> None:
    texts = [
        said(point, what, pushed)
        for point, what, pushed in [
            (POINT, Answering.CHANGED, DONE),
            (POINT, Answering.CHANGED, KEPT),
            (POINT, Answering.CHANGED, NOTHING),
            (POINT, Answering.DECLINED, DONE),
            (POINT, Answering.QUESTION, DONE),
            (POINT, Answering.SETTLED, NOTHING),
            (POINT, None, KEPT),
            (REVIEW, Answering.DECLINED, NOTHING),
        ]
    ]
    assert_snapshot("answers", "\n\n---\n\n".join([*texts, no_spec_hint(), nothing_waits()]) + "\n")
