"""Open questions of a spec author, and what people answer. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import Refused

MOST_QUESTIONS = 5
"""In one comment. Whoever is asked more answers none of them (shared notes, *GitHub UX*, 4.8)."""

MOST_CHOICES = 5
LETTERS = "abcde"

DEFAULTS = frozenset({"default", "defaults"})
_ONE = re.compile(rf"([1-9])[:=]?([{LETTERS}])")
HOW = "write the number and the letter, such as `1b 2a`; `defaults` takes what is recommended everywhere"


@dataclass(frozen=True, slots=True)
class Question:
    """`recommended` counts from 0 in `choices`; the spec is written as if that one had been chosen."""

    text: str
    choices: tuple[str, ...]
    recommended: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Question `number` (from 1) is answered with a choice (from 0). `by` is a login; "" where nobody chose and the recommendation holds."""

    number: int
    choice: int
    by: str = ""


def read_answers(words: Sequence[str], questions: Sequence[Question], by: str) -> tuple[Answer, ...]:
    """What `1b 2a` or `defaults` says. Raises `Refused` for a number or a letter that was not offered."""
    found: dict[int, Answer] = {}
    for word in " ".join(words).lower().replace(",", " ").split():
        bare = word.strip("`")
        if bare in DEFAULTS:
            rest = (n for n in range(1, len(questions) + 1) if n not in found)
            found |= {n: Answer(n, questions[n - 1].recommended, by) for n in rest}
            continue
        match = _ONE.fullmatch(bare)
        number = int(match[1]) if match else 0
        if match is None:
            raise Refused(f"“{bare[:40]}” is no answer", hint=HOW)
        if number > len(questions):
            raise Refused(f"there is no question {number}", hint=HOW)
        choice = LETTERS.index(match[2])
        if choice >= len(questions[number - 1].choices):
            raise Refused(f"question {number} has no choice {match[2]}", hint=HOW)
        found[number] = Answer(number, choice, by)
    if not found:
        raise Refused("no answer was given", hint=HOW)
    return tuple(found[number] for number in sorted(found))


def with_answers(known: Sequence[Answer], new: Sequence[Answer]) -> tuple[Answer, ...]:
    """The newest answer of each question, in their order."""
    newest = {answer.number: answer for answer in (*known, *new)}
    return tuple(newest[number] for number in sorted(newest))


def open_ones(questions: Sequence[Question], answers: Sequence[Answer]) -> tuple[int, ...]:
    """The numbers of the questions that nobody has answered."""
    said = {answer.number for answer in answers}
    return tuple(n for n in range(1, len(questions) + 1) if n not in said)


def by_default(questions: Sequence[Question], answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """The answers, with the recommendation where nobody chose."""
    rest = tuple(Answer(n, questions[n - 1].recommended) for n in open_ones(questions, answers))
    return with_answers(answers, rest)


def otherwise(questions: Sequence[Question], answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """Those that choose something else than what the spec was written for."""
    return tuple(answer for answer in answers if answer.choice != questions[answer.number - 1].recommended)
