"""The chat page in a real browser: whole talks by mouse, keys and text; what breaks mends."""

from __future__ import annotations

import asyncio
import json

import pytest
from playwright.async_api import BrowserContext, Page, expect

from actions.replies import Choice, Reply
from tests.web.conftest import Open, Site
from tests.web.stand_in import MemoryMailbox

BROKEN_LINE = r"Failed to load resource|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED"


def button(page: Page, name: str) -> object:
    return page.get_by_role("button", name=name, exact=True)


async def press(page: Page, name: str) -> None:
    await (
        page.locator(".choices:not([data-closed])")
        .get_by_role("button", name=name, exact=True)
        .click()
    )


async def bubbles(page: Page) -> list[str]:
    """Return who said what, in order."""
    texts: list[str] = await page.locator("#log .bubble, #log .card h2").all_inner_texts()
    return [text.replace("あなた：", "").replace("補償ナビ：", "").strip() for text in texts]


async def test_an_interview_by_mouse_ends_with_the_card(site: Site, open_page: Open) -> None:
    page = await open_page(site.url)
    await press(page, "群馬県")
    await press(page, "2月24日")
    await press(page, "使えなかった")
    card = page.locator(".card")
    await expect(card.get_by_role("heading", level=2)).to_have_text("(A) の補償の対象です")
    await expect(card.get_by_role("listitem")).to_have_count(3)
    await expect(card.get_by_role("listitem").nth(1)).to_contain_text("あてはまらない")
    await expect(card.locator("dt").first).to_have_text("申請の期限")
    site_link = card.get_by_role("link", name="申請サイトを開く")
    assert await site_link.get_attribute("href") == "https://example.jp/apply"
    assert await site_link.get_attribute("rel") == "noopener noreferrer"
    phone = card.get_by_role("link", name="電話する")
    assert await phone.get_attribute("href") == "tel:0120000000"
    assert [text.split("\n")[0] for text in await bubbles(page)] == [
        "こんにちは。補償ナビです。",
        "ご旅行先はどちらでしたか？",
        "群馬県",
        "有効期限はいつまででしたか？",
        "2月24日",
        "お店でのお支払いで何がありましたか？",
        "使えなかった",
        "確認できました。",
        "(A) の補償の対象です",
    ]


async def test_an_interview_by_keyboard_alone(site: Site, open_page: Open) -> None:
    page = await open_page(site.url)
    await expect(page.get_by_role("button", name="群馬県")).to_be_visible()

    async def tab_to(name: str) -> None:
        for _ in range(30):
            await page.keyboard.press("Tab")
            focused = await page.evaluate("document.activeElement.textContent.trim()")
            if focused == name:
                outline = await page.evaluate(
                    "getComputedStyle(document.activeElement).outlineStyle"
                )
                assert outline != "none"
                return
        pytest.fail(f"Tab never reached {name!r}")

    await tab_to("群馬県")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="2月24日")).to_be_visible()
    # The focus has not jumped: going on with Tab leads to what came after.
    await tab_to("2月24日")
    await page.keyboard.press("Space")
    await expect(page.get_by_role("button", name="使えなかった")).to_be_visible()
    await tab_to("使えなかった")
    await page.keyboard.press("Enter")
    await expect(page.locator(".card")).to_be_visible()
    await tab_to("申請サイトを開く（新しいタブで開きます）")
    await tab_to("電話する")


async def test_free_text_by_enter_and_a_new_line_by_shift_enter(
    site: Site, memory: MemoryMailbox, open_page: Open
) -> None:
    page = await open_page(site.url)
    box = page.get_by_role("textbox", name="メッセージ")
    await box.fill("群馬県")
    await box.press("Enter")
    await expect(page.locator(".choices:not([data-closed]) .picker")).to_be_visible()
    await box.fill("一行目")
    await box.press("Shift+Enter")
    await box.type("二行目")
    await page.get_by_role("button", name="送信").click()
    await expect(page.locator(".traveller").last).to_contain_text("一行目\n二行目")
    assert [message.value for _, message in memory.posted] == ["", "群馬県", "一行目\n二行目"]
    await expect(box).to_have_value("")


