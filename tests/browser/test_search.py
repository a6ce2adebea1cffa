"""Search as a visitor has it: the box on every page, the page of results, the facets."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from sites import TODAY, BuiltSite

from .conftest import LIMIT
from .test_accessibility import SCHEMES, violations
from .test_pages import FITS, IS_CUT_OFF, until

pytestmark = pytest.mark.browser

FRONT = re.compile(r"---\n(.*?)\n---\n", re.DOTALL)
MARKUP = "<img src=x onerror=\"document.title='run'\"><b>Bold</b>"
FAILED = "The search could not be loaded."


@pytest.fixture(autouse=True)
def without_faults(page: Page, address: str) -> Iterator[None]:
    """No script fails in any of these tests, and nothing is asked of another host."""
    faults: list[str] = []
    asked: set[str] = set()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    yield
    assert faults == []
    assert asked <= {urlsplit(address).netloc}


# --- the box


def test_a_story_is_found_and_opened_with_the_keyboard_alone(page: Page, address: str) -> None:
    page.goto(address)
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "q":
            break
    page.keyboard.type("tabichi")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("Kenya")
    title = options.first.locator("span[lang], span").first.inner_text()
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/stories/*/")
    assert page.locator("h1").inner_text().strip() == title


def test_arrows_go_round_the_options_and_through_the_text(page: Page, address: str) -> None:
    page.goto(address)
    box = typed(page, "rwanda")
    options = page.get_by_role("option")
    number = options.count()
    assert number > 3
    page.keyboard.press("ArrowUp")
    expect(options.nth(number - 1)).to_have_attribute("aria-selected", "true")
    expect(options.nth(number - 1)).to_contain_text("All results")
    page.keyboard.press("ArrowDown")
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(options.first).to_contain_text("Rwanda")
    page.keyboard.press("Home")
    page.keyboard.type("x")
    expect(box).to_have_value("xrwanda")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)


def test_the_box_is_a_combobox_to_a_screen_reader(page: Page, address: str) -> None:
    page.goto(address)
    before = heard(page)
    assert ("combobox", "Search the stories", False) in before
    assert not any(role == "listbox" for role, *_ in before)
    typed(page, "rwanda")
    page.keyboard.press("ArrowDown")
    after = heard(page)
    assert ("combobox", "Search the stories", True) in after
    assert ("listbox", "Search the stories", None) in after
    names = [name for role, name, _ in after if role == "option"]
    assert names[0].split() == ["Rwanda", "Country"]
    assert names[-1].startswith("All results")
    active = page.get_by_role("combobox").evaluate(
        "box => document.getElementById(box.getAttribute('aria-activedescendant')).role"
    )
    assert active == "option"


def test_the_number_found_is_said_once_typing_rests(page: Page, address: str) -> None:
    page.goto(address)
    status = page.locator("header [role=status]")
    assert status.count() == 1, "it is there before there is anything to say"
    page.evaluate(
        """() => {
            window.said = [];
            new MutationObserver(() => {
                const { textContent } = document.querySelector("header [role=status]");
                if (textContent) window.said.push(textContent);
            }).observe(document.querySelector("header [role=status]"), { childList: true });
        }"""
    )
    typed(page, "robotics")
    expect(status).to_have_text(re.compile(r"^\d+ stories$"))
    assert page.evaluate("window.said") == [status.inner_text()]
    announced = page.locator("header form").aria_snapshot()
    assert f"status: {status.inner_text()}" in announced


def test_a_slash_goes_to_the_box_but_not_out_of_a_field(page: Page, address: str) -> None:
    for where in ("", "stories/specimen/", "search/"):
        page.goto(address + where)
        box = page.locator("input[name=q]")
        page.keyboard.press("/")
        expect(box).to_be_focused()
        expect(box).to_have_value("")
        page.keyboard.press("/")
        expect(box).to_have_value("/")


def test_escape_closes_then_clears_then_leaves(page: Page, address: str) -> None:
    page.goto(address)
    box = typed(page, "robotics")
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("robotics")
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    page.keyboard.press("ArrowDown")  # which has nothing to list
    expect(page.locator(".found")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(box).not_to_be_focused()


def test_the_list_closes_when_the_box_is_left(page: Page, address: str) -> None:
    page.goto(address)
    typed(page, "robotics")
    page.keyboard.press("Tab")
    expect(page.locator(".found")).to_be_hidden()
    typed(page, "chess")
    page.locator("h1").click()
    expect(page.locator(".found")).to_be_hidden()


def test_an_option_is_a_link_for_the_pointer(page: Page, address: str) -> None:
    page.goto(address)
    typed(page, "robotics")
    with page.context.expect_page() as opened:
        page.get_by_role("option").first.click(button="middle")
    assert "/stories/" in opened.value.url or opened.value.wait_for_url("**/stories/**") is None
    opened.value.close()
    page.get_by_role("option", name="All results").click()
    page.wait_for_url("**/search/?q=robotics")
    expect(page.locator("input[name=q]")).to_have_value("robotics")


def test_enter_without_an_option_leads_to_all_results(page: Page, address: str) -> None:
    page.goto(address)
    typed(page, "robotics")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=robotics")
    expect(rows(page).first).to_be_visible()
    assert page.title().startswith("robotics")


def test_a_late_answer_does_not_replace_a_newer_one(page: Page, address: str) -> None:
    held = cards_held(page)
    page.goto(address)
    box = page.get_by_role("combobox")
    box.fill("tabichi")
    wait_for(page, held)
    box.fill("qqqqzzzzxxxx")  # which nothing answers, so that no card is wanted
    expect(page.locator(".found")).to_contain_text("No story found.")
    let_go(page, held)
    expect(page.locator(".found")).to_contain_text("No story found.")
    expect(page.get_by_role("option")).to_have_count(0)


def test_an_answer_after_escape_does_not_open_the_list(page: Page, address: str) -> None:
    held = cards_held(page)
    page.goto(address)
    page.get_by_role("combobox").fill("tabichi")
    wait_for(page, held)
    page.keyboard.press("Escape")
    let_go(page, held)
    expect(page.locator(".found")).to_be_hidden()


@pytest.mark.parametrize("part", ["**/engine*.js", "**/search/index.json", "**/search/terms/**"])
def test_a_file_that_fails_is_told_and_can_be_tried_again(
    page: Page, address: str, part: str
) -> None:
    page.route(part, lambda route: route.abort())
    page.goto(address)
    page.get_by_role("combobox").press_sequentially("robotics")
    expect(page.locator(".found")).to_contain_text(FAILED)
    expect(page.get_by_role("combobox")).to_have_attribute("aria-expanded", "false")
    expect(page.locator("header [role=status]")).to_have_text(FAILED)
    page.unroute(part)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Try again")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("option").first).to_be_visible()
    expect(page.get_by_role("combobox")).to_be_focused()


def test_markup_stays_text(page: Page, address: str) -> None:
    def with_markup(route: Route) -> None:
        answer = route.fetch()
        cards = answer.json()
        for card in cards:
            card[1] = card[2] = card[4] = MARKUP
        route.fulfill(response=answer, json=cards)

    page.route("**/search/cards/**", with_markup)
    page.goto(address)
    typed(page, "robotics")
    expect(page.get_by_role("option").first).to_contain_text(MARKUP)
    for query in ("robotics", "<img src=x onerror=alert(1)>"):
        page.locator("input[name=q]").fill(query)
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=*")
        expect(page.locator(".answer .meta")).to_be_visible()
        assert page.locator("main img, main b").count() == 0
        assert page.title().startswith(query)
    page.goto(address + "search/?q=robotics&kind=%3Cimg+src%3Dx%3E")
    expect(page.get_by_role("button", name="Remove: <img src=x>")).to_be_visible()
    assert page.locator("main img").count() == 0


# --- the page of results


def test_results_stand_in_the_page_with_the_words_marked(page: Page, address: str) -> None:
    page.goto(address + "search/?q=robotics")
    expect(rows(page).first).to_be_visible()
    assert page.locator("main mark").first.inner_text().lower().startswith("robot")
    number = found(page)
    expect(page.locator("main [role=status]")).to_have_text(f"{number} stories")
    assert rows(page).count() == min(24, number)
    assert page.get_by_role("searchbox", name="Search the stories").count() == 1


def test_typing_replaces_and_submitting_makes_a_step(page: Page, address: str) -> None:
    page.goto(address)
    page.goto(address + "search/")
    expect(rows(page).first).to_be_visible()
    steps = page.evaluate("history.length")
    box = page.locator("input[name=q]")
    box.press_sequentially("chess")
    page.wait_for_url("**/search/?q=chess")
    assert page.evaluate("history.length") == steps
    page.keyboard.press("Enter")
    assert page.evaluate("history.length") == steps + 1
    page.go_back()
    page.wait_for_url(address + "search/")
    expect(box).to_have_value("")
    page.go_forward()
    page.wait_for_url("**/search/?q=chess")
    expect(box).to_have_value("chess")


def test_back_and_forward_restore_words_facets_results_and_place(page: Page, address: str) -> None:
    page.goto(address + "search/?q=school")
    expect(rows(page).first).to_be_visible()
    everything = found(page)
    value(page, "Kind", "Faculty").check()
    page.wait_for_url("**/search/?q=school&kind=faculty")
    expect(page.locator(".answer .meta")).not_to_have_text(f"{everything} stories")
    filtered = found(page)
    assert filtered < everything
    page.get_by_role("button", name="Show more").click()
    page.wait_for_url("**/search/?q=school&kind=faculty&page=2")
    expect(rows(page)).to_have_count(min(48, filtered))
    expect(rows(page).nth(24).get_by_role("link")).to_be_focused()
    rows(page).nth(30).get_by_role("link").scroll_into_view_if_needed()
    until(page, "() => history.state === scrollY && scrollY > 1000")
    place = page.evaluate("scrollY")
    rows(page).nth(30).get_by_role("link").click()
    page.wait_for_url("**/stories/*/")

    page.go_back()
    page.wait_for_url("**/search/?q=school&kind=faculty&page=2")
    expect(rows(page)).to_have_count(min(48, filtered))
    until(page, "place => Math.abs(scrollY - place) < 2", place)
    expect(page.locator("input[name=q]")).to_have_value("school")
    expect(value(page, "Kind", "Faculty")).to_be_checked()
    page.go_back()
    page.wait_for_url("**/search/?q=school")
    expect(page.locator(".answer .meta")).to_have_text(f"{everything} stories")
    expect(value(page, "Kind", "Faculty")).not_to_be_checked()
    page.go_forward()
    expect(value(page, "Kind", "Faculty")).to_be_checked()
    expect(page.locator(".answer .meta")).to_have_text(f"{filtered} stories")


def test_the_focus_stays_on_a_facet_while_its_counts_change(page: Page, address: str) -> None:
    page.goto(address + "search/?q=robotics")
    teacher = value(page, "Kind", "Teacher")
    teacher.focus()
    page.keyboard.press("Space")
    page.wait_for_url("**kind=teacher")
    expect(page.get_by_role("button", name="Remove: Teacher")).to_be_visible()
    expect(teacher).to_be_focused()
    page.get_by_role("button", name="Remove: Teacher").press("Enter")
    page.wait_for_url("**/search/?q=robotics")
    assert page.evaluate("document.activeElement.localName") == "summary"


def test_countries_and_topics_lead_to_their_own_pages(page: Page, address: str) -> None:
    page.goto(address + "search/?q=rwanda")
    page.locator(".pages").get_by_role("link", name="Rwanda").click()
    page.wait_for_url("**/countries/rwanda/")


def test_nothing_found_says_so_and_what_to_do(page: Page, address: str) -> None:
    page.goto(address + "search/?q=qqqqzzzzxxxx")
    expect(page.locator(".answer .meta")).to_contain_text("No story found.")
    expect(rows(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()


def test_results_that_fail_are_told_and_can_be_tried_again(page: Page, address: str) -> None:
    page.route("**/search/cards/**", lambda route: route.abort())
    page.goto(address + "search/?q=robotics")
    again = page.get_by_role("button", name="Try again")
    expect(page.locator("main")).to_contain_text(FAILED)
    page.unroute("**/search/cards/**")
    again.click()
    expect(rows(page).first).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(FAILED)
    expect(page.locator("input[name=q]")).to_be_focused()


def test_arabic_reads_from_the_right_and_puts_its_own_first(page: Page, address: str) -> None:
    page.goto(address + "ar/")
    box = typed(page, "رواندا")
    expect(page.get_by_role("option").first).to_contain_text("رواندا")
    left = box.bounding_box()
    submit = page.locator("header form > button").bounding_box()
    assert left is not None
    assert submit is not None
    assert submit["x"] < left["x"], "the button stands at the end, which is on the left"
    page.goto(address + "ar/search/?q=%D8%B9%D9%84%D9%88%D9%85")
    expect(rows(page).first).to_be_visible()
    foreign = [bool(row.locator(".tag").count()) for row in rows(page).all()]
    assert foreign == sorted(foreign), "stories in Arabic come first"
    for row in rows(page).filter(has=page.locator(".tag")).all():
        assert row.get_by_role("link").get_attribute("dir") == "ltr"
        assert row.get_by_role("link").get_attribute("lang") == "en"


def test_without_scripts_the_box_leads_to_the_browse_pages(
    open_context: Callable[..., BrowserContext], address: str
) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(address)
    page.get_by_role("searchbox", name="Search the stories").fill("robotics")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=robotics")
    assert "needs JavaScript" in page.locator("main").inner_text()
    links = page.locator("main a").evaluate_all("every => every.map(a => a.pathname)")
    assert {"/stories/", "/countries/", "/topics/"} <= set(links)
    expect(page.locator("main summary, main .chosen, main .answer").first).to_be_hidden()


# --- facets


def test_facets_count_as_the_content_does(
    page: Page, address: str, visited_site: BuiltSite
) -> None:
    stories = fronts(visited_site.folder.parent / "content")
    page.goto(address + "stories/")
    opened_facets(page)
    assert counts(page, "Kind") == counted(stories, "kind", named_kinds)
    assert counts(page, "Year") == counted(stories, "year", str)
    assert sum(counts(page, "Country").values()) == len(stories)
    assert sorted(counts(page, "Topic").values()) == sorted(
        counted(stories, "topics", str).values()
    )

    value(page, "Kind", "School").check()
    page.wait_for_url("**/stories/?kind=school")
    schools = [story for story in stories if story["kind"] == "school"]
    expect(page.locator(".answer .meta")).to_have_text(f"{len(schools)} stories")
    assert counts(page, "Kind") == counted(stories, "kind", named_kinds), "values of one are OR"
    assert counts(page, "Year") == counted(schools, "year", str)

    value(page, "Kind", "Faculty").check()
    year = Counter(str(story["year"]) for story in stories).most_common(1)[0][0]
    value(page, "Year", year).check()
    page.wait_for_url(f"**/stories/?kind=school&kind=faculty&year={year}")
    both = [story for story in stories if story["kind"] != "teacher" and str(story["year"]) == year]
    expect(page.locator(".answer .meta")).to_have_text(f"{len(both)} stories")
    of_year = [story for story in stories if str(story["year"]) == year]
    assert counts(page, "Kind") == counted(of_year, "kind", named_kinds)


def test_a_facet_replaces_the_list_and_clearing_brings_it_back(page: Page, address: str) -> None:
    page.goto(address + "stories/")
    made = page.locator("main .entry:visible h2").all_inner_texts()
    opened_facets(page)
    assert page.locator("main .entry:visible h2").all_inner_texts() == made
    value(page, "Kind", "School").check()
    expect(page.locator(".answer .entry").first).to_be_visible()
    expect(page.locator(".paging")).to_be_hidden()
    assert set(page.locator(".entry:visible .kind").all_inner_texts()) == {"School"}
    page.get_by_role("button", name="Clear all").click()
    page.wait_for_url(address + "stories/")
    expect(page.locator(".paging")).to_be_visible()
    assert page.locator("main .entry:visible h2").all_inner_texts() == made
    page.go_back()
    page.wait_for_url("**/stories/?kind=school")
    expect(page.locator(".paging")).to_be_hidden()
    page.go_back()
    page.wait_for_url(address + "stories/")
    expect(page.locator(".paging")).to_be_visible()


def test_an_address_with_facets_opens_filtered(page: Page, address: str) -> None:
    page.goto(address + "stories/?kind=faculty&kind=teacher&page=2")
    expect(rows(page)).to_have_count(48)
    assert set(page.locator(".entry:visible .kind").all_inner_texts()) <= {"Teacher", "Faculty"}
    expect(page.get_by_role("button", name="Remove: Faculty")).to_be_visible()
    opened_facets(page)
    expect(value(page, "Kind", "Teacher")).to_be_checked()


def test_facets_that_fail_leave_the_links_in_place(page: Page, address: str) -> None:
    page.route("**/search/index.json", lambda route: route.abort())
    page.goto(address + "stories/")
    page.locator("details.browse > summary").click()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    expect(page.locator("details.browse a").first).to_be_visible()
    expect(page.locator(".paging")).to_be_visible()
    page.unroute("**/search/index.json")
    page.get_by_role("button", name="Try again").click()
    expect(value(page, "Kind", "School")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()


def test_the_state_survives_an_address_that_nobody_made(page: Page, address: str) -> None:
    for query in ("page=-3", "page=99999", "kind=&kind=x", "__proto__=1&constructor=2", "q=%00"):
        page.goto(f"{address}search/?{query}")
        expect(page.locator(".answer .meta")).not_to_be_empty()
        expect(page.locator("main")).not_to_contain_text(FAILED)


# --- for everyone


@pytest.mark.parametrize("language", ["", "ar/"])
def test_axe_finds_nothing_while_searching(page: Page, address: str, language: str) -> None:
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    faults: dict[tuple[str, int], set[tuple[str, str, str]]] = {}
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="light")
        page.goto(f"{address}{language}search/?q=robotics&kind=school")
        expect(rows(page).first).to_be_visible()
        opened_facets(page)
        page.evaluate(axe)
        checked(page, faults, "results", width)
        page.goto(f"{address}{language}about/")
        typed(page, "robotics")
        page.keyboard.press("ArrowDown")
        page.evaluate(axe)
        checked(page, faults, "box", width)
        page.goto(f"{address}{language}stories/?kind=school")
        opened_facets(page)
        page.evaluate(axe)
        checked(page, faults, "facets", width)
    assert not any(faults.values()), faults


def checked(page: Page, faults: dict[Any, Any], what: str, width: int) -> None:
    """Note what axe finds, light and dark, and what does not fit."""
    for scheme in reversed(SCHEMES):
        page.emulate_media(color_scheme=scheme)
        faults[f"{what}, {scheme}", width] = violations(page)
    assert page.evaluate(FITS), f"{what} is wider than {width} pixels"
    assert page.evaluate(IS_CUT_OFF) == []


# --- helpers


def typed(page: Page, query: str) -> Locator:
    """Type into the box in the header and wait for its list."""
    box = page.get_by_role("combobox")
    box.fill(query)
    expect(page.get_by_role("option").first).to_be_visible()
    return box


def cards_held(page: Page) -> list[Route]:
    """Hold back the cards of stories; returns the requests that wait for them."""
    held: list[Route] = []
    page.route("**/search/cards/**", lambda route: held.append(route))
    return held


def wait_for(page: Page, held: list[Route]) -> None:
    """Wait until a card has been asked for."""
    for _ in range(LIMIT // 20):
        if held:
            return
        page.wait_for_timeout(20)
    pytest.fail(f"no card was asked for; the box says {page.locator('.found').all_inner_texts()}")


def let_go(page: Page, held: list[Route]) -> None:
    """Answer the requests held back, and let the page take the answers in."""
    with page.expect_response("**/search/cards/**"):
        for route in held:
            route.continue_()
    page.wait_for_timeout(100)


def rows(page: Page) -> Locator:
    """The stories that are shown."""
    return page.locator(".answer .entry")


def found(page: Page) -> int:
    """How many stories the page says were found."""
    return int(page.locator(".answer .meta").inner_text().split()[0].replace(",", ""))


def heard(page: Page) -> list[tuple[str, str, bool | None]]:
    """Role, name and expanded state of all that a screen reader is given."""
    client = page.context.new_cdp_session(page)
    nodes = client.send("Accessibility.getFullAXTree")["nodes"]
    client.detach()
    return [
        (
            node["role"]["value"],
            node.get("name", {}).get("value", ""),
            next(
                (
                    state["value"]["value"]
                    for state in node.get("properties", [])
                    if state["name"] == "expanded"
                ),
                None,
            ),
        )
        for node in nodes
        if not node.get("ignored")
    ]


def value(page: Page, facet: str, label: str) -> Locator:
    """The box to tick for a value of a facet."""
    group = page.get_by_role("group", name=facet, exact=True)
    return group.get_by_role("checkbox", name=re.compile(rf"^{label} \d"))


def opened_facets(page: Page) -> None:
    """Open the facets, and every one of them."""
    if not page.locator("details.browse").evaluate("details => details.open"):
        page.locator("details.browse > summary").click()
    expect(page.locator(".facets input").first).to_be_visible()
    for facet in page.locator(".facets details:not([open]) summary").all()[::-1]:
        facet.click()
    expect(page.locator(".facets details:not([open])")).to_have_count(0)


def counts(page: Page, facet: str) -> dict[str, int]:
    """The values of a facet with the counts beside them."""
    group = page.locator(f".facets [role=group][aria-label='{facet}'] label:visible")
    return {
        label: int(number)
        for label, number in (text.rsplit("\n", 1) for text in group.all_inner_texts())
    }


@cache
def fronts(content: Path) -> tuple[dict[str, Any], ...]:
    """The front matter of every story that is published, read without the program."""
    originals = [path for path in content.glob("stories/*/**/*.md") if path.name.count(".") == 1]
    read = (FRONT.match(path.read_text(encoding="utf-8")) for path in originals)
    every = [yaml.safe_load(front[1]) for front in read if front]
    return tuple(one for one in every if not one.get("draft") and one["published"] <= TODAY)


def counted(
    stories: tuple[dict[str, Any], ...] | list[dict[str, Any]],
    field: str,
    label: Callable[[Any], str],
) -> dict[str, int]:
    """How many stories have each value of a field."""
    values = (story[field] for story in stories)
    every = (one for value in values for one in (value if isinstance(value, list) else [value]))
    return dict(Counter(map(label, every)))


def named_kinds(kind: str) -> str:
    """The English name of a kind of story."""
    return kind.capitalize()
