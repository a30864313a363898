"""Documents and objects: their attributes, merging and comparing them, and looking them up."""

from __future__ import annotations

from typing import Any

from shotwright.aql.collation import text_key
from shotwright.aql.functions.calling import Context, Family, NoAnswer, array_of, integer, object_of, spell, text_of
from shotwright.aql.values import Value, equal, is_number, number_text, rank, to_text, truthy

FAMILY = Family("documents")


@FAMILY.function("ATTRIBUTES", "KEYS", least=1, most=3)
def attributes(context: Context, value: Value, internal: Value = None, sort: Value = None) -> list[str]:
    """Names by code point, or with `sort` in the order of text; `internal` leaves out those that begin with _."""
    names = [name for name in object_of(value) if not (truthy(internal) and name.startswith("_"))]
    context.budget(len(names))
    return sorted(names, key=text_key) if truthy(sort) else sorted(names)


@FAMILY.function("VALUES", least=1, most=2)
def values(context: Context, value: Value, internal: Value = None) -> list[Value]:
    found = object_of(value)
    context.budget(len(found))
    return [item for name, item in found.items() if not (truthy(internal) and name.startswith("_"))]


@FAMILY.function("ENTRIES", least=1)
def entries(context: Context, value: Value) -> list[list[Value]]:
    found = object_of(value)
    context.budget(3 * len(found))
    return [[name, item] for name, item in found.items()]


@FAMILY.function("VALUE", least=2)
def value_at(context: Context, value: Value, path: Value) -> Value:
    """What lies at the end of a path of attribute names and array positions; null where it breaks off."""
    here: Value = object_of(value)
    for step in array_of(path):
        kind = rank(here)
        if kind == 5:
            here = here.get(to_text(step))
        elif kind == 4 and is_number(step):
            index = integer(step)
            here = here[index] if -len(here) <= index < len(here) else None
        else:
            return None
    return here


@FAMILY.function("HAS", least=2)
def has(context: Context, value: Value, name: Value) -> bool:
    return rank(value) == 5 and spell(context, name) in value


@FAMILY.function("MATCHES", least=2, most=3)
def matches(context: Context, value: Value, examples: Value, return_index: Value = None) -> bool | int:
    """Whether the object has all attributes of one of the examples; an attribute given as null may be missing."""
    if rank(value) != 5:
        return False
    found = -1
    for index, example in enumerate(examples if rank(examples) == 4 else [examples]):
        if rank(example) != 5:
            context.warn(1542, "invalid argument type in call to function 'MATCHES()'")
            continue
        context.budget(len(example))
        if all((name in value or item is None) and equal(value.get(name), item) for name, item in example.items()):
            found = index
            break
    return found if truthy(return_index) else found >= 0


@FAMILY.function("MERGE", least=1, most=None)
def merge(context: Context, *values: Value) -> dict[str, Value]:
    merged: dict[str, Value] = {}
    for part in _parts(values):
        context.budget(len(part))
        merged.update(part)
    return merged


@FAMILY.function("MERGE_RECURSIVE", least=1, most=None)
def merge_recursive(context: Context, *values: Value) -> dict[str, Value]:
    merged: dict[str, Value] = {}
    for part in _parts(values):
        merged = _merge_into(context, merged, part)
    return merged


def _parts(values: tuple[Value, ...]) -> list[dict[str, Value]]:
    if len(values) == 1 and rank(values[0]) == 4:
        return [object_of(part) for part in values[0]]
    return [object_of(part) for part in values]


def _merge_into(context: Context, left: dict[str, Value], right: dict[str, Value]) -> dict[str, Value]:
    context.budget(len(left) + len(right))
    merged = dict(left)
    for name, item in right.items():
        before = merged.get(name)
        both = rank(before) == 5 and rank(item) == 5
        merged[name] = _merge_into(context, before, item) if both and before is not None else item
    return merged


@FAMILY.function("KEEP", least=2, most=None)
def keep(context: Context, value: Value, *names: Value) -> dict[str, Value]:
    wanted = _names(context, "KEEP", names)
    return {name: item for name, item in object_of(value).items() if name in wanted}


@FAMILY.function("KEEP_RECURSIVE", least=2, most=None)
def keep_recursive(context: Context, value: Value, *names: Value) -> dict[str, Value]:
    return _sift(context, object_of(value), _names(context, "KEEP_RECURSIVE", names), kept=True)


