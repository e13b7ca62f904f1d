"""A person at a browser without script: opens pages, fills in the forms that stand there, presses.

Nothing is posted that no form offers: action, hidden fields and tokens come from the page, and
the server checks the token of each form as it does for real browsers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client
from tests.personas import PASSWORD


@dataclass
class Form:
    """One form of a page: where it goes, what is filled in already, and its buttons."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[dict[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects the forms; fields outside of any form are found by their ``form`` attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(self._form, tag, given)

    def _control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "button" or (tag == "input" and given.get("type") == "submit"):
            form.buttons.append(given)
        elif tag == "input" and name:
            self._input(form, name, given)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            form.fields[self._select] = [given.get("value", "")]
        elif tag == "textarea":
            self._area = name
            form.fields[name] = [""]

    @staticmethod
    def _input(form: Form, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in {"checkbox", "radio"} and "checked" not in given:
            return
        if kind != "file":
            form.fields.setdefault(name, []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area:
            begun = self._form.fields[self._area]
            begun[0] += data if begun[0] else data.removeprefix("\n")  # as HTML has it

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def forms_in(html: str) -> list[Form]:
    """The forms of a page, as a browser would send them back."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms


class Browser:
    """Keeps cookies, follows redirects, knows the page it looks at.

    ``client``: what asks for it, when that is not Django's own client of tests.
    """

    def __init__(self, client: Any = None) -> None:
        self._client = client or Client(enforce_csrf_checks=True)
        self.page: Any = None

    @property
    def html(self) -> str:
        return str(self.page.content.decode())

    @property
    def address(self) -> str:
        return str(self.page.request["PATH_INFO"])

    def open(self, address: str, status: int = 200) -> str:
        self.page = self._client.get(address, follow=True)
        assert self.page.status_code == status, (address, self.page.status_code)
        return self.html

    def download(self, address: str) -> Any:
        answer = self._client.get(address)
        assert answer.status_code == 200, address
        assert answer["Content-Disposition"].startswith("attachment")
        return answer.json()

    def press(self, target: str, *, button: str = "", files: Any = None, **said: Any) -> str:
        """Fill in the form whose address contains ``target`` and press its button.

        ``target`` may be the address that a button of the form names itself. ``button`` is the
        value of the button, where there are several.
        """
        action, form, pressed = self._found(target, button)
        given = {**form.fields, **said, **(files or {})}
        if pressed.get("name"):
            given[pressed["name"]] = pressed.get("value", "")
        self.page = self._client.post(action or self.address, given, follow=True)
        assert self.page.status_code == 200, (action, self.page.status_code, self._problems())
        return self.html

    def _found(self, target: str, button: str) -> tuple[str, Form, dict[str, str]]:
        forms = forms_in(self.html)
        for form in (each for each in forms if each.method == "post"):
            for given in form.buttons or [{}]:
                action = given.get("formaction") or form.action
                if target in (action or self.address) and button in {"", given.get("value")}:
                    return action, form, given
        offered = [(f.action, [b.get("formaction") for b in f.buttons]) for f in forms]
        raise AssertionError(f"no form to {target} {button} on {self.address}: {offered}")

    def _problems(self) -> str:
        start = self.html.find("There is a problem")
        return self.html[start : start + 800] if start >= 0 else ""


def signed_in(username: str) -> Browser:
    """Somebody who came through the entrance and stands at their desk."""
    browser = Browser()
    browser.open("/login/")
    browser.press("/login/", username=username, password=PASSWORD)
    assert browser.address != "/login/", "the sign-in failed"
    return browser