async def test_enter_that_ends_a_conversion_does_not_send(
    site: Site, memory: MemoryMailbox, open_page: Open
) -> None:
    page = await open_page(site.url)
    box = page.get_by_role("textbox", name="メッセージ")
    await box.focus()
    client = await page.context.new_cdp_session(page)
    await client.send(
        "Input.imeSetComposition", {"text": "ぐんま", "selectionStart": 3, "selectionEnd": 3}
    )
    # What browsers send while converting: isComposing, key code 229.
    await client.send(
        "Input.dispatchKeyEvent",
        {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229},
    )
    await page.evaluate(
        """() => {
          const box = document.getElementById("text");
          const enter = {key: "Enter", bubbles: true, cancelable: true};
          box.dispatchEvent(new KeyboardEvent("keydown", {...enter, isComposing: true}));
          box.dispatchEvent(new KeyboardEvent("keydown", {...enter, keyCode: 229}));
        }"""
    )
    await expect(box).to_have_value("ぐんま")
    await client.send("Input.insertText", {"text": "群馬県"})
    await expect(box).to_have_value("群馬県")
    assert [message.kind for _, message in memory.posted] == ["start"]
    await box.press("Enter")
    await expect(page.locator(".traveller")).to_have_text(["あなた：群馬県"])


async def test_the_date_picker_answers_and_keeps_to_its_bounds(
    site: Site, memory: MemoryMailbox, open_page: Open
) -> None:
    page = await open_page(f"{site.url}/?campaign=gunma")
    picker = page.locator(".picker")
    day = picker.get_by_label("有効期限を選ぶ")
    assert await day.get_attribute("type") == "date"
    assert await day.get_attribute("min") == "2023-01-10"
    assert await day.get_attribute("max") == "2023-04-30"
    await day.fill("2022-02-24")
    await picker.get_by_role("button", name="この日付で答える").click()
    await expect(picker.get_by_role("alert")).to_have_text(
        "2023年1月10日（火）から2023年4月30日（日）までの日付を選んでください。"
    )
    await day.fill("2023-02-25")
    await expect(picker.locator("output")).to_have_text("2023年2月25日（土）")
    await picker.get_by_role("button", name="この日付で答える").click()
    await expect(page.locator(".traveller")).to_have_text(["あなた：2023年2月25日（土）"])
    assert memory.posted[-1][1].value == "k3f9:expires=2023-02-25"


async def test_a_link_starts_in_its_campaign_once_and_an_unknown_one_just_starts(
    site: Site, memory: MemoryMailbox, open_page: Open
) -> None:
    page = await open_page(f"{site.url}/?campaign=gunma")
    await expect(page.locator(".picker")).to_be_visible()
    await page.reload()
    await expect(page.locator(".picker")).to_be_visible()
    assert page.url == f"{site.url}/"
    assert [message.value for _, message in memory.posted] == ["gunma"]
    other = await open_page(f"{site.url}/?campaign=tokyo%22%3E")
    await expect(other.get_by_role("button", name="群馬県")).to_be_visible()
    assert memory.posted[-1][1].value == ""


async def test_a_link_to_another_campaign_starts_anew_in_a_running_talk(
    site: Site, memory: MemoryMailbox, open_page: Open
) -> None:
    page = await open_page(site.url)
    await press(page, "千葉県")
    await expect(page.locator(".picker")).to_be_visible()
    await page.goto(f"{site.url}/?campaign=gunma")
    await expect(page.get_by_text("リンクから開きました")).to_be_visible()
    await expect(page.locator(".picker:visible")).to_have_count(1)
    assert [message.value for _, message in memory.posted] == ["", "k3f9:campaign=chiba", "gunma"]


async def test_earlier_choices_are_visibly_inert(
    site: Site, memory: MemoryMailbox, open_page: Open
) -> None:
    page = await open_page(site.url)
    await press(page, "群馬県")
    await expect(page.locator(".picker")).to_be_visible()
    chosen = page.get_by_role("button", name="群馬県")
    await expect(chosen).to_have_attribute("aria-pressed", "true")
    await expect(chosen).to_be_disabled()
    other = page.get_by_role("button", name="千葉県")
    await expect(other).to_be_disabled()
    await other.click(force=True)
    await press(page, "2月24日")
    await expect(page.get_by_role("button", name="使えなかった")).to_be_visible()
    assert [message.value for _, message in memory.posted] == [
        "",
        "k3f9:campaign=gunma",
        "k3f9:expires=2023-02-24",
    ]


