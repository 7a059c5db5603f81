"""Reading ``notices/*.yml``: every problem of every file, each one line with file, field, mend."""

from __future__ import annotations

import json
import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import jsonschema
import yaml

from actions.notice_checks import Finding, check_notice
from actions.notice_types import Notice
from actions.schema_words import schema_mend

SCHEMA = "schema.json"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{2}:\d{2}")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: ``line`` counts from 1, or is 0 where the whole file is meant."""

    file: str
    line: int
    field: str
    mend: str

    def __str__(self) -> str:
        """Return the one line a person reads."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.field}: {self.mend}" if self.field else f"{place}: {self.mend}"


class NoticesError(ValueError):
    """The notices cannot be used; ``problems`` has everything there is to mend."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the problems, sorted by file and line."""
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read_notices(directory: Path) -> dict[str, Notice]:
    """Read and check every ``*.yml`` of ``directory``, in the order the notices give themselves.

    Raises:
        NoticesError: with every problem of every file.
    """
    problems: list[Problem] = []
    notices: list[tuple[str, Notice]] = []
    paths = sorted(directory.glob("*.yml")) if directory.is_dir() else []
    if not paths:
        raise NoticesError(
            (Problem(str(directory), 0, "", "no notice here; add one file CAMPAIGN.yml each"),)
        )
    schema = _schema(directory / SCHEMA)
    for path in paths:
        notice, found = _read(path, schema)
        problems += found
        if notice is not None:
            notices.append((path.name, notice))
    problems += _across(notices)
    if problems:
        raise NoticesError(tuple(problems))
    notices.sort(key=lambda item: item[1].prefecture_code)
    return {notice.campaign: notice for _, notice in notices}


def _schema(path: Path) -> jsonschema.Draft7Validator:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft7Validator.check_schema(content)
    except OSError as error:
        mend = f"cannot be read ({error.strerror}); put it beside the notices"
        raise NoticesError((Problem(path.name, 0, "", mend),)) from None
    except (ValueError, jsonschema.SchemaError) as error:
        first = str(error).splitlines()[0]
        raise NoticesError((Problem(path.name, 0, "", f"is not a JSON schema: {first}"),)) from None
    return jsonschema.Draft7Validator(content)


def _read(path: Path, schema: jsonschema.Draft7Validator) -> tuple[Notice | None, list[Problem]]:
    try:
        source = path.read_bytes().decode("utf-8")
    except OSError as error:
        return None, [Problem(path.name, 0, "", f"cannot be read ({error.strerror})")]
    except UnicodeDecodeError:
        return None, [Problem(path.name, 0, "", "is not UTF-8; save it as UTF-8")]
    document = _Document(path.name)
    try:
        content = document.read(source)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "cannot be read"
        line = mark.line + 1 if mark else 0
        mend = f"is not YAML: {what}; mend this line or the one before it"
        return None, [Problem(path.name, line, "", mend)]
    for complaint in schema.iter_errors(content):
        for where, mend in schema_mend(complaint):
            document.report(where, mend)
    if not document.problems:
        for where, value in _moments(content):
            impossible = _impossible(value)
            if impossible:
                document.report(where, impossible)
    if document.problems:
        return None, document.problems
    notice: Notice = _build(Notice, content)
    found: Iterator[Finding] = check_notice(notice, path.stem)
    for where, mend in found:
        document.report(where, mend)
    return (None if document.problems else notice), document.problems


def _across(notices: list[tuple[str, Notice]]) -> Iterator[Problem]:
    taken: dict[int, str] = {}
    for file, notice in notices:
        other = taken.setdefault(notice.prefecture_code, file)
        if other != file:
            mend = f"{notice.prefecture_code} is {other}'s; one notice a prefecture"
            yield Problem(file, 0, "prefecture_code", mend)


Where = tuple[Union[str, int], ...]


