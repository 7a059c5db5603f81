"""A broken notice is refused with every problem at once: each a line with file, field, mend."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from actions.notices import DIRECTORY, Notice, NoticesError, load_notices
from bot.cli.notices import main

Edit = Callable[[str], str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy the project's notices to a folder of the test's own."""
    for path in DIRECTORY.iterdir():
        shutil.copy(path, tmp_path)
    return tmp_path


def problems(folder: Path) -> list[str]:
    with pytest.raises(NoticesError) as refused:
        load_notices(folder)
    lines = [str(problem) for problem in refused.value.problems]
    assert str(refused.value).splitlines() == lines
    return lines


def edit(folder: Path, name: str, *changes: tuple[str, str]) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, f"{old!r} is not in {name}"
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def line_of(folder: Path, name: str, words: str) -> int:
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if words in line)


@pytest.mark.parametrize(
    ("old", "new", "marker", "said"),
    [
        (
            "office: 全国旅行支援群馬県事務局\n",
            "",
            "campaign: gunma",
            "office: is missing; add it",
        ),
        (
            "office: 全国旅行支援群馬県事務局",
            "ofice: 全国旅行支援群馬県事務局\noffice: x",
            "ofice: ",
            "ofice: is no field here; did you mean office?",
        ),
        (
            "report: 第四報",
            "report: 第四報\nreport: 第五報",
            "report: 第五報",
            "report: stands twice (first in line 9); keep one of the two",
        ),
        (
            "until: 2023-03-31\n      how: automatic",
            "until: 2023-02-30\n      how: automatic",
            "until: 2023-02-30",
            "classes[0].extension.until: there is no day 2023-02-30; look it up in the notice",
        ),
        (
            "apply_by: 2023-04-30",
            "apply_by: 4月30日",
            "apply_by: 4月",
            "site.apply_by: '4月30日' is not a day written as 2023-03-31",
        ),
        (
            'opens_at: "14:00"',
            'opens_at: "25:00"',
            "opens_at: ",
            "site.opens_at: there is no hour 25:00; look it up in the notice",
        ),
        (
            'opens_at: "14:00"',
            "opens_at: 14時",
            "opens_at: ",
            "site.opens_at: '14時' is not an hour written as 10:00",
        ),
        (
            "number: 0120-479-249",
            "number: 0120479249",
            "number: ",
            "call_center.number: '0120479249' is not a phone number written as 0120-000-000",
        ),
        (
            "url: https",
            "url: ttps",
            "url: ",
            "site.address.url: 'ttps://region-pay.com/pages/compensation…' is not an address that "
            "begins with https://",
        ),
        (
            "prefecture_code: 10",
            "prefecture_code: 48",
            "prefecture_code",
            "prefecture_code: '48' is too large; use 47 or less",
        ),
        (
            "prefecture_code: 10",
            "prefecture_code: 群馬",
            "prefecture_code",
            "prefecture_code: must be a whole number, not '群馬'",
        ),
        (
            "question: balance",
            "question: amount",
            "question: amount",
            "classes[0].criteria[1].question: 'amount' is not one of expires, incident, balance, "
            "app, stay",
        ),
        (
            "returns_balance: true",
            "returns_balance: yes",
            "returns_balance",
            "classes[1].extension.returns_balance: must be true or false, not 'yes'",
        ),
        (
            "who: [旅行会社, 宿泊施設]",
            "who: []",
            "who: []",
            "site.lost_number.who: is empty; list something, or leave it out where the notice is "
            "silent",
        ),
        (
            "title: 2/24（金）発生 地域クーポン（regionPAY）システム障害に関する今後の対応について",
            "title:",
            "title:",
            "title: must be text, not nothing",
        ),
        (
            "campaign: gunma",
            "campaign: Gunma",
            "campaign: Gunma",
            "campaign: 'Gunma' is not a short name in small letters, such as gunma",
        ),
        (
            "campaign: gunma",
            "campaign: gumma",
            "campaign: gumma",
            "campaign: gumma stands in gunma.yml; name the file like it",
        ),
        (
            "  - 2023-03-13\n  - 2023-03-24\n",
            "  - 2023-03-24\n  - 2023-03-13\n",
            "revisions:",
            "revisions: must go from the oldest day to the newest, each once",
        ),
        (
            "apply_by: 2023-04-30",
            "apply_by: 2023-03-01",
            "apply_by: 2023-03-01",
            "site.apply_by: 2023-03-01 is before site.opens_on (2023-03-24); look both up in the "
            "notice",
        ),
        (
            "app: [paper, withdrawn]",
            "app: [paper]",
            "    routes:",
            "classes[0].routes: must lead each of charged, paper, withdrawn to one place; charged, "
            "paper are led",
        ),
        (
            "value: charged_twice",
            "value: charged_thrice",
            "value: charged_thrice",
            "classes[1].criteria[0].accepts[1].value: charged_thrice is not one of none, unusable, "
            "paid_otherwise_and_deducted, charged_twice, other",
        ),
        (
            "value: 2023-02-24",
            "value: 二月",
            "value: 二月",
            "classes[0].criteria[0].accepts[0].value: '二月' is not a day written as 2023-02-24",
        ),
        (
            "        at_least: 1\n",
            "",
            "id: balance",
            "classes[0].criteria[1]: a balance needs `at_least` and `left_after`, and no `accepts`",
        ),
        (
            "  - code: B",
            "  - code: A",
            "label: (A)",
            None,
        ),
        (
            "same_as: A",
            "same_as: A2",
            "same_as: A2",
            "classes[1].unused.same_as: A2 is no other class of this notice",
        ),
        (
            "        until_basis: inferred\n\nother:",
            "\nother:",
            "to: call_center",
            "classes[1].routes[0].until_basis: goes with `until`, and only with it",
        ),
        (
            "office: 全国旅行支援群馬県事務局",
            'office: "　"',
            "office: ",
            "office: '\\u3000' is not text; write it, or leave it out where the notice is silent",
        ),
        (
            "section: 前文",
            'section: 前文\n  starts: "17:45"',
            "outage:",
            "outage: starts, ends and hours_section go together; give all three or none",
        ),
    ],
)
def test_one_mistake(folder: Path, old: str, new: str, marker: str, said: str | None) -> None:
    edit(folder, "gunma.yml", (old, new))
    found = problems(folder)
    if said is None:
        assert any("classes[1].code: A stands twice; one entry a class" in line for line in found)
        return
    assert found == [f"gunma.yml:{line_of(folder, 'gunma.yml', marker)}: {said}"]