async def test_a_reload_shows_the_talk_as_it_was(site: Site, open_page: Open) -> None:
    page = await open_page(site.url)
    await press(page, "群馬県")
    await press(page, "2月24日")
    await expect(page.get_by_role("button", name="使えなかった")).to_be_visible()
    before = await bubbles(page)
    await page.reload()
    await expect(page.get_by_role("button", name="使えなかった")).to_be_visible()
    assert await bubbles(page) == before
    await expect(page.get_by_role("button", name="群馬県")).to_be_disabled()
    await press(page, "使えなかった")
    await expect(page.locator(".card")).to_be_visible()


async def test_two_tabs_show_one_talk(site: Site, memory: MemoryMailbox, open_page: Open) -> None:
    one = await open_page(site.url)
    two = await open_page(site.url, context=one.context)
    await press(one, "群馬県")
    await expect(two.locator(".traveller")).to_have_text(["あなた：群馬県"])
    await press(two, "2月24日")
    await expect(one.get_by_role("button", name="使えなかった")).to_be_visible()
    await press(one, "使えなかった")
    await expect(one.locator(".card")).to_be_visible()
    await expect(two.locator(".card")).to_be_visible()
    assert await bubbles(one) == await bubbles(two)
    assert [message.kind for _, message in memory.posted].count("start") == 1


async def test_a_restarted_server_is_found_again_and_nothing_is_lost_or_doubled(
    site: Site, memory: MemoryMailbox, open_page: Open
) -> None:
    page = await open_page(site.url, expected=BROKEN_LINE)
    await press(page, "群馬県")
    await expect(page.locator(".picker")).to_be_visible()
    await site.stop()
    await expect(page.get_by_role("status").filter(has_text="接続が切れました")).to_be_visible()
    # Sent while nobody listens: it arrives when somebody does.
    await press(page, "2月24日")
    visitor = memory.posted[0][0]
    await memory.add(visitor, reply=Reply("留守のあいだのお知らせです。"))
    await site.start()
    await expect(page.get_by_role("button", name="使えなかった")).to_be_visible(timeout=20_000)
    await expect(page.get_by_text("留守のあいだのお知らせです。")).to_have_count(1)
    await expect(page.get_by_text("接続が切れました")).to_have_count(0)
    await expect(page.locator(".traveller")).to_have_count(2)
    assert [message.value for _, message in memory.posted] == [
        "",
        "k3f9:campaign=gunma",
        "k3f9:expires=2023-02-24",
    ]


async def test_a_message_not_sent_can_be_sent_again_or_taken_back(
    site: Site, memory: MemoryMailbox, open_page: Open
) -> None:
    page = await open_page(site.url, expected=r"Failed to load resource")
    await expect(page.get_by_role("button", name="群馬県")).to_be_visible()
    await page.clock.install()

    async def down() -> None:
        await page.route("**/web/messages", lambda route: route.abort())

    await down()
    await press(page, "群馬県")
    for _ in range(6):
        await asyncio.sleep(0.1)
        await page.clock.run_for(4_000)
    await expect(page.get_by_text("まだ送れていません。")).to_be_visible()
    await page.get_by_role("button", name="取り消す").click()
    await expect(page.locator(".traveller")).to_have_count(0)
    await press(page, "千葉県")
    for _ in range(6):
        await asyncio.sleep(0.1)
        await page.clock.run_for(4_000)
    await expect(page.get_by_text("まだ送れていません。")).to_be_visible()
    # A reload keeps it.
    await page.reload()
    await expect(page.get_by_text("まだ送れていません。")).to_be_visible()
    await page.unroute("**/web/messages")
    await page.get_by_role("button", name="もう一度送る").click()
    await expect(page.locator(".picker")).to_be_visible()
    await expect(page.get_by_text("まだ送れていません。")).to_have_count(0)
    assert [message.value for _, message in memory.posted] == ["", "k3f9:campaign=chiba"]


