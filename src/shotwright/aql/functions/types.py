"""Type checks and casts."""

from __future__ import annotations

import re

from shotwright.aql.functions.calling import Context, Family, spell
from shotwright.aql.values import Value, rank, to_bool, to_list, to_number, type_name

FAMILY = Family("types")

_KEY = re.compile(r"[A-Za-z0-9_:.@()+,=;$!*'%-]{1,254}", re.ASCII)


@FAMILY.function("IS_NULL", least=1)
def is_null(context: Context, value: Value) -> bool:
    return rank(value) == 0


@FAMILY.function("IS_BOOL", least=1)
def is_bool(context: Context, value: Value) -> bool:
    return rank(value) == 1


@FAMILY.function("IS_NUMBER", least=1)
def is_number(context: Context, value: Value) -> bool:
    return rank(value) == 2


@FAMILY.function("IS_STRING", least=1)
def is_string(context: Context, value: Value) -> bool:
    return rank(value) == 3


@FAMILY.function("IS_ARRAY", "IS_LIST", least=1)
def is_array(context: Context, value: Value) -> bool:
    return rank(value) == 4


@FAMILY.function("IS_OBJECT", "IS_DOCUMENT", least=1)
def is_object(context: Context, value: Value) -> bool:
    return rank(value) == 5


@FAMILY.function("IS_KEY", least=1)
def is_key(context: Context, value: Value) -> bool:
    """Whether the text may be a document's `_key`."""
    return rank(value) == 3 and _KEY.fullmatch(value) is not None


@FAMILY.function("TYPENAME", least=1)
def typename(context: Context, value: Value) -> str:
    return type_name(value)


@FAMILY.function("TO_BOOL", least=1)
def cast_to_bool(context: Context, value: Value) -> bool:
    return to_bool(value)


@FAMILY.function("TO_NUMBER", least=1)
def cast_to_number(context: Context, value: Value) -> Value:
    return to_number(value)


@FAMILY.function("TO_STRING", least=1)
def cast_to_string(context: Context, value: Value) -> str:
    return spell(context, value)


@FAMILY.function("TO_ARRAY", "TO_LIST", least=1)
def cast_to_array(context: Context, value: Value) -> list[Value]:
    if rank(value) >= 4:
        context.budget(len(value))
    return to_list(value)
