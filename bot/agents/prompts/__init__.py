"""The prompts: Markdown templates with a closed set of variables, rendered strictly. Nothing from outside enters a system prompt."""

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template, select_autoescape


@cache
def _environment() -> Environment:
    """Markdown is rendered, so nothing is escaped for HTML (`material` guards what is foreign); a missing variable is an error."""
    return Environment(
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html",), default_for_string=False),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def source(name: str) -> str:
    """The template's text; `name` without `.md`."""
    return (files(__name__) / f"{name}.md").read_text(encoding="utf-8")


@cache
def _template(name: str) -> Template:
    return _environment().from_string(source(name))


def render(name: str, **variables: Any) -> str:
    """The prompt `name` with exactly its variables; raises `jinja2.UndefinedError` when one is missing."""
    return _template(name).render(**variables)