async def test_an_answer_lost_on_its_way_back_doubles_nothing(
    site: Site, memory: MemoryMailbox, open_page: Open
) -> None:
    page = await open_page(site.url, expected=r"Failed to load resource")
    await expect(page.get_by_role("button", name="群馬県")).to_be_visible()
    calls = 0

    async def lose_first(route: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            await route.fetch()  # type: ignore[attr-defined]
            await route.abort()  # type: ignore[attr-defined]
        else:
            await route.continue_()  # type: ignore[attr-defined]

    await page.route("**/web/messages", lose_first)
    await press(page, "群馬県")
    await expect(page.locator(".picker")).to_be_visible()
    await expect(page.locator(".traveller")).to_have_count(1)
    await asyncio.sleep(1.5)
    await expect(page.locator(".traveller")).to_have_count(1)
    assert [message.value for _, message in memory.posted] == ["", "k3f9:campaign=gunma"]


async def test_offline_is_said_and_gone_when_back(site: Site, open_page: Open) -> None:
    page = await open_page(site.url, expected=r"Failed to load resource|ERR_INTERNET")
    await expect(page.get_by_role("button", name="群馬県")).to_be_visible()
    await page.context.set_offline(True)
    await expect(page.get_by_text("インターネットにつながっていません")).to_be_visible()
    await page.context.set_offline(False)
    await expect(page.get_by_text("インターネットにつながっていません")).to_have_count(0)
    await press(page, "群馬県")
    await expect(page.locator(".picker")).to_be_visible()


async def test_who_writes_on_before_the_answer_finds_it_below_the_question_it_answers(
    site: Site, memory: MemoryMailbox, open_page: Open
) -> None:
    page = await open_page(site.url)
    await expect(page.get_by_role("button", name="群馬県")).to_be_visible()
    memory.answering.clear()
    box = page.get_by_role("textbox", name="メッセージ")
    for text in ("群馬県", "2/24"):
        await box.fill(text)
        await box.press("Enter")
    await expect(page.locator('.traveller[data-state="sent"]')).to_have_count(2)
    await expect(page.locator("#typing")).to_be_visible()
    memory.answering.set()
    await expect(page.get_by_role("button", name="使えなかった")).to_be_visible()
    await expect(page.locator("#typing")).to_be_hidden()
    live = await bubbles(page)
    assert [text.split("\n")[0] for text in live[2:]] == [
        "群馬県",
        "有効期限はいつまででしたか？",
        "2/24",
        "お店でのお支払いで何がありましたか？",
    ]
    # The question that was answered before it came is not open any more.
    await expect(page.get_by_role("button", name="2月24日")).to_be_disabled()
    await page.reload()
    await expect(page.get_by_role("button", name="使えなかった")).to_be_visible()
    assert await bubbles(page) == live


async def test_waiting_for_an_answer_is_shown(
    site: Site, memory: MemoryMailbox, open_page: Open
) -> None:
    page = await open_page(site.url)
    await expect(page.get_by_role("button", name="群馬県")).to_be_visible()
    memory.answering.clear()
    await press(page, "群馬県")
    await expect(page.locator("#typing")).to_be_visible()
    # So it is after a reload, in the middle of waiting.
    await page.reload()
    await expect(page.locator("#typing")).to_be_visible()
    memory.answering.set()
    await expect(page.locator(".picker")).to_be_visible()
    await expect(page.locator("#typing")).to_be_hidden()


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        'javascript:alert(1) https://example.jp/"onmouseover="alert(1)',
        "</p></div><h1>事務局です</h1>",
        "{{ 7*7 }} ${7*7} &lt;b&gt;",
    ],
)
async def test_markup_is_shown_as_text(
    site: Site, memory: MemoryMailbox, open_page: Open, attack: str
) -> None:
    page = await open_page(site.url)
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    box = page.get_by_role("textbox", name="メッセージ")
    await box.fill(attack)
    await box.press("Enter")
    await expect(page.locator(".assistant").last).to_contain_text("ですね。")
    shown = await page.locator(".assistant .bubble").last.text_content() or ""
    assert attack in shown.replace("（新しいタブで開きます）", "")
    await page.reload()
    await expect(page.locator(".traveller .bubble")).to_have_text(f"あなた：{attack}")
    assert await page.locator("#log script, #log img, #log h1").count() == 0
    assert await page.locator('#log a[href^="javascript"], #log [onmouseover]').count() == 0


