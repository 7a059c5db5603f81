"""Each notice's data says what the notice says: figures, names and what it is silent about.

The expected values were written down from the published notices, side by side; where the five
differ, each has its own line here.
"""

from __future__ import annotations

import re
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from actions.notices import Notice, load_notices

NOTICES = load_notices()
DAY = date.fromisoformat
FIVE_POINTS = (
    "Amazonギフトカード",
    "Pontaポイントコード",
    "PayPayポイント",
    "EdyギフトID",
    "nanacoギフト",
)
FOUR_ITEMS = (
    "地域クーポン（紙）のお問い合わせ番号",
    "有効期限",
    "旅行先の都道府県",
    "利用した店舗名",
)
SITE_ITEMS = (
    "氏名",
    "連絡先",
    "利用した都道府県",
    "旅行日",
    "地域クーポン（紙）のお問合せ番号",
    "受取案内の送り先（携帯番号またはメールアドレス）",
)
TRANSFER_ITEMS = ("口座番号", "本人情報", "宿泊に関する情報")

each = pytest.mark.parametrize("notice", NOTICES.values(), ids=NOTICES.keys())


def by_campaign(**values: Any) -> Any:
    """Parametrize over all five campaigns, each with its expected value."""
    assert set(values) == set(NOTICES)
    cases = [pytest.param(NOTICES[name], value, id=name) for name, value in values.items()]
    return pytest.mark.parametrize(("notice", "expected"), cases)


@by_campaign(
    iwate=("岩手県", "いわて旅応援プロジェクト", "いわて旅応援プロジェクト事務局", "第二報"),
    nara=(
        "奈良県",
        "いまなら。キャンペーン2022プラス",
        "いまなら。キャンペーン2022プラス事務局",
        "第二報",
    ),
    gunma=("群馬県", "愛郷ぐんま全国割", "全国旅行支援群馬県事務局", "第四報"),
    chiba=("千葉県", "千葉とく旅キャンペーン", "千葉とく旅キャンペーン運営事務局", None),
    kagoshima=(
        "鹿児島県",
        "今こそ鹿児島の旅（第4弾）",
        "鹿児島県地域観光事業支援事務局",
        "第二報",
    ),
)
def test_names_and_report(notice: Notice, expected: tuple[str | None, ...]) -> None:
    found = (notice.prefecture, notice.campaign_name, notice.office, notice.report)
    assert found == expected


@by_campaign(
    iwate=["2023-03-13"],
    nara=["2023-03-03", "2023-03-13"],
    gunma=["2023-03-02", "2023-03-13", "2023-03-24", "2023-04-07"],
    chiba=["2023-03-15"],
    kagoshima=["2023-03-06", "2023-03-13"],
)
def test_revisions(notice: Notice, expected: list[str]) -> None:
    assert [day.isoformat() for day in notice.revisions] == expected
    assert notice.revised.isoformat() == expected[-1]


@by_campaign(iwate=None, nara=None, gunma=None, chiba=None, kagoshima=(time(17, 45), time(22, 15)))
def test_outage(notice: Notice, expected: tuple[time, time] | None) -> None:
    assert notice.outage.day == DAY("2023-02-24")
    assert notice.outage.part_of_day == "夕刻"
    found = (notice.outage.starts, notice.outage.ends)
    assert found == (expected or (None, None))


@by_campaign(
    iwate={"A": "(A)", "B": "(B)"},
    nara={"A": "(A)", "B": "(B)"},
    gunma={"A": "(A)", "B": "(B)"},
    chiba={"A": "(1)①", "A2": "(1)②", "B": "(2)"},
    kagoshima={"A": "(A)", "B": "(B)"},
)
def test_labels(notice: Notice, expected: dict[str, str]) -> None:
    assert {rule.code: rule.label for rule in notice.classes} == expected
    for code, label in expected.items():
        assert notice.label(code) == label
    with pytest.raises(KeyError):
        notice.label("C")


@by_campaign(
    iwate=("岩手県", None),
    nara=("いまなら。地域クーポンの加盟店（奈良県）でのみ", None),
    gunma=("群馬県", None),
    chiba=(None, None),
    kagoshima=("鹿児島県内の登録店舗", DAY("2023-04-01")),
)
def test_extension_of_a(notice: Notice, expected: tuple[str | None, date | None]) -> None:
    area, from_day = expected
    rule = notice.rule("A")
    assert rule is not None
    assert rule.extension.until == DAY("2023-03-31")
    assert rule.extension.earlier_until == DAY("2023-02-26")
    assert rule.extension.how == "automatic"
    assert (rule.extension.use_area is None) == (area is None)
    if rule.extension.use_area is not None and area is not None:
        assert area in rule.extension.use_area.text
    assert (rule.unused.kind, rule.unused.from_day) == ("points", from_day)


@each
def test_b_gets_its_amount_back_after_a_check(notice: Notice) -> None:
    rule = notice.rule("B")
    assert rule is not None
    assert (rule.extension.how, rule.extension.returns_balance) == ("after_check", True)
    assert rule.extension.until == DAY("2023-03-31")
    assert rule.unused.same_as == "A"


