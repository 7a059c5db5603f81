"""Where words and classifier differ: what is asked, and what neither may take alone."""

from __future__ import annotations

from typing import Optional

from actions.answers import Answers
from actions.understanding.interpret import interpret
from actions.understanding.ranking import Ranking
from actions.understanding.understood import Understood

GUNMA = Answers(campaign="gunma", expires=None)
RANT = "こんな時に限って機械が止まるなんて、税金の無駄遣いもいいところです。" * 4


def ranked(label: str, share: float = 0.99, **others: float) -> Ranking:
    return [(label, share), *others.items()]


def heard(text: str, question: Optional[str], ranking: Ranking, *parts: Ranking) -> Understood:
    return interpret(text, question, ranking, GUNMA, parts=parts)


def test_whether_something_was_deducted_is_asked_where_they_differ() -> None:
    sure = ranked("incident_paid_otherwise_and_deducted")
    understood = heard("現金払いで、クーポンは減ってない", "incident", sure)
    assert understood.kind == "ask_back"
    assert understood.reading is not None
    assert set(understood.reading.candidates) == {"paid_otherwise_and_deducted", "unusable"}
    # Where the coupon was kept either way, a certain classifier may say which.
    assert heard("クーポンは使えなかった", "incident", ranked("incident_none")).values == {
        "incident": "none"
    }


def test_a_denied_denial_is_asked_about() -> None:
    understood = heard(
        "チャージしなかったわけではないです", "app", ranked("app_charged", app_paper=0.01)
    )
    assert understood.kind == "ask_back"
    assert not heard("使ったわけではないことはない", "app", ranked("app_charged")).values


def test_an_app_that_is_only_there_is_asked_about_however_sure_the_classifier() -> None:
    understood = heard("アプリは入れてます", "app", ranked("app_charged"))
    assert understood.kind == "ask_back"
    assert understood.reading is not None
    assert understood.reading.reason == "installed"


def test_an_app_named_alone_is_asked_about() -> None:
    understood = heard("アプリ", "app", ranked("app_charged"))
    assert understood.reading is not None
    assert understood.reading.candidates == ("charged", "paper")
    assert heard("アプリの方です", "app", ranked("app_charged")).values == {"app": "charged"}


def test_who_speaks_of_no_knowing_says_not_that_they_do_not_know() -> None:
    doubtful = ranked("dont_know", 0.7, out_of_scope=0.3)
    assert heard("こたつから出られない", "balance", doubtful).kind != "unknown"
    assert heard("昔のです", "expires", doubtful).kind == "out_of_scope"
    assert heard("覚えちゃいねえや", "balance", doubtful).kind == "unknown"
    # A classifier that is surer needs no such word.
    assert (
        heard("娘が全部やったもんで", "app", ranked("dont_know", 0.9, out_of_scope=0.1)).kind
        == "unknown"
    )


def test_wondering_is_no_not_knowing_where_the_classifier_sees_none() -> None:
    of_else = ranked("amount_elsewhere", 0.5, out_of_scope=0.3, dont_know=0.2)
    assert heard("千円札の人ってだれだっけ", "balance", of_else).kind != "unknown"
    assert heard("いくら残ってましたっけ", "balance", ranked("dont_know", 0.9)).kind == "unknown"


def test_a_question_that_names_other_answers_on_its_way_is_a_question() -> None:
    text = "残ってる分って延長されたって聞いたけど、いつまで使えるの？"
    parts = ranked("balance_some"), ranked("aside_extension"), ranked("aside_extension")
    understood = heard(text, "expires", ranked("aside_extension"), *parts)
    assert (understood.kind, understood.topic) == ("aside", "extension")
    said = "余った分が1000円。いつまで使えますか"
    parts = ranked("balance_some"), ranked("amount"), ranked("aside_extension")
    assert heard(said, "expires", ranked("aside_extension"), *parts).kind == "answer"


def test_a_question_about_a_day_is_a_question_though_less_than_certain() -> None:
    ranking = ranked("aside_outage", 0.86, date_elsewhere=0.12, date=0.02)
    understood = heard("24日は何時ごろ直ったんですか", "expires", ranking)
    assert (understood.kind, understood.topic) == ("aside", "outage")


def test_an_answer_in_a_sentence_of_its_own_is_kept_beside_a_question() -> None:
    parts = ranked("date", 0.79, amount_elsewhere=0.2), ranked("aside_delivery")
    text = "24日です。それとポイントはいつ届きますか"
    understood = heard(text, "expires", ranked("aside_delivery"), *parts)
    assert understood.values == {"expires": "2023-02-24"}


def test_a_date_at_the_balance_is_no_sum() -> None:
    understood = heard("期限は24じゃなくて27でした", "balance", ranked("date", 0.9, amount=0.1))
    assert understood.values == {"expires": "2023-02-27"}


def test_what_is_left_in_a_clause_of_its_own_is_kept_beside_a_certain_answer() -> None:
    whole = ranked("app_paper", 0.999, balance_none=0.001)
    parts = ranked("balance_none"), ranked("app_paper")
    understood = heard("空っぽです。紙のままで。", "balance", whole, *parts)
    assert understood.values == {"balance": 0, "app": "paper"}