async def test_markup_in_replies_is_shown_as_text(
    site: Site, memory: MemoryMailbox, open_page: Open
) -> None:
    attack = "<img src=x onerror=alert(1)>"
    bad = json.loads(json.dumps(Reply(attack).to_json()))
    bad["links"] = [{"kind": "url", "label": attack, "target": "javascript:alert(1)"}]
    bad["choices"] = [{"label": attack, "token": "a=b"}]
    memory.answer = lambda message: [Reply.from_json(bad)]
    page = await open_page(site.url)
    await expect(page.get_by_role("button", name=attack)).to_be_visible()
    assert await page.locator("#log img").count() == 0
    assert await page.locator('#log a[href^="javascript"]').count() == 0


async def test_too_long_and_empty_texts_are_refused_kindly_and_kept(
    site: Site, memory: MemoryMailbox, open_page: Open
) -> None:
    page = await open_page(site.url)
    box = page.get_by_role("textbox", name="メッセージ")
    await box.fill("あ" * 2001)
    await expect(page.locator("#count")).to_have_text("2,001 / 2,000文字")
    await box.press("Enter")
    await expect(page.locator("#problem")).to_contain_text("2,000文字まで")
    assert len(await box.input_value()) == 2001
    await box.fill("   ")
    await box.press("Enter")
    await expect(page.locator("#problem")).to_contain_text("文字を入力")
    await box.fill("𩸽" * 2000)
    await box.press("Enter")
    await expect(page.locator(".traveller")).to_have_count(1)
    assert [len(message.value) for _, message in memory.posted] == [0, 2000]


async def test_restart_asks_first(site: Site, memory: MemoryMailbox, open_page: Open) -> None:
    page = await open_page(site.url)
    await press(page, "群馬県")
    await expect(page.locator(".picker")).to_be_visible()
    await page.get_by_role("button", name="最初から").click()
    dialog = page.get_by_role("dialog", name="最初からやり直しますか？")
    await dialog.get_by_role("button", name="続ける").click()
    await expect(dialog).to_be_hidden()
    await page.get_by_role("button", name="最初から").click()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await page.get_by_role("button", name="最初から").click()
    await dialog.get_by_role("button", name="最初から").click()
    await expect(page.locator(".traveller").last).to_contain_text("最初から")
    await press(page, "千葉県")
    assert [message.value for _, message in memory.posted] == [
        "",
        "k3f9:campaign=gunma",
        "k3f9:command=restart",
        "k3f9:campaign=chiba",
    ]


async def test_buttons_of_no_interview_belong_to_the_one_that_goes_on(
    site: Site, memory: MemoryMailbox, open_page: Open
) -> None:
    page = await open_page(site.url)
    await press(page, "群馬県")
    await expect(page.locator(".picker")).to_be_visible()
    await memory.add(
        memory.posted[0][0],
        reply=Reply("申し訳ありません。", (Choice("人に相談", "command=human"),)),
    )
    await press(page, "人に相談")
    await expect(page.locator(".traveller").last).to_contain_text("人に相談")
    assert memory.posted[-1][1].value == "k3f9:command=human"


async def test_the_page_says_what_it_is(site: Site, open_page: Open) -> None:
    page = await open_page(site.url)
    await expect(page.get_by_text("デモの時計：2023年3月25日（土）10:00")).to_be_visible()
    await expect(page.get_by_text("キャンペーン事務局の窓口ではなく")).to_be_visible()
    await expect(page.get_by_text("お名前・電話番号・口座番号などは書かないで")).to_be_visible()
    # The clock stays in view, however long the talk.
    await press(page, "群馬県")
    await press(page, "2月24日")
    await press(page, "使えなかった")
    await expect(page.locator(".card")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).not_to_be_in_viewport()
    await expect(page.get_by_text("デモの時計")).to_be_in_viewport()


async def test_a_real_clock_is_not_mentioned(memory: MemoryMailbox, open_page: Open) -> None:
    real = Site(memory, clock=None)
    await real.start()
    page = await open_page(real.url)
    await expect(page.get_by_role("button", name="群馬県")).to_be_visible()
    await expect(page.get_by_text("デモの時計")).to_have_count(0)
    await real.stop()


async def test_a_lost_cookie_is_said(site: Site, open_page: Open) -> None:
    page = await open_page(site.url, expected=r"status of 401|Failed to load resource")
    await expect(page.get_by_role("button", name="群馬県")).to_be_visible()
    context: BrowserContext = page.context
    await context.clear_cookies()
    await press(page, "群馬県")
    await expect(page.locator(".delivery")).to_contain_text("ページを読み込み直してください")
