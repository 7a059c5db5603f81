"""The journeys every channel must carry to their end: answers, and what must be said at the end.

What is expected is written from the notices, not taken from the rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field

#: Before any application site opens; while all are open; after 4/30; after 5/31.
MOMENTS = {
    "before": "2023-03-21T10:00+09:00",
    "open": "2023-03-25T10:00+09:00",
    "applications over": "2023-05-10T10:00+09:00",
    "all over": "2023-06-10T10:00+09:00",
}
LABELS = {
    "A": {"chiba": "(1)①"},
    "A2": {"chiba": "(1)②"},
    "B": {"chiba": "(2)"},
}
OFFICES = {
    "iwate": "いわて旅応援プロジェクト事務局",
    "nara": "いまなら。キャンペーン2022プラス事務局",
    "gunma": "全国旅行支援群馬県事務局",
    "chiba": "千葉とく旅キャンペーン運営事務局",
    "kagoshima": "鹿児島県地域観光事業支援事務局",
}
PREFECTURES = {
    "iwate": "岩手県",
    "nara": "奈良県",
    "gunma": "群馬県",
    "chiba": "千葉県",
    "kagoshima": "鹿児島県",
}
TOLL_FREE = "0120-479-249"
#: What each answer is typed as, where it is typed and not pressed.
WORDS = {
    ("incident", "none"): "使おうとしていません",
    ("incident", "unusable"): "使えませんでした。クーポンは引かれていません",
    ("incident", "paid_otherwise_and_deducted"): "現金で払ったのにクーポンからも引かれました",
    ("incident", "charged_twice"): "二重に引かれました",
    ("incident", "other"): "違うお店の名前で引かれていました",
    ("balance", "some"): "残っています",
    ("balance", 0): "使い切りました",
    ("app", "charged"): "アプリにチャージしました",
    ("app", "paper"): "紙のままです",
    ("app", "withdrawn"): "アプリは退会しました",
    ("stay", "overnight"): "泊まりです",
    ("stay", "day_trip"): "日帰りです",
}


@dataclass(frozen=True)
class Journey:
    """One traveller's way: ``answers`` by question (``None``: わからない) and the end."""

    name: str
    campaign: str
    answers: dict[str, str | int | None]
    moment: str = "open"
    says: tuple[str, ...] = ()
    never_says: tuple[str, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)

    def typed(self, question: str) -> str:
        """Return the words in which this traveller types an answer."""
        value = self.answers[question]
        if value is None:
            return "わからない"
        if question == "expires":
            _, month, day = str(value).split("-")
            return f"{int(month)}月{int(day)}日です"
        if question == "balance" and isinstance(value, int) and value:
            return f"{value}円です"
        return WORDS[question, value]


def label(campaign: str, code: str) -> str:
    """Return the notice's own label of a class."""
    return LABELS[code].get(campaign, f"({code})")


def journeys() -> list[Journey]:
    """Return all of them, campaign by campaign."""
    return [journey for campaign in OFFICES for journey in _of(campaign)]


def _of(campaign: str) -> list[Journey]:
    a, b = label(campaign, "A"), label(campaign, "B")
    office = OFFICES[campaign]
    to_24 = {"expires": "2023-02-24"}
    certain = f"{a}の補償の対象です"
    found = [
        Journey(
            "A, charged",
            campaign,
            {**to_24, "incident": "unusable", "balance": 1500, "app": "charged"},
            says=(certain, "手続きはいりません", office, "5月31日"),
        ),
        Journey(
            "A, paper",
            campaign,
            {**to_24, "incident": "none", "balance": "some", "app": "paper"},
            says=(certain, "から申請してください", office, "4月30日"),
        ),
        Journey(
            "A, withdrawn",
            campaign,
            {**to_24, "incident": "unusable", "balance": 800, "app": "withdrawn"},
            says=(certain, "から申請してください", office),
        ),
        Journey(
            "A, paper, before",
            campaign,
            {**to_24, "incident": "none", "balance": "some", "app": "paper"},
            "before",
            says=(certain, "まだ開いていません", "3月24日" if campaign == "gunma" else "3月22日"),
        ),
        Journey(
            "A, paper, applications over",
            campaign,
            {**to_24, "incident": "none", "balance": "some", "app": "paper"},
            "applications over",
            says=(certain, "申請の期限を過ぎています"),
        ),
        Journey(
            "A, paper, all over",
            campaign,
            {**to_24, "incident": "none", "balance": "some", "app": "paper"},
            "all over",
            says=(f"{a}の補償の対象でした", "期限を過ぎています"),
        ),
        Journey(
            "B, paid otherwise",
            campaign,
            {"expires": "2023-03-10", "incident": "paid_otherwise_and_deducted"},
            says=(f"{b}の補償の対象です", TOLL_FREE, "受付番号"),
        ),
        Journey(
            "B, twice",
            campaign,
            {"expires": "2023-03-10", "incident": "charged_twice"},
            says=(f"{b}の補償の対象です", TOLL_FREE, "受付番号"),
        ),
        Journey(
            "A and B",
            campaign,
            {**to_24, "incident": "charged_twice", "balance": 1500, "app": "paper"},
            says=(f"{a}と{b}の両方の補償の対象です", "から申請してください", "受付番号"),
        ),
        Journey(
            "other trouble",
            campaign,
            {"expires": "2023-03-10", "incident": "other"},
            says=("コールセンター", TOLL_FREE, "受付番号"),
        ),
        Journey(
            "neither: another expiry",
            campaign,
            {"expires": "2023-02-23", "incident": "unusable"},
            says=("補償の対象ではないようです", office),
            never_says=("受付番号",),
        ),
        Journey(
            "neither: nothing left",
            campaign,
            {**to_24, "incident": "none", "balance": 0},
            says=("補償の対象ではないようです", "1円以上"),
        ),
        Journey(
            "unknown expiry",
            campaign,
            {
                "expires": None,
                "incident": "none",
                "balance": "some",
                "app": "paper",
                "stay": "overnight",
            },
            says=("かもしれません", "確かめ方"),
        ),
    ]
    if campaign == "chiba":
        to_25 = {"expires": "2023-02-25", "incident": "none", "balance": "some"}
        found += [
            Journey(
                "A2",
                campaign,
                {**to_25, "stay": "overnight"},
                says=("(1)②の補償の対象です", "3月27日", TOLL_FREE),
            ),
            Journey(
                "A2, application over",
                campaign,
                {**to_25, "stay": "overnight"},
                "applications over",
                says=("(1)②の補償の対象です", "過ぎ"),
            ),
            Journey(
                "neither: a day trip",
                campaign,
                {**to_25, "stay": "day_trip"},
                says=("補償の対象ではないようです", "日帰り"),
            ),
        ]
    return found
