"""The stock project's actions: a form's validation and a verdict, by Rasa's documentation."""

import re
import unicodedata

from rasa_sdk import Action, FormValidationAction
from rasa_sdk.events import AllSlotsReset, SlotSet

CAMPAIGNS = {
    "岩手": "iwate",
    "奈良": "nara",
    "群馬": "gunma",
    "千葉": "chiba",
    "鹿児島": "kagoshima",
}


def read_date(text):
    found = re.search(r"(?:2023年)?(?:2月|2/)?(\d{1,2})日?", unicodedata.normalize("NFKC", text))
    return f"2023-02-{int(found.group(1)):02d}" if found else None


class ValidateCouponForm(FormValidationAction):
    def name(self):
        return "validate_coupon_form"

    def validate_campaign(self, value, dispatcher, tracker, domain):
        for name, campaign in CAMPAIGNS.items():
            if name in value:
                return {"campaign": campaign}
        return {"campaign": None}

    def validate_expires(self, value, dispatcher, tracker, domain):
        text = unicodedata.normalize("NFKC", value)
        found = re.search(r"2月\s*(\d{1,2})", text) or re.search(r"(\d{1,2})日", text)
        return {"expires": f"2023-02-{int(found.group(1)):02d}" if found else None}

    def validate_incident(self, value, dispatcher, tracker, domain):
        if "二重" in value:
            return {"incident": "charged_twice"}
        if "引かれ" in value:
            return {"incident": "paid_otherwise_and_deducted"}
        if "使えません" in value:
            return {"incident": "unusable"}
        return {"incident": "none"}

    def validate_balance(self, value, dispatcher, tracker, domain):
        found = re.search(r"\d+", unicodedata.normalize("NFKC", value))
        return {"balance": found.group() if found else "some"}

    def validate_app(self, value, dispatcher, tracker, domain):
        return {"app": value if value in ("charged", "paper", "withdrawn") else "paper"}


def say_verdict(dispatcher, tracker, expires):
    deducted = tracker.get_slot("incident") == "paid_otherwise_and_deducted"
    if deducted or expires in ("2023-02-24", "2023-02-25", "2023-02-26"):
        dispatcher.utter_message(
            text="補償の対象と考えられます。",
            buttons=[{"title": "期限を直す", "payload": "期限を訂正したい"}],
        )
    else:
        dispatcher.utter_message(text="補償の対象ではないと考えられます。")
    dispatcher.utter_message(text="最終的な判断はキャンペーン事務局が行います。")


class ActionVerdict(Action):
    def name(self):
        return "action_verdict"

    def run(self, dispatcher, tracker, domain):
        say_verdict(dispatcher, tracker, tracker.get_slot("expires"))
        return []


class ActionCorrect(Action):
    def name(self):
        return "action_correct"

    def run(self, dispatcher, tracker, domain):
        expires = read_date(tracker.latest_message["text"]) or tracker.get_slot("expires")
        dispatcher.utter_message(text=f"有効期限を{expires}に直しました。")
        say_verdict(dispatcher, tracker, expires)
        return [SlotSet("expires", expires)]


class ActionForget(Action):
    def name(self):
        return "action_forget"

    def run(self, dispatcher, tracker, domain):
        return [AllSlotsReset()]