def test_a_stay_elsewhere_is_another_journey() -> None:
    assert not heard("沖縄に三泊しました", "stay", ranked("stay_overnight")).values
    both = "東京経由で千葉に一泊しました"
    assert heard(both, "stay", ranked("stay_overnight")).values["stay"] == "overnight"


def test_a_message_that_calls_somebody_is_for_them() -> None:
    assert heard(
        "ゆきちゃん、迎えに来て電話して", "app", ranked("command_human", 0.9)
    ).kind not in (
        "command",
        "answer",
    )
    said = "ばあちゃん、じいちゃんと二泊しました"
    assert heard(said, "stay", ranked("stay_overnight")).values == {"stay": "overnight"}


def test_a_night_is_told_beside_the_answer_that_it_explains() -> None:
    ranking = ranked("date", 0.9, stay_overnight=0.1)
    assert heard("23日に泊まって期限は24日です", "expires", ranking).values == {
        "expires": "2023-02-24",
        "stay": "overnight",
    }
    only_when = ranked("date_elsewhere", 0.7, stay_overnight=0.3)
    assert not heard("24日に泊まりました", "expires", only_when).values
    known = Answers(campaign="gunma", stay="overnight")
    understood = interpret("23日に泊まって期限は24日です", "expires", ranking, known)
    assert understood.values == {"expires": "2023-02-24"}


def test_the_last_clause_takes_back_the_first() -> None:
    whole = ranked("app_paper", 0.8, app_charged=0.2)
    parts = ranked("app_paper"), ranked("app_charged", 0.9)
    understood = heard("紙のままです。あ、いや、アプリに移したんだった", "app", whole, *parts)
    assert understood.kind == "ask_back"


def test_words_for_what_is_left_say_nothing_where_the_classifier_sees_none_of_it() -> None:
    of_else = ranked("balance_unclear", 0.65, balance_some=0.2, out_of_scope=0.15)
    assert not heard("お年玉がまだ残ってる", "balance", of_else).values
    ours = ranked("balance_some", 0.6, balance_unclear=0.4)
    assert heard("まだ残ってる", "balance", ours).values == {"balance": "some"}


def test_a_question_that_names_a_day_is_a_question() -> None:
    ranking = ranked("date_elsewhere", 0.74, aside_outage=0.24, date=0.02)
    understood = heard("24日って何があったんですか", "expires", ranking)
    assert (understood.kind, understood.topic) == ("aside", "outage")


def test_a_question_beside_its_reason_is_a_question() -> None:
    text = "どのあたりを見たらいいでしょうか。老眼で見えません"
    whole = ranked("dont_know", 0.8, aside_expires_where=0.1)
    parts = ranked("aside_expires_where", 0.8), ranked("dont_know", 0.9)
    understood = heard(text, "expires", whole, *parts)
    assert (understood.kind, understood.topic) == ("aside", "expires_where")
    assert heard("老眼で見えません", "expires", whole).kind == "unknown"


def test_a_rant_calls_nobody_and_tells_nothing_of_the_till() -> None:
    assert heard(RANT, "incident", ranked("command_human")).kind != "command"
    assert not heard(RANT, "incident", ranked("out_of_scope", 0.6, incident_none=0.1)).values
    at_the_till = f"{RANT}レジでクーポンが使えませんでした。"
    either = ranked("out_of_scope", 0.6, incident_unusable=0.4)
    assert heard(at_the_till, "incident", either).values == {"incident": "unusable"}


def test_what_could_not_be_read_in_a_rant_is_no_unknown() -> None:
    nothing = ranked("out_of_scope", 0.6, incident_none=0.1)
    text = f"ホームページは字が小さくて読めない。{RANT}"
    assert heard(text, "incident", nothing).kind != "unknown"
    assert heard(f"{RANT}もうわかりません。", "incident", nothing).kind == "unknown"


def test_a_bare_day_at_another_question_changes_nothing() -> None:
    bare = ranked("date")
    assert not heard("2/26", "balance", bare).values
    assert heard("26日でした", "balance", bare).values == {"expires": "2023-02-26"}


def test_after_the_verdict_a_doubtful_day_is_no_sum() -> None:
    understood = heard("やっぱり期限24だったかも", None, ranked("out_of_scope", 0.6, date=0.4))
    assert not understood.values
    assert understood.reading is not None
    assert understood.reading.question == "expires"


def test_after_the_verdict_the_day_said_before_is_taken_back() -> None:
    understood = heard("さっきの日付、26だった", None, ranked("out_of_scope", 0.6, date=0.4))
    assert understood.values == {"expires": "2023-02-26"}
    assert understood.correction


def test_after_the_verdict_what_is_taken_back_in_doubt_is_asked() -> None:
    understood = heard("やっぱ減ってたわ", None, ranked("out_of_scope", 0.6, incident_other=0.4))
    assert understood.reading is not None
    assert understood.reading.question == "incident"
    assert heard("減ってたわ", None, ranked("out_of_scope", 0.6)).reading is None