def test_a_field_that_refers_to_itself(folder: Path) -> None:
    edit(folder, "gunma.yml", ("points:\n", "points: &points\n  more: *points\n"))
    assert any("points.more: refers to what it is part of" in line for line in problems(folder))


def test_all_mistakes_of_all_files_at_once(folder: Path) -> None:
    edit(folder, "nara.yml", ("office: ", "ofice: "), ("apply_by: 2023-04-30", "apply_by: soon"))
    edit(folder, "iwate.yml", ("prefecture_code: 3", "prefecture_code: 0"))
    (folder / "chiba.yml").write_text("a: [1\nb: 2", encoding="utf-8")
    (folder / "gunma.yml").write_bytes("campaign: 群馬".encode("shift_jis"))
    (folder / "kagoshima.yml").write_text("", encoding="utf-8")
    found = problems(folder)
    assert [line.split(":")[0] for line in found] == [
        "chiba.yml",
        "gunma.yml",
        "iwate.yml",
        "kagoshima.yml",
        "nara.yml",
        "nara.yml",
        "nara.yml",
    ]
    assert found[0].startswith("chiba.yml:2: is not YAML: ")
    assert found[1] == "gunma.yml: is not UTF-8; save it as UTF-8"
    assert "must be a group of named fields, not nothing" in found[3]


def test_two_files_for_one_prefecture(folder: Path) -> None:
    edit(folder, "nara.yml", ("prefecture_code: 29", "prefecture_code: 3"))
    assert problems(folder) == [
        "nara.yml: prefecture_code: 3 is iwate.yml's; one notice a prefecture"
    ]


@pytest.mark.parametrize("spoil", [None, "[1", '{"type": 5}'])
def test_a_schema_that_cannot_be_used(folder: Path, spoil: str | None) -> None:
    (folder / "schema.json").unlink()
    if spoil is not None:
        (folder / "schema.json").write_text(spoil)
    (found,) = problems(folder)
    assert found.startswith("schema.json: ")


def test_no_notice_at_all(tmp_path: Path) -> None:
    (found,) = problems(tmp_path)
    assert found.endswith("no notice here; add one file CAMPAIGN.yml each")
    (found,) = problems(tmp_path / "nowhere")
    assert "no notice here" in found


def test_the_same_directory_is_read_once() -> None:
    assert load_notices() is load_notices(DIRECTORY)
    with pytest.raises(TypeError):
        load_notices()["new"] = load_notices()["nara"]  # type: ignore[index]


def test_the_schema_and_the_types_name_the_same_fields() -> None:
    schema = json.loads((DIRECTORY / "schema.json").read_text(encoding="utf-8"))
    compared = 0
    for kind, part in _pairs(Notice, schema, schema["definitions"]):
        known = {field.name for field in dataclasses.fields(kind)}
        needed = {
            field.name
            for field in dataclasses.fields(kind)
            if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        }
        assert set(part["properties"]) == known, kind
        assert set(part["required"]) == needed, kind
        compared += 1
    assert compared > 30


def _pairs(
    kind: Any, part: dict[str, Any], definitions: dict[str, Any]
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield each dataclass with the part of the schema that describes it."""
    if "$ref" in part:
        part = definitions[part["$ref"].rsplit("/", 1)[1]]
    if get_origin(kind) is tuple:
        yield from _pairs(get_args(kind)[0], part["items"], definitions)
    elif get_args(kind):
        for member in get_args(kind):
            yield from _pairs(member, part, definitions)
    elif dataclasses.is_dataclass(kind):
        yield kind, part
        hints = get_type_hints(kind)
        for name, inner in part["properties"].items():
            yield from _pairs(hints[name], inner, definitions)


def test_notices_check_says_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    said = capsys.readouterr()
    assert "gunma: 愛郷ぐんま全国割, 第四報, 2023-04-07: (A) (B)" in said.out
    assert "chiba: 千葉とく旅キャンペーン, 2023-03-15: (1)① (1)② (2)" in said.out
    assert said.err == ""


def test_notices_check_names_what_to_mend(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(folder, "nara.yml", ("office: ", "ofice: "))
    assert main(["check", str(folder)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "nara.yml:3: office: is missing; add it",
        "nara.yml:7: ofice: is no field here; did you mean office?",
        "hosho notices: 2 to mend; docs/notices.md tells how",
    ]


@pytest.mark.parametrize("arguments", [[], ["mend"], ["check", "a", "b"]])
def test_notices_with_bad_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
