"""The page for everybody: roles, keyboard, contrast, zoom, narrow screens, calm motion."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Page, expect

from actions.replies import Reply
from tests.web.conftest import Open, Site
from tests.web.stand_in import MemoryMailbox
from tests.web.test_chat import press

#: WCAG 2.2 AA, and axe's own good practice.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


async def to_the_card(page: Page) -> None:
    await press(page, "群馬県")
    await press(page, "2月24日")
    await press(page, "使えなかった")
    await expect(page.locator(".card")).to_be_visible()


async def complaints(page: Page) -> list[str]:
    results = await Axe().run(page, options=RULES)
    return [
        f"{violation['id']}: {node['target']} {node.get('failureSummary', '')}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1000, 320])
async def test_axe_finds_nothing(site: Site, open_page: Open, scheme: str, width: int) -> None:
    page = await open_page(
        site.url,
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
    )
    await press(page, "群馬県")
    await expect(page.locator(".picker")).to_be_visible()
    assert await complaints(page) == []
    await page.get_by_label("有効期限を選ぶ").fill("2020-01-01")
    await page.get_by_role("button", name="この日付で答える").click()
    await press(page, "2月24日")
    await press(page, "使えなかった")
    await expect(page.locator(".card")).to_be_visible()
    await page.get_by_role("textbox", name="メッセージ").fill("あ" * 2001)
    await page.keyboard.press("Enter")
    assert await complaints(page) == []
    await page.get_by_role("button", name="最初から", exact=True).first.click()
    assert await complaints(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_message_that_failed_and_a_broken_line_are_readable(
    site: Site, open_page: Open, scheme: str
) -> None:
    page = await open_page(
        site.url, color_scheme=scheme, expected=r"Failed to load|ERR_", reduced_motion="reduce"
    )
    await expect(page.get_by_role("button", name="群馬県")).to_be_visible()
    await page.context.set_offline(True)
    await press(page, "群馬県")
    await expect(page.get_by_text("まだ送れていません。")).to_be_visible()
    await expect(page.get_by_text("インターネットにつながっていません")).to_be_visible()
    assert await complaints(page) == []


async def test_the_accessibility_tree_says_what_there_is(site: Site, open_page: Open) -> None:
    page = await open_page(site.url)
    await press(page, "群馬県")
    await expect(page.locator(".picker")).to_be_visible()
    log = page.get_by_role("log", name="会話")
    assert await log.get_attribute("aria-live") == "polite"
    await expect(page.locator("body")).to_match_aria_snapshot(
        """
        - banner:
          - heading "補償ナビ" [level=1]
          - button "最初から"
        - main:
          - log "会話":
            - text: "補償ナビ："
            - paragraph: こんにちは。補償ナビです。
            - text: "補償ナビ："
            - paragraph: /ご旅行先は/
            - group /ご旅行先は/:
              - button "群馬県" [disabled] [pressed]
              - button "千葉県" [disabled]
              - button "わからない" [disabled]
            - paragraph: /あなた：\\s*群馬県/
            - text: "補償ナビ："
            - paragraph: 有効期限はいつまででしたか？
            - group "有効期限はいつまででしたか？":
              - button "2月24日"
              - textbox "有効期限を選ぶ": 2023-02-24
              - status: 2023年2月24日（金）
              - button "この日付で答える"
              - button "ひとつ戻る"
        - region "入力":
          - textbox "メッセージ"
          - button "送信"
        """
    )


async def test_earlier_talk_is_not_read_aloud_again_after_a_reload(
    site: Site, open_page: Open
) -> None:
    page = await open_page(site.url)
    await press(page, "群馬県")
    await expect(page.locator(".picker")).to_be_visible()
    await page.add_init_script(
        """
        addEventListener("DOMContentLoaded", () => {
          window.spoken = [];
          const log = document.getElementById("log");
          new MutationObserver((changes) => {
            for (const change of changes)
              if (log.getAttribute("aria-live") !== "off")
                for (const node of change.addedNodes) window.spoken.push(node.textContent);
          }).observe(log, {childList: true});
        });
        """
    )
    await page.reload()
    await expect(page.locator(".picker")).to_be_visible()
    await expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    # The observer reports after the switch to polite too: what it saw before counts as silent.
    await page.evaluate("window.spoken = []")
    await press(page, "2月24日")
    await expect(page.get_by_role("button", name="使えなかった")).to_be_visible()
    spoken = await page.evaluate("window.spoken.map((text) => text.slice(0, 10))")
    assert [text[:5] for text in spoken] == ["あなた：2", "補償ナビ："]


async def sideways(page: Page) -> int:
    """Return how many pixels the page can be scrolled sideways."""
    wide: int = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide


LONG = Reply(
    "長い番号 " + "K" * 120 + " と https://example.jp/" + "path/" * 30 + " と" + "ー" * 200
)


@pytest.mark.parametrize(
    ("width", "height", "scale"),
    [(320, 640, 1.0), (375, 300, 1.0), (640, 360, 2.0), (320, 180, 4.0)],
    ids=["phone", "low", "200 %", "400 %"],
)
async def test_narrow_and_enlarged_windows_scroll_only_down(
    site: Site, memory: MemoryMailbox, open_page: Open, width: int, height: int, scale: float
) -> None:
    page = await open_page(
        site.url, viewport={"width": width, "height": height}, device_scale_factor=scale
    )
    await to_the_card(page)
    await memory.add(memory.posted[0][0], reply=LONG)
    box = page.get_by_role("textbox", name="メッセージ")
    await box.fill("W" * 300)
    await box.press("Enter")
    await expect(page.locator(".traveller")).to_have_count(4)
    assert await sideways(page) == 0
    # Something is still to be seen between the top and the dock.
    dock = await page.locator("#dock").bounding_box()
    assert dock
    sticky = await page.evaluate("getComputedStyle(document.getElementById('dock')).position")
    assert sticky == "relative" or dock["height"] < height * 0.4


async def test_enlarged_text_alone_keeps_everything_on_the_page(
    site: Site, open_page: Open
) -> None:
    page = await open_page(site.url, viewport={"width": 400, "height": 700})
    await to_the_card(page)
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert await sideways(page) == 0
    clipped = await page.evaluate(
        """[...document.querySelectorAll(
             "button:not([hidden]), .action, .bubble, .card, .card *, header *")]
           .filter((node) => node.checkVisibility() && !node.closest(".unseen")
             && node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0
             && getComputedStyle(node).display !== "inline" && !node.querySelector(".unseen"))
           .map((node) => node.className + ":" + node.textContent.slice(0, 20))"""
    )
    assert clipped == []


async def test_fingers_find_every_control(site: Site, open_page: Open) -> None:
    page = await open_page(site.url, viewport={"width": 320, "height": 640}, has_touch=True)
    await to_the_card(page)
    small = await page.evaluate(
        """[...document.querySelectorAll("button, .action, textarea")]
           .filter((node) => node.checkVisibility() && !node.hasAttribute("aria-disabled"))
           .map((node) => [node.textContent.trim(), node.getBoundingClientRect()])
           .filter(([, box]) => box.height < 40 || box.width < 40)
           .map(([name]) => name)"""
    )
    assert small == []


async def test_calm_motion_is_kept(
    site: Site, memory: MemoryMailbox, open_page: Open, browser: Browser
) -> None:
    for wish, name in (("reduce", "none"), ("no-preference", "dot")):
        page = await open_page(site.url, reduced_motion=wish)
        await expect(page.get_by_role("button", name="群馬県")).to_be_visible()
        memory.answering.clear()
        await press(page, "群馬県")
        dots = page.locator(".dots i").first
        await expect(dots).to_be_visible()
        assert await dots.evaluate("node => getComputedStyle(node).animationName") == name
        memory.answering.set()


async def test_the_newest_is_in_view_and_a_long_answer_from_its_beginning(
    site: Site, memory: MemoryMailbox, open_page: Open
) -> None:
    page = await open_page(
        site.url, viewport={"width": 375, "height": 600}, reduced_motion="reduce"
    )
    await press(page, "群馬県")
    await press(page, "2月24日")
    await expect(page.get_by_role("button", name="使えなかった")).to_be_in_viewport()
    await press(page, "使えなかった")
    await expect(page.get_by_text("確認できました。")).to_be_in_viewport()
    await expect(page.locator(".card h2")).to_be_in_viewport()
    below = page.get_by_role("button", name="続き", exact=True)
    await below.click()
    await expect(page.get_by_role("button", name="いつ届く？")).to_be_in_viewport()
    await expect(below).to_be_hidden()
    # Who reads further up is left there, and told that something came.
    await page.mouse.move(100, 200)
    await page.mouse.wheel(0, -2_000)
    await expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    await memory.add(memory.posted[0][0], reply=Reply("あとからのお知らせです。"))
    await expect(page.get_by_text("あとからのお知らせです。")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    await expect(below).to_be_visible()
