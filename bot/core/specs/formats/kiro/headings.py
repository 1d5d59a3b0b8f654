"""What the headings of Kiro's files mean, in the languages and spellings that people write them in. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What stands under a heading. CURRENT, EXPECTED and UNCHANGED are the three sections of a bugfix."""

    OTHER = "other"
    INTRODUCTION = "introduction"
    BACKGROUND = "background"
    OUT_OF_SCOPE = "out of scope"
    REQUIREMENTS = "requirements"
    REQUIREMENT = "requirement"
    ACCEPTANCE = "acceptance criteria"
    CURRENT = "current behavior"
    EXPECTED = "expected behavior"
    UNCHANGED = "unchanged behavior"


BEHAVIOR_NUMBERS = {Role.CURRENT: "1", Role.EXPECTED: "2", Role.UNCHANGED: "3"}
"""By Kiro's convention the items of a bugfix's sections are numbered 1.x, 2.x and 3.x; for items that only say `1.`"""

_NAMED: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(words, re.IGNORECASE))
    for role, words in (
        (
            Role.ACCEPTANCE,
            r"acceptance (?:criteria|criterion)|受け?入れ?(?:基準|条件)|验收(?:标准|条件)|驗收(?:標準|條件)|인수 ?(?:기준|조건)"
            r"|akzeptanzkriterien|crit[eè]res d.acceptation|criterios de aceptaci[oó]n|crit[eé]rios de aceita[cç][aã]o|критерии при[её]мки",
        ),
        (Role.CURRENT, r"current behaviou?r|現在の(?:動作|挙動|振る舞い)|当前(?:行为|行為)|目前(?:行为|行為)"),
        (Role.EXPECTED, r"expected behaviou?r|期待される(?:動作|挙動|振る舞い)|[预預期][期望](?:行为|行為)"),
        (Role.UNCHANGED, r"unchanged behaviou?r|変更(?:しない|されない)(?:動作|挙動|振る舞い)|(?:保持)?不[变變](?:的)?(?:行为|行為)"),
        (
            Role.INTRODUCTION,
            r"introduction\b|導入|はじめに|序論|简介|簡介|引言|介绍|介紹|소개|einleitung|einf[uü]hrung|introducci[oó]n|introdu[cç][aã]o|введение",
        ),
        (Role.OUT_OF_SCOPE, r"out of scope\b|non-requirements\b|non-goals\b|スコープ外|対象外|非目標|范围外|範圍外"),
        (Role.BACKGROUND, r"glossary\b|overview\b|project description\b|用語集?|概要|术语|術語|概述|용어|개요|glossar|gloss[aá]r|глоссарий"),
        (Role.REQUIREMENTS, r"(?:\S+ )?requirements\b|要件|需求|요구 ?사항|anforderungen|requisitos|exigences|требования"),
    )
)  # fmt: skip
"""Roles by how a heading starts. The first that fits counts."""

_WORDS = frozenset(
    ["requirement", "requirements", "req", "要件", "要求", "需求", "요구사항", "anforderung", "requisito", "exigence", "требование"]
)  # fmt: skip
"""Words that make a numbered heading a requirement wherever it stands."""

_SHORT = frozenset(["R", "REQ"])
"""Letters glued to a number that say no more than that it is a requirement."""

_LABEL = re.compile(
    r"(?P<words>(?:(?>[^\W\d_]+(?:-[^\W\d_]+)*)[ \t]*+){0,3})[-#]?[ \t]?(?P<number>\d{1,6}(?:\.\d{1,6})*)(?P<letter>[A-Za-z]?)(?![\w])"
    r"\.?(?!\d)[ \t]*(?P<mark>[:：)\-–—]|$)?"
)
"""`Requirement 3: title`, `要件3: title`, `DR-3: title`, `3. title`. Words are never tried in pieces, so that a
long heading costs linear time."""

_OWN_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3})*[.)]?[ \t]+")
_UNNUMBERED = re.compile(r"(?:requirement|req|要件|需求)[ \t]+[A-Za-z]\b", re.IGNORECASE)

MAX_HEADING = 400
"""Characters of a heading that are looked at; it is a title, not a text."""


@dataclass(frozen=True, slots=True)
class RequirementLabel:
    """A requirement's number, with the letters that tell several series apart (`DR2`). `sure`: a word says that it is a requirement."""

    number: str
    sure: bool


def role_of(heading: str) -> Role:
    """What a heading without a requirement's number opens; a chapter number before it does not matter."""
    plain = heading[:MAX_HEADING].strip(" \t*_#:：")
    numbered = _OWN_NUMBER.match(plain)
    if numbered is not None:
        plain = plain[numbered.end() :]
    return next((role for role, words in _NAMED if words.match(plain) is not None), Role.OTHER)


def requirement_label(heading: str) -> RequirementLabel | None:
    """The requirement that a heading opens: a number after at most three words that end in *requirement*, or after one other word; None for other
    headings. An abbreviation (`DR-3: …`) needs a colon or the like behind its number, so that `V1 scope` is none."""
    found = _LABEL.match(heading[:MAX_HEADING].strip(" \t*_"))
    if found is None:
        return None
    words = found["words"].lower().replace("-", " ").split()
    sure = bool(words) and words[-1] in _WORDS
    if not sure and (found["letter"] or len(words) > 1):
        return None
    series = _series(found["words"].strip(), sure=sure)
    if series and not sure and found["mark"] is None:
        return None
    number = f"{series}{found['number']}{found['letter']}"
    return RequirementLabel(number, sure)


def is_unnumbered_requirement(heading: str) -> bool:
    """True for `Requirement A`: the format asks for a number."""
    return _UNNUMBERED.match(heading[:MAX_HEADING].strip(" \t*_")) is not None


def _series(words: str, *, sure: bool) -> str:
    """The letters before the number: those of an abbreviation, the initials of several words that end in *requirement*, else none."""
    parts = words.replace("-", " ").split()
    if sure and len(parts) > 1:
        return "".join(part[0] for part in parts).upper()
    if len(parts) == 1 and parts[0].isascii() and parts[0].isupper() and parts[0] not in _SHORT and len(parts[0]) <= 4:
        return parts[0]
    return ""