class _Document:
    """One YAML file as plain values (days and hours stay text), with the line of every field."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Where, int] = {}
        self.problems: list[Problem] = []
        self._within: list[yaml.Node] = []

    def read(self, source: str) -> Any:
        """Return the file's values; duplicate keys are reported, the first one counts."""
        node = yaml.compose(source, Loader=_PlainLoader)
        if node is None:
            return None
        return self._value(node, ())

    def report(self, where: Where, mend: str) -> None:
        """Note a problem at a field, with the line of that field or of what holds it."""
        known = where
        while known and known not in self.lines:
            known = known[:-1]
        self.problems.append(Problem(self.file, self.lines.get(known, 0), field_name(where), mend))

    def _value(self, node: yaml.Node, where: Where) -> Any:
        self.lines.setdefault(where, node.start_mark.line + 1)
        if any(node is outer for outer in self._within):
            self.report(where, "refers to what it is part of; write it out")
            return None
        if isinstance(node, (yaml.MappingNode, yaml.SequenceNode)):
            self._within.append(node)
            try:
                return self._collection(node, where)
            finally:
                self._within.pop()
        loader = _PlainLoader("")
        try:
            return loader.construct_object(node)
        finally:
            loader.dispose()

    def _collection(self, node: yaml.MappingNode | yaml.SequenceNode, where: Where) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, where)
        return [self._value(item, (*where, i)) for i, item in enumerate(node.value)]

    def _mapping(self, node: yaml.MappingNode, where: Where) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            # A key that is itself a list or a group has no name; the schema refuses this one.
            name = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
            here: Where = (*where, name)
            if name in values:
                line = key_node.start_mark.line + 1
                mend = f"stands twice (first in line {self.lines[here]}); keep one of the two"
                self.problems.append(Problem(self.file, line, field_name(here), mend))
                continue
            self.lines[here] = key_node.start_mark.line + 1
            values[name] = self._value(value_node, here)
        return values


class _PlainLoader(yaml.SafeLoader):
    """YAML without dates, base-60 numbers and yes/no: what looks like text stays text.

    PyYAML would turn 2023-02-30 into a bare ``ValueError`` and 10:00 into 600.
    """

    yaml_implicit_resolvers = {  # noqa: RUF012 - the library's own class attribute
        first: [(tag, pattern) for tag, pattern in resolvers if tag in {"tag:yaml.org,2002:null"}]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf")
)
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^(?:0|[1-9][0-9]*)$"), list("0123456789")
)


def field_name(where: Where) -> str:
    """Return ``classes[0].criteria[1].section`` for a path of keys and indexes."""
    name = ""
    for part in where:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else part
    return name


def _moments(content: Any, where: Where = ()) -> Iterator[tuple[Where, str]]:
    """Yield every text written like a day or an hour, with its place."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _moments(value, (*where, key))
    elif isinstance(content, list):
        for index, value in enumerate(content):
            yield from _moments(value, (*where, index))
    elif isinstance(content, str) and (_DATE.fullmatch(content) or _TIME.fullmatch(content)):
        yield where, content


def _impossible(value: str) -> str | None:
    try:
        _moment(value)
    except ValueError:
        kind = "day" if _DATE.fullmatch(value) else "hour"
        return f"there is no {kind} {value}; look it up in the notice"
    return None


def _moment(value: str) -> date | time:
    return date.fromisoformat(value) if _DATE.fullmatch(value) else time.fromisoformat(value)


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _build(kind: Any, value: Any) -> Any:
    """Turn checked plain values into the typed facts that ``kind`` asks for."""
    origin = get_origin(kind)
    members = [member for member in get_args(kind) if member is not type(None)]
    built = value
    if origin is tuple:
        built = tuple(_build(members[0], item) for item in value)
    elif origin in {Union, types.UnionType} and len(members) == 1:
        built = None if value is None else _build(members[0], value)
    elif origin is Union:
        # Only `Accepted`: a day, or one of an answer's words.
        built = date.fromisoformat(value) if _DATE.fullmatch(value) else value
    elif is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        names = [field.name for field in fields(kind) if field.name in value]
        built = kind(**{name: _build(hints[name], value[name]) for name in names})
    elif kind in {date, time}:
        built = _moment(value)
    return built
