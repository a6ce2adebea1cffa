"""`serve` in a real browser: what is saved shows at once, and a mistake is shown where it is."""

import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sites import ROOT

from .test_pages import until

pytestmark = pytest.mark.browser

SECONDS = 60  # a limit for a busy machine, not a wait

SITE = """\
title: A small site
tagline: For trying the preview
base_url: https://example.org/
languages: [en, fr]
"""

STORY = """\
---
title: {title}
summary: What happened, in a sentence.
country: KE
kind: teacher
level: primary
topics: [low-cost-materials]
year: 2024
published: 2026-11-01
institution: {{name: A school}}
sources:
  - {{title: A source, url: "https://example.org/source", publisher: A publisher}}
---

## The challenge

{text}
"""


@dataclass
class Served:
    """A served site of two stories, and where it is."""

    folder: Path
    address: str

    def write(self, slug: str, text: str, title: str = "") -> Path:
        """Save a story as an editor would."""
        path = self.folder / "content/stories/ke" / f"{slug}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            STORY.format(title=title or f"The {slug} story", text=text), encoding="utf-8"
        )
        return path

    @property
    def style(self) -> Path:
        return self.folder / "themes/default/assets/a-base.css"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    site = Served(tmp_path, "")
    site.write("first", "A word to begin with.")
    site.write("second", "Another word to begin with.")
    (tmp_path / "content/site.yml").write_text(SITE, encoding="utf-8")
    shutil.copy(ROOT / "content/topics.yml", tmp_path / "content")
    shutil.copytree(ROOT / "themes", tmp_path / "themes")
    process = subprocess.Popen(
        [sys.executable, "-m", "showcase", "serve", "--port", "0", "--now", "2026-11-22"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        # A shell's background jobs, and so all that they start, are deaf to Ctrl+C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    lines: queue.Queue[str] = queue.Queue()
    assert process.stdout
    reader = threading.Thread(target=lambda out: [*map(lines.put, out)], args=(process.stdout,))
    reader.start()
    try:
        said = ""
        while not (found := re.search(r"http://127\.0\.0\.1:\d+/", said)):
            said += lines.get(timeout=SECONDS)
        site.address = found[0]
        yield site
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=SECONDS) == 0, "Ctrl+C is the way to end it, not a failure"
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()


def test_a_saved_word_appears_in_the_open_page(served: Served, page: Page) -> None:
    page.goto(served.address + "stories/first/")
    expect(page.locator(".prose")).to_contain_text("A word to begin with.")
    served.write("first", "A better word.")
    expect(page.locator(".prose")).to_contain_text("A better word.")
    served.write("first", "The best word.")
    expect(page.locator(".prose")).to_contain_text("The best word.")


def test_a_mistake_is_shown_over_the_last_good_page_until_it_is_mended(
    served: Served, page: Page
) -> None:
    page.goto(served.address + "stories/first/")
    problem = page.locator("#showcase-overlay")
    expect(page.locator("h1")).to_be_visible()
    expect(problem).to_have_count(0)

    path = served.write("first", "A word that is not published.")
    path.write_text(path.read_text("utf-8").replace("country: KE", "country: Kenia"), "utf-8")
    expect(problem).to_be_visible()
    expect(problem).to_contain_text("content/stories/ke/first.md:4:")
    expect(problem).to_contain_text("did you mean KE (Kenya)?")
    expect(page.locator(".prose")).to_contain_text("A word to begin with.")

    served.write("first", "A word to begin with.")
    expect(problem).to_have_count(0)
    expect(page.locator(".prose")).to_contain_text("A word to begin with.")


def test_a_page_that_is_opened_while_there_is_a_mistake_shows_it_too(
    served: Served, page: Page
) -> None:
    page.goto(served.address + "stories/first/")
    path = served.write("first", "")
    path.write_text("---\ntitle: unfinished\n", encoding="utf-8")
    expect(page.locator("#showcase-overlay")).to_be_visible()
    page.goto(served.address + "stories/second/")
    expect(page.locator("#showcase-overlay")).to_contain_text("content/stories/ke/first.md:")
    page.locator("#showcase-overlay button").click()
    expect(page.locator("#showcase-overlay")).to_have_count(0)
    expect(page.locator(".prose")).to_contain_text("Another word to begin with.")


def test_a_page_that_did_not_change_is_left_alone(served: Served, page: Page) -> None:
    """Its scrolling, what is typed in it and what is unfolded stay as they are."""
    page.goto(served.address + "stories/first/")
    page.evaluate("window.kept = 'as it was'")
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    # The reader's own ears: this page has heard of the build when its word is heard.
    page.evaluate(
        """() => {
            window.heard = 0;
            new EventSource("/_showcase/events").addEventListener("state", () => window.heard++);
        }"""
    )
    until(page, "() => window.heard == 1")
    other = page.context.new_page()
    other.goto(served.address + "stories/second/")
    served.write("second", "A word that only this page has.")
    expect(other.locator(".prose")).to_contain_text("A word that only this page has.")
    until(page, "() => window.heard >= 2")
    assert page.evaluate("window.kept") == "as it was"

    served.write("first", "And now this one too.")
    expect(page.locator(".prose")).to_contain_text("And now this one too.")
    page.wait_for_load_state("load")  # the text is there before the page's last picture
    assert len(loads) == 1, "it was loaded once, for its own change"
    other.close()


def test_a_change_of_the_style_sheet_is_seen_at_once(served: Served, page: Page) -> None:
    page.goto(served.address + "stories/first/")
    served.style.write_text(
        served.style.read_text("utf-8") + "\nbody { background: rgb(1, 2, 3); }\n", "utf-8"
    )
    expect(page.locator("body")).to_have_css("background-color", "rgb(1, 2, 3)")


def test_a_change_of_a_template_is_seen_at_once(served: Served, page: Page) -> None:
    page.goto(served.address + "stories/first/")
    template = served.folder / "themes/default/templates/story.html"
    template.write_text(
        template.read_text("utf-8").replace("<h1>", '<h1 class="from-the-editor">'), "utf-8"
    )
    expect(page.locator("h1.from-the-editor")).to_be_visible()


def test_a_new_story_appears_in_its_country(served: Served, page: Page) -> None:
    page.goto(served.address + "countries/kenya/")
    entries = page.locator(".gazetteer .entry")
    expect(entries).to_have_count(2)
    served.write("third", "New.", title="A third story of Kenya")
    expect(entries).to_have_count(3)
    page.get_by_role("link", name="A third story of Kenya").click()
    expect(page.locator(".prose")).to_contain_text("New.")


def test_a_story_that_is_taken_out_leaves_its_country(served: Served, page: Page) -> None:
    page.goto(served.address + "countries/kenya/")
    entries = page.locator(".gazetteer .entry")
    expect(entries).to_have_count(2)
    (served.folder / "content/stories/ke/second.md").unlink()
    expect(entries).to_have_count(1)


def test_the_preview_leaves_the_published_folder_alone(served: Served, page: Page) -> None:
    page.goto(served.address)
    expect(page.locator("h1")).to_be_visible()
    assert not (served.folder / "public").exists()