def test_chibas_coupons_to_the_25th() -> None:
    rule = NOTICES["chiba"].rule("A2")
    assert rule is not None
    assert rule.extension.how == "after_report"
    assert rule.extension.report_by == DAY("2023-03-27")
    assert rule.unused.kind == "transfer"
    assert rule.unused.payer == "千葉とく旅キャンペーン運営事務局"
    assert rule.unused.details == "2023年3月下旬"
    assert rule.unused.needed == TRANSFER_ITEMS


@each
def test_points(notice: Notice) -> None:
    assert notice.points.choices == FIVE_POINTS
    assert notice.points.tentative == (notice.campaign == "chiba")


@by_campaign(
    iwate=("2023年4月上旬以降", "2023-04-01", None),
    nara=("2023年4月上旬以降", "2023-04-01", None),
    gunma=("2023年4月10日（月）から4月21日（金）まで順次", "2023-04-10", "2023-04-21"),
    chiba=("2023年4月上旬以降", "2023-04-01", None),
    kagoshima=("2023年4月上旬以降", "2023-04-01", None),
)
def test_automatic(notice: Notice, expected: tuple[str, str, str | None]) -> None:
    sending = notice.automatic.sending
    assert sending.wording == expected[0]
    assert sending.starts == DAY(expected[1])
    assert sending.ends == (DAY(expected[2]) if expected[2] else None)
    assert notice.automatic.receive_by == DAY("2023-05-31")
    assert "電話番号またはメールアドレス" in notice.automatic.delivered_to


@by_campaign(
    iwate=("2023-03-22", None, True),
    nara=("2023-03-22", None, True),
    gunma=("2023-03-24", time(14), False),
    chiba=("2023-03-22", None, True),
    kagoshima=("2023-03-22", None, True),
)
def test_site_dates(notice: Notice, expected: tuple[str, time | None, bool]) -> None:
    site = notice.site
    assert (site.opens_on.isoformat(), site.opens_at, site.planned) == expected
    assert site.apply_by == DAY("2023-04-30")
    assert site.receive_by == DAY("2023-05-31")


@by_campaign(
    iwate=(SITE_ITEMS, True),
    nara=(SITE_ITEMS, True),
    gunma=(("氏名", "住所", "連絡先", "メールアドレス", "地域クーポン（紙）のお問合せ番号"), False),
    chiba=(SITE_ITEMS, True),
    kagoshima=(SITE_ITEMS, True),
)
def test_site_items(notice: Notice, expected: tuple[tuple[str, ...], bool]) -> None:
    assert (notice.site.needed, notice.site.and_more) == expected


@by_campaign(
    iwate=(("旅行会社", "宿泊施設"), True),
    nara=(("宿泊施設",), False),
    gunma=(("旅行会社", "宿泊施設"), False),
    chiba=(("旅行会社", "宿泊施設"), True),
    kagoshima=(("旅行会社", "宿泊施設"), True),
)
def test_lost_number(notice: Notice, expected: tuple[tuple[str, ...], bool]) -> None:
    lost = notice.site.lost_number
    assert (lost.who, lost.and_more) == expected
    assert lost.issuer == "クーポンの発行店"


@by_campaign(
    iwate=(None, "第3報"),
    nara=(None, "第3報"),
    gunma=("https://region-pay.com/pages/compensation.html", None),
    chiba=(None, "後日"),
    kagoshima=(None, "別途"),
)
def test_site_address(notice: Notice, expected: tuple[str | None, str | None]) -> None:
    address, promised = notice.site.address, notice.site.address_promised
    assert (address.url if address else None) == expected[0]
    assert (promised is None) == (expected[1] is None)
    if promised is not None and expected[1] is not None:
        assert expected[1] in promised.text


@by_campaign(
    iwate="全国旅行支援ホームページ",
    nara="全国旅行支援ホームページ",
    gunma="全国旅行支援ホームページ",
    chiba="千葉とく旅キャンペーンのホームページ",
    kagoshima=None,
)
def test_how_the_site_is_reached(notice: Notice, expected: str | None) -> None:
    assert (notice.site.reached_from is None) == (expected is None)
    if notice.site.reached_from is not None and expected is not None:
        assert expected in notice.site.reached_from
    assert (notice.site.run_by is not None) == (notice.campaign == "kagoshima")


def test_only_gunma_says_when_applicants_are_sent_theirs_and_from_where() -> None:
    gunma = NOTICES["gunma"]
    assert gunma.site.sending is not None
    assert gunma.site.sending.starts == DAY("2023-04-28")
    assert gunma.site.sending.ends == DAY("2023-05-10")
    assert gunma.delivery is not None
    assert gunma.delivery.email == "regionpay_compensation_ml@giftpad.jp"
    assert gunma.delivery.sms == "03-5244-9370"
    assert gunma.delivery.resend_from == "補償コールセンター"
    others = [notice for name, notice in NOTICES.items() if name != "gunma"]
    assert [(o.site.sending, o.delivery) for o in others] == [(None, None)] * 4


