"""A reader of the pages without a browser: follows links, fills forms, and checks that nothing in a page can act."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

VOID = {"meta", "link", "input", "br", "hr", "circle", "path", "rect"}
"""Tags without an end; those of pictures end themselves here."""

HARMLESS = VOID | {
    "html", "head", "title", "body", "header", "main", "footer", "nav", "section", "article", "div", "span", "p", "a",
    "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "b", "i", "em", "strong", "s", "del", "ins", "kbd", "sub",
    "sup", "code", "pre", "blockquote", "table", "thead", "tbody", "tr", "td", "th", "details", "summary", "time",
    "form", "label", "select", "option", "textarea", "button", "svg", "text",
}  # fmt: skip
"""All that the pages may consist of; above all no script, no style, no picture from elsewhere, no frame."""


@dataclass
class Form:
    """A form as it stands in a page: its fields with their values, its buttons as (name, value, formaction)."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    disabled: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """One page, read strictly: unbalanced tags fail."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.text = ""
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.forms: list[Form] = []
        self._open: list[str] = []
        self._form: Form | None = None
        self._select = ""
        self._button: dict[str, str] | None = None
        self.feed(html)
        self.close()
        assert self._open == [], f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.append((tag, values))
        if tag not in VOID:
            self._open.append(tag)
        if "href" in values:
            self.links.append(values["href"])
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "form":
            self._form = Form(values["action"])
            self.forms.append(self._form)
        if self._form is not None:
            self._part(self._form, tag, values)

    def _part(self, form: Form, tag: str, values: dict[str, str]) -> None:
        if tag in ("input", "textarea"):
            form.fields[values["name"]] = values.get("value", "")
        elif tag == "select":
            self._select = values["name"]
        elif tag == "option":
            form.options.setdefault(self._select, []).append(values["value"])
            if "selected" in values or self._select not in form.fields:
                form.fields[self._select] = values["value"]
        elif tag == "button":
            form.buttons.append((values.get("name", ""), values.get("value", ""), values.get("formaction", "")))
            if "disabled" in values:
                form.disabled.append(values.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag, f"</{tag}> in the wrong place"
        if tag == "form":
            self._form = None

    def handle_data(self, data: str) -> None:
        self.text += data

    def must_be_harmless(self) -> None:
        """Fail for anything that could act or load something from elsewhere."""
        for tag, values in self.tags:
            assert tag in HARMLESS, f"<{tag}> in a page"
            for name, value in values.items():
                assert not name.startswith("on"), f"{name} in <{tag}>"
                assert name not in ("style", "src", "srcset", "data", "srcdoc"), f"{name} in <{tag}>"
                if name in ("href", "action", "formaction"):
                    scheme = urlsplit(value).scheme.lower()
                    assert scheme in ("", "http", "https", "mailto") or (tag, scheme) == ("link", "data"), value
        assert len(self.ids) == len(set(self.ids)), "an id stands twice"


@dataclass
class Browser:
    """Looks at a hub, keeping cookies. Every page must be harmless and carry the headers that forbid all else."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, status: int = 200) -> Page:
        """The page at a path."""
        return self._read(self.session.get(urljoin(self.url, path), timeout=30), status)

    def submit(self, form: Form, status: int = 200, button: tuple[str, str] = ("", ""), **fields: str) -> Page:
        """The page after a form, with some fields filled; the field `as` is written `by`."""
        filled = form.fields | {("as" if name == "by" else name): value for name, value in fields.items()}
        action = form.action
        if button[0]:
            filled[button[0]] = button[1]
        for name, value, elsewhere in form.buttons:
            if (name, value) == button and elsewhere:
                action = elsewhere
        return self.post(action, filled, status)

    def post(self, path: str, fields: dict[str, str], status: int = 200, **headers: str) -> Page:
        """The page after a POST and its redirect."""
        answer = self.session.post(
            urljoin(self.url, path),
            data=fields,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            timeout=30,
        )
        return self._read(answer, status)

    def _read(self, answer: requests.Response, status: int) -> Page:
        assert answer.status_code == status, (answer.url, answer.status_code, answer.text[-2000:])
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        page = Page(answer.text)
        page.must_be_harmless()
        return page

    def close(self) -> None:
        """Close its connections."""
        self.session.close()
