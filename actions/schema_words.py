"""A JSON schema's complaint as where and what to mend, in words a campaign office can follow."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
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
    "Text": "text; write it, or leave it out where the notice is silent",
    "Day": "a day written as 2023-03-31",
    "Hour": "an hour written as 10:00",
    "Phone": "a phone number written as 0120-000-000",
    "Url": "an address that begins with https://",
    "Mail": "a mail address",
    "Code": "a short name in small letters, such as gunma",
}


def schema_mend(error: jsonschema.ValidationError) -> Iterator[tuple[Where, str]]:
    """Yield the place of each thing wrong and how to mend it; one error can name several."""
    where: Where = tuple(error.absolute_path)
    instance: Any = error.instance
    schema: Any = error.schema
    if error.validator == "required":
        # The library reports one error for each missing field, naming it only in its text.
        for name in schema["required"]:
            if error.message.startswith(f"{name!r} is a required"):
                yield (*where, name), "is missing; add it"
    elif error.validator == "additionalProperties":
        known = list(schema["properties"])
        for name in instance:
            if name not in known:
                near = difflib.get_close_matches(str(name), known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"use {', '.join(known)}"
                yield (*where, str(name)), f"is no field here; {hint}"
    else:
        wanted: Any = error.validator_value
        say = _MENDS.get(str(error.validator))
        yield where, say(_shown(instance), wanted, schema) if say else error.message


_MENDS: dict[str, Callable[[str, Any, Any], str]] = {
    "type": lambda shown, wanted, _: f"must be {_KINDS[wanted]}, not {shown}",
    "enum": lambda shown, wanted, _: f"{shown} is not one of {', '.join(wanted)}",
    "pattern": lambda shown, _, schema: f"{shown} is not {_PATTERNS[schema['title']]}",
    "minItems": lambda *_: "is empty; list something, or leave it out where the notice is silent",
    "minLength": lambda *_: "is empty; write it, or leave it out where the notice is silent",
    "uniqueItems": lambda *_: "names the same thing twice; keep one",
    "minimum": lambda shown, wanted, _: f"{shown} is too small; use {wanted} or more",
    "maximum": lambda shown, wanted, _: f"{shown} is too large; use {wanted} or less",
}


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a group of fields"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    text = str(value)
    return f"'{text[:40]}…'" if len(text) > 40 else f"{text!r}"