@by_campaign(
    iwate=("2.(B)②※", TRANSFER_ITEMS, ()),
    nara=(
        "2.(B)②※",
        ("振込口座番号（銀行・郵便局）", "本人情報", "宿泊に関する情報"),
        ("銀行", "郵便局"),
    ),
    gunma=None,
    chiba=("2.(1)①《申請方法》※", TRANSFER_ITEMS, ()),
    kagoshima=("2.(B)②※", TRANSFER_ITEMS, ()),
)
def test_bank_transfer(notice: Notice, expected: tuple[Any, ...] | None) -> None:
    transfer = notice.bank_transfer
    if expected is None:
        assert transfer is None
        return
    assert transfer is not None
    assert (transfer.section, transfer.needed, transfer.accounts) == expected
    assert transfer.opens_on == DAY("2023-03-22")
    assert transfer.and_more
    assert "5月中旬以降" in transfer.sending.wording
    assert transfer.sending.starts is None
    assert transfer.classes == ("A", "B")


@each
def test_call_center(notice: Notice) -> None:
    center = notice.call_center
    assert center.number == "0120-479-249"
    assert (center.opens_at, center.closes_at) == (time(10), time(18))
    assert center.needed == FOUR_ITEMS
    if notice.campaign == "gunma":
        assert center.weekends is None
    else:
        assert center.weekends is not None
        assert center.weekends.starts == DAY("2023-03-01")
        assert center.weekends.ends == DAY("2023-03-31")


def test_only_iwate_gives_the_offices_own_numbers() -> None:
    iwate = NOTICES["iwate"]
    found = {contact.number: contact.for_travellers for contact in iwate.office_contacts}
    assert found == {"019-623-1145": True, "019-623-3103": False, "019-623-3109": False}
    for contact in iwate.office_contacts:
        assert (contact.weekdays_from, contact.weekdays_to) == (time(10), time(17))
    assert all(not o.office_contacts for name, o in NOTICES.items() if name != "iwate")


def test_only_iwate_shows_the_coupon_and_its_number() -> None:
    iwate = NOTICES["iwate"]
    assert iwate.inquiry_number is not None
    assert "見本" in iwate.inquiry_number.text
    # The scan gives the picture's words, not its places.
    for place in ("左", "右", "上", "下"):
        assert place not in iwate.inquiry_number.text
    assert iwate.paper_coupon is not None
    facts = {fact.id for fact in iwate.paper_coupon.facts}
    assert {"without_smartphone", "check_balance", "charged_not_paper"} <= facts
    assert iwate.paper_coupon.campaign_site is not None
    assert iwate.paper_coupon.campaign_site.url == "https://www.iwate-tabipro-ver4.jp/"
    others = [notice for name, notice in NOTICES.items() if name != "iwate"]
    assert [(o.inquiry_number, o.paper_coupon) for o in others] == [(None, None)] * 4


@by_campaign(
    iwate=[],
    nara=["「全国旅行支援助」"],
    gunma=[],
    chiba=["「2023年の月31日（金）23:59まで」"],
    kagoshima=["「全国旅行支援助」"],
)
def test_misread_passages_are_noted(notice: Notice, expected: list[str]) -> None:
    assert [note.about for note in notice.notes if note.kind == "misread"] == expected


def test_chibas_preamble_is_noted_as_no_criterion() -> None:
    notes = [note for note in NOTICES["chiba"].notes if "(1)の前書き" in note.about]
    assert len(notes) == 1
    assert "条件ではない" in notes[0].reading
    asked = {c.question for r in NOTICES["chiba"].classes[:2] for c in r.criteria}
    assert "incident" not in asked


@each
def test_every_inferred_last_day_has_its_note(notice: Notice) -> None:
    routes = [route for rule in notice.classes for route in rule.routes] + [notice.other.route]
    inferred = [route.section for route in routes if route.until_basis == "inferred"]
    noted = {note.section for note in notice.notes if note.kind == "inferred"}
    assert inferred
    assert set(inferred) <= noted


@each
def test_sections_are_the_notices_own(notice: Notice) -> None:
    chapter = r"[123]\.(\(([AB]|[12])\))?[①②]{0,2}[《≪]?(申請方法)?[》≫]?[アイ]?※?"
    named = r"前文|冒頭|末尾・紙クーポン.+|2\.（末尾）|3\.お問い?合わ?せ先"
    sections = re.findall(r"section='([^']*)'", repr(notice))
    assert len(sections) > 30
    for section in sections:
        assert re.fullmatch(f"{chapter}|{named}", section), section


def test_no_figure_of_a_notice_stands_in_code_or_texts(checkout: Path) -> None:
    figures = ("0120-479-249", "03-5244-9370", "giftpad.jp", "compensation.html", "019-623")
    looked_at = 0
    for folder in ("actions", "bot"):
        for pattern in ("*.py", "*.yml", "*.js", "*.html"):
            for path in (checkout / folder).rglob(pattern):
                text = path.read_text(encoding="utf-8")
                looked_at += 1
                assert not [figure for figure in figures if figure in text], path
    assert looked_at > 30
