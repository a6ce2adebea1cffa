"""Find one like mine: the form, the order of the stories, and the reasons that they give."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sites import BuiltSite

from .test_accessibility import axe, violations
from .test_pages import FITS
from .test_search import fronts, without_faults

__all__ = ["axe", "without_faults"]
pytestmark = pytest.mark.browser

Story = dict[str, Any]


def rows(page: Page) -> Locator:
    """The stories shown."""
    return page.locator(".nearest .entry")


def stories(page: Page, site: BuiltSite) -> list[tuple[Story, str]]:
    """The front matter of each story shown, with the reasons beside it."""
    by_title = {story["title"]: story for story in fronts(site.folder.parent / "content")}
    shown = rows(page).evaluate_all(
        """rows => rows.map(row => [row.querySelector("h3").textContent,
                                    row.querySelector(".entry-reason").textContent])"""
    )
    return [(by_title[title], reasons) for title, reasons in shown]


def fits(story: Story, *owned: str) -> bool:
    return set(story["needs"]) <= {"nothing", *owned}


def test_the_nearest_story_shares_what_was_asked_and_says_so(
    page: Page, address: str, visited_site: BuiltSite
) -> None:
    page.goto(address)
    page.get_by_role("link", name="Find one like mine").first.click()
    page.get_by_label("Level").select_option("Primary")
    page.get_by_label("Topic or subject").select_option("Mathematics")
    page.get_by_label("Where I am").select_option("Kenya")
    page.get_by_label("Electricity").check()
    page.get_by_label("A phone").check()
    page.get_by_role("button", name="Show the nearest stories").click()
    expect(page.get_by_role("heading", name="The nearest stories")).to_be_focused()
    expect(rows(page)).to_have_count(12)
    found = stories(page, visited_site)
    first, reasons = found[0]
    assert first["level"] == "primary"
    assert "mathematics" in first["subjects"]
    assert reasons.startswith("Same level: Primary · Also about: Mathematics · ")
    for story, reasons in found:
        assert fits(story, "electricity", "phone")
        assert ("Same level: Primary" in reasons) == (story["level"] == "primary")
        assert ("For all ages" in reasons) == (story["level"] == "all-through")
        assert ("Also in Kenya" in reasons) == (story["country"] == "KE")
        nothing = "Needs nothing beyond a class and a teacher" in reasons
        assert nothing == (story["needs"] == ["nothing"])
        assert nothing != ("Needs only what you have: " in reasons)


def test_a_story_that_needs_more_comes_after_all_that_do_not(
    page: Page, address: str, visited_site: BuiltSite
) -> None:
    every = fronts(visited_site.folder.parent / "content")
    fitting = sum(fits(story, "one-computer", "electricity") for story in every)
    assert fitting > 240, "a page shows no more than 240"
    page.goto(f"{address}find/?have=one-computer&level=secondary&page=20")
    expect(rows(page)).to_have_count(240)
    assert all(
        fits(story, "one-computer", "electricity") for story, _ in stories(page, visited_site)
    )

    page.goto(f"{address}find/?have=nothing&about=robotics&page=20")
    expect(rows(page)).to_have_count(240)
    found = stories(page, visited_site)
    order = [fits(story) for story, _ in found]
    assert order == sorted(order, reverse=True)
    assert order.count(True) == sum(map(fits, every))
    for story, reasons in found:
        assert ("Also needs: " in reasons) != fits(story)
        if story["needs"] == ["electricity", "one-computer"]:
            assert reasons.endswith("Also needs: electricity and one computer")


def test_places_count_by_how_near_they_are(
    page: Page, address: str, visited_site: BuiltSite
) -> None:
    page.goto(f"{address}find/?country=KE&page=20")
    expect(rows(page)).to_have_count(240)
    nearness = ["Also in Kenya", "In a neighbouring country", "In the same part of the continent",
                "On the same continent", ""]  # fmt: skip
    found = stories(page, visited_site)
    order = [nearness.index(reasons) for _, reasons in found]
    assert order == sorted(order)
    assert set(order) == set(range(len(nearness)))
    neighbours = {story["country"] for story, reasons in found if reasons == nearness[1]}
    assert neighbours <= {"ET", "SO", "SS", "TZ", "UG"}
    continent = {story["country"] for story, reasons in found if reasons == nearness[3]}
    assert "EG" in continent


def test_the_address_holds_the_answers_and_back_returns_to_them(page: Page, address: str) -> None:
    page.goto(address + "find/")
    expect(rows(page)).to_have_count(0)
    page.get_by_label("Level").select_option("Secondary")
    page.get_by_label("Level").press("Enter")
    page.get_by_role("button", name="Show the nearest stories").click()
    page.wait_for_url("**/find/?level=secondary")
    expect(rows(page)).to_have_count(12)
    before = rows(page).first.inner_text()
    page.get_by_label("Topic or subject").select_option("Robotics")
    page.get_by_label("An internet connection").check()
    page.get_by_role("button", name="Show the nearest stories").click()
    page.wait_for_url("**/find/?level=secondary&about=robotics&have=internet")
    expect(rows(page).first).to_contain_text("Also about: Robotics")
    shown = rows(page).all_inner_texts()
    page.reload()
    expect(page.get_by_label("An internet connection")).to_be_checked()
    expect(rows(page)).to_have_text(shown, use_inner_text=True)
    page.go_back()
    page.wait_for_url("**/find/?level=secondary")
    expect(page.get_by_label("An internet connection")).not_to_be_checked()
    expect(page.get_by_label("Topic or subject")).to_have_value("")
    expect(rows(page).first).to_have_text(before, use_inner_text=True)


def test_more_stories_come_when_asked_for(page: Page, address: str) -> None:
    page.goto(address + "find/?about=robotics")
    expect(rows(page)).to_have_count(12)
    page.get_by_role("button", name="Show more").click()
    expect(rows(page)).to_have_count(24)
    expect(rows(page).nth(12).locator("a")).to_be_focused()
    page.wait_for_url("**/find/?about=robotics&page=2")


def test_no_answer_asks_for_one_and_an_unknown_one_does_no_harm(page: Page, address: str) -> None:
    page.goto(address + "find/")
    page.get_by_role("button", name="Show the nearest stories").click()
    expect(page.locator(".nearest [role=status]")).to_have_text(
        "Answer at least one of the questions."
    )
    page.goto(address + "find/?level=%22%3E%3Cb%3E&about=__proto__&country=constructor&have=%22")
    expect(page.get_by_label("Level")).to_have_value("")
    expect(rows(page)).to_have_count(0)
    page.goto(address + "find/?level=primary&about=__proto__&country=constructor&page=-3")
    expect(rows(page)).to_have_count(12)


def test_a_failure_is_told_and_trying_again_helps(page: Page, address: str) -> None:
    page.route("**/find/*.json", lambda route: route.abort())
    page.goto(address + "find/?level=primary")
    status = page.locator(".nearest [role=status]")
    expect(status).to_contain_text("The search could not be loaded.")
    page.unroute("**/find/*.json")
    status.get_by_role("button", name="Try again").click()
    expect(rows(page)).to_have_count(12)
    expect(status).to_be_empty()


def test_the_reasons_are_in_the_language_of_the_page(page: Page, address: str) -> None:
    page.goto(address + "ar/find/?level=primary&country=EG&have=phone")
    expect(rows(page)).to_have_count(12)
    expect(rows(page).first.locator(".entry-reason")).to_contain_text("المرحلة نفسها: ")
    foreign = rows(page).locator("h3 a[lang=en]").first
    expect(foreign).to_have_attribute("dir", "ltr")


def test_without_scripts_the_page_leads_to_the_lists(
    open_context: Callable[..., BrowserContext], address: str
) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(address + "find/")
    expect(page.locator("form.find")).to_be_hidden()
    assert "needs JavaScript" in page.locator("main").inner_text()
    links = page.locator("main a").evaluate_all("every => every.map(a => a.pathname)")
    assert {"/levels/primary/", "/schools/", "/regions/asia/"} <= set(links)


@pytest.mark.parametrize("language", ["", "ar/"])
def test_the_answer_is_accessible_and_fits_a_phone(
    page: Page, address: str, axe: str, language: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{address}{language}find/?level=primary&about=mathematics&country=KE&have=phone")
    expect(rows(page)).to_have_count(12)
    assert page.evaluate(FITS)
    page.evaluate(axe)
    assert violations(page) == set()
    page.emulate_media(color_scheme="dark")
    assert violations(page) == set()
