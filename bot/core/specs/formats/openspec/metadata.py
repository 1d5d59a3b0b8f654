"""`.openspec.yaml`, a change's own settings, and `openspec/config.yaml`, the project's. Both belong to another tool: only what helps is taken. Pure."""

from dataclasses import dataclass

from bot.core.located_yaml import YamlDocument, read_yaml
from bot.core.specs.formats.foreign import Page
from bot.core.specs.front_matter import MAX_FRONT_MATTER
from bot.core.specs.model import Finding
from bot.core.specs.rules import foreign

MAX_PROJECT_CONTEXT = 8_192
"""Characters of the project's `context` that become a spec's: the cap of `AGENTS.md` too. A longer one is a manual, and agents have the tree."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a change says about itself. `skips_specs`: no requirement changes; `retires`: a capability may lose its last one."""

    goal: str = ""
    areas: tuple[str, ...] = ()
    skips_specs: bool = False
    retires: bool = False
    skips_line: int = 1
    findings: tuple[Finding, ...] = ()


def read_metadata(page: Page | None) -> Metadata:
    """The change's settings. Keys that are not known are the other tool's; what cannot be read is said and has no effect."""
    if page is None:
        return Metadata()
    source = page.source
    if len(source.text) > MAX_FRONT_MATTER:
        message = f"This file has {len(source.text):,} characters; at most {MAX_FRONT_MATTER:,} are read."
        return Metadata(findings=(foreign.NOT_UNDERSTOOD.finding(source.position(1), message),))
    document, faults = read_yaml(source.text)
    if document is None:
        return Metadata(
            findings=tuple(
                foreign.NOT_UNDERSTOOD.finding(
                    source.position(fault.line, fault.column),
                    f"Nothing of this file is read. {fault.message}",
                    fault.hint,
                )
                for fault in faults
            )
        )
    return _metadata(page, document)


def _metadata(page: Page, document: YamlDocument) -> Metadata:
    value = document.value
    goal, areas = value.get("goal", ""), value.get("affected_areas", [])
    skips, retires = value.get("skip_specs", False), value.get("retire_capabilities", False)
    wrong = [
        ("goal", isinstance(goal, str), "a text"),
        ("affected_areas", isinstance(areas, list) and all(isinstance(area, str) for area in areas), "a list of texts"),
        ("skip_specs", isinstance(skips, bool), "`true` or `false`"),
        ("retire_capabilities", isinstance(retires, bool), "`true` or `false`"),
    ]
    findings = (
        foreign.NOT_UNDERSTOOD.finding(
            page.source.position(*document.place((key,))), f"`{key}` is not read.", f"It is {kind}."
        )
        for key, right, kind in wrong
        if not right
    )
    return Metadata(
        goal=goal.strip() if isinstance(goal, str) else "",
        areas=tuple(area for area in areas if isinstance(area, str)) if isinstance(areas, list) else (),
        skips_specs=skips is True,
        retires=retires is True,
        skips_line=document.place(("skip_specs",))[0],
        findings=tuple(findings),
    )


def project_context(page: Page | None) -> str:
    """The `context` of `openspec/config.yaml`, "" when there is none, or none of a bearable length."""
    if page is None or len(page.source.text) > MAX_FRONT_MATTER:
        return ""
    document, _ = read_yaml(page.source.text)
    said = document.value.get("context") if document is not None else None
    return said.strip() if isinstance(said, str) and len(said) <= MAX_PROJECT_CONTEXT else ""