@FAMILY.function("UNSET", least=2, most=None)
def unset(context: Context, value: Value, *names: Value) -> dict[str, Value]:
    unwanted = _names(context, "UNSET", names)
    return {name: item for name, item in object_of(value).items() if name not in unwanted}


@FAMILY.function("UNSET_RECURSIVE", least=2, most=None)
def unset_recursive(context: Context, value: Value, *names: Value) -> dict[str, Value]:
    return _sift(context, object_of(value), _names(context, "UNSET_RECURSIVE", names), kept=False)


def _names(context: Context, function: str, arguments: tuple[Value, ...]) -> set[str]:
    """Attribute names given one by one or in arrays."""
    names: set[str] = set()
    for argument in arguments:
        kind = rank(argument)
        if kind == 3:
            names.add(argument)
        elif kind == 2:
            names.add(number_text(argument))
        elif kind == 4:
            names.update(name for name in argument if rank(name) == 3)
            if any(rank(name) != 3 for name in argument):
                context.warn(1542, f"invalid argument type in call to function '{function}()'")
    return names


def _sift(context: Context, value: dict[str, Value], names: set[str], *, kept: bool) -> dict[str, Value]:
    """With only the named attributes, or without them, in objects within objects too; arrays stay as they are."""
    context.budget(len(value))
    return {
        name: _sift(context, item, names, kept=kept) if rank(item) == 5 else item
        for name, item in value.items()
        if (name in names) is kept
    }


@FAMILY.function("TRANSLATE", least=2, most=3)
def translate(context: Context, value: Value, table: Value, *default: Value) -> Value:
    found = object_of(table)
    key = spell(context, value)
    if key in found:
        return found[key]
    return default[0] if default else value


@FAMILY.function("ZIP", least=2)
def zip_arrays(context: Context, keys: Value, items: Value) -> dict[str, Value]:
    names, contents = array_of(keys, 1542), array_of(items, 1542)
    if len(names) != len(contents):
        raise NoAnswer
    context.budget(len(names))
    zipped: dict[str, Value] = {}
    for name, item in zip(names, contents, strict=True):
        zipped.setdefault(to_text(name), item)
    return zipped


# Identifiers


def _identifier(value: Value) -> tuple[str, str]:
    """Collection and key of an `_id`, or of the document that has one."""
    identifier = value.get("_id") if rank(value) == 5 else value
    collection, slash, key = text_of(identifier).partition("/")
    if not slash or "/" in key:
        raise NoAnswer
    return collection, key


@FAMILY.function("PARSE_IDENTIFIER", least=1)
def parse_identifier(context: Context, value: Value) -> dict[str, str]:
    collection, key = _identifier(value)
    return {"collection": collection, "key": key}


@FAMILY.function("PARSE_COLLECTION", least=1)
def parse_collection(context: Context, value: Value) -> str:
    return _identifier(value)[0]


@FAMILY.function("PARSE_KEY", least=1)
def parse_key(context: Context, value: Value) -> str:
    return _identifier(value)[1]


@FAMILY.function("IS_SAME_COLLECTION", least=2)
def is_same_collection(context: Context, collection: Value, document: Value) -> bool:
    return _collection(collection) == _collection(document)


def _collection(value: Value) -> str:
    identifier = value.get("_id") if rank(value) == 5 else value
    name = text_of(identifier).partition("/")[0]
    if not name:
        raise NoAnswer
    return name


@FAMILY.function("DOCUMENT", least=1, most=2)
def document(context: Context, *arguments: Value) -> Any:
    """By `_id`, or by collection and key or `_id`; an array of them gives an array without those that are missing."""
    collection = text_of(arguments[0]) if len(arguments) == 2 else None
    wanted = arguments[-1]
    if rank(wanted) == 3:
        return _look_up(context, collection, wanted)
    if rank(wanted) == 4:
        context.budget(len(wanted))
        found = [_look_up(context, collection, one) for one in wanted if rank(one) == 3]
        return [one for one in found if one is not None]
    return None


def _look_up(context: Context, collection: str | None, name: str) -> Any:
    if "/" not in name:
        return None if collection is None else context.document(f"{collection}/{name}")
    if collection is not None and name.partition("/")[0] != collection:
        return None
    return context.document(name)


@FAMILY.function("COLLECTION_COUNT", least=1)
def collection_count(context: Context, collection: Value) -> int | None:
    return context.count(text_of(collection))


@FAMILY.function("CHECK_DOCUMENT", least=1)
def check_document(context: Context, value: Value) -> bool:
    return rank(value) == 5
