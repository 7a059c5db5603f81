"""A JSON schema's complaint as where and what to mend, in words a campaign office can follow."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, Union

import jsonschema

Where = tuple[Union[str, int], ...]

_KINDS = {
    "object": "a group of named fields",
    "array": "a list (lines that begin with -)",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
}
_PATTERNS = {
    "Day": "a day written as 2023-03-31",
    "Hour": "an hour written as 10:00",
    "Phone": "a phone number written as 0120-479-249",
    "Url": "an address that begins with https://",
    "Mail": "a mail address",
    "Code": "a short name in small letters, such as gunma",
}


def schema_mend(error: jsonschema.ValidationError) -> Iterator[tuple[Where, str]]:
    """Yield the place of each thing wrong and how to mend it; one error can name several."""
    where: Where = tuple(error.absolute_path)
    keyword = error.validator
    if keyword == "required":
        # The library reports one error for each missing field, naming it only in its text.
        for name in error.validator_value:
            if name not in error.instance and f"{name!r} is a required" in error.message:
                yield (*where, name), "is missing; add it"
    elif keyword == "additionalProperties":
        known = list(error.schema["properties"])
        for name in error.instance:
            if name not in known:
                near = difflib.get_close_matches(str(name), known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"use {', '.join(known)}"
                yield (*where, str(name)), f"is no field of a notice; {hint}"
    else:
        yield where, _mend(error)


def _mend(error: jsonschema.ValidationError) -> str:
    shown = _shown(error.instance)
    keyword, wanted = error.validator, error.validator_value
    if keyword == "type":
        return f"must be {_KINDS[str(wanted)]}, not {shown}"
    if keyword in {"enum", "const"}:
        allowed = wanted if keyword == "enum" else [wanted]
        return f"{shown} is not one of {', '.join(map(str, allowed))}"
    if keyword in {"pattern", "format"}:
        return f"{shown} is not {_PATTERNS.get(error.schema.get('title', ''), 'written so')}"
    if keyword in {"minItems", "minLength"}:
        return "must not be empty; write it, or leave the field out where the notice is silent"
    if keyword == "uniqueItems":
        return "names the same thing twice; keep one"
    if keyword in {"minimum", "maximum"}:
        return (
            f"{shown} is out of range; use {wanted} or {'more' if keyword == 'minimum' else 'less'}"
        )
    if keyword in {"oneOf", "anyOf", "dependencies", "not"}:
        return str(error.schema.get("description", "does not fit together; see docs/notices.md"))
    return error.message.splitlines()[0]


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a group of fields"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    text = str(value)
    return f"{text[:40]}…" if len(text) > 40 else f"{text!r}"
