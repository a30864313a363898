"""What a language model says, made safe: the answer read out of its text, its words checked before a shot bears them.

A model may wrap its JSON, cut it short, spoil one entry of many or copy the script's own orders; what is sound in an
answer is kept, and each thing that is not is named in one sentence that can be said to the model.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import from_json

from shotwright.model.language import MAX_REPLY_CHARS

if TYPE_CHECKING:
    from collections.abc import Sequence

A = TypeVar("A", bound=BaseModel)

MAX_ITEMS = 2000
MAX_DEPTH = 12
_FENCE = re.compile(r"^\s*```[a-zA-Z]*\s*|\s*```\s*$")
_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|$)", re.DOTALL | re.IGNORECASE)
_MARKUP = re.compile(r"https?://|www\.|[{}<>\[\]|\\`]|\*\*|^#|^\s*[-*•]\s", re.IGNORECASE)
_OUT_OF_PLACE = re.compile(
    r"\b(as an ai|language model|i'?m sorry|i am sorry|i cannot|i can'?t (?:help|assist|comply)|ignore (?:all|your|the|"
    r"any|previous)|previous instructions|system prompt|json|schema|placeholder|lorem ipsum|"
    r"your (?:sentence|text) here|one sentence|present tense)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w'’]+")
_LONGEST_QUOTE = 7
"""So many words in a row of the script are no longer the model's own wording."""


class Refused(Exception):
    """Why a text is not taken, as one clause: `it is empty`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def sentence(text: object, *, most: int = 200, least_words: int = 2, apart_from: Sequence[str] = ()) -> str:
    """A model's words as one clean line: spaces joined, quotation marks around it gone, a full stop at its end.

    `most` is in characters. `apart_from`: texts of the script; words of theirs may be used, but no run of eight.
    Raises Refused.
    """
    if not isinstance(text, str):
        raise Refused("it is no text")
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    if len(clean) >= 2 and clean[0] in "\"'“‘" and clean[-1] in "\"'”’":
        clean = clean[1:-1].strip()
    words = _WORD.findall(clean)
    if not words:
        raise Refused("it is empty")
    if len(words) < least_words:
        raise Refused(f"it has fewer than {least_words} words")
    if len(clean) > most:
        raise Refused(f"it is longer than {most} characters")
    if any(unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn", "Cs") for c in clean):
        raise Refused("it holds characters that cannot be shown")
    if found := _MARKUP.search(clean):
        raise Refused(f"it holds markup ({found.group().strip()})")
    if found := _OUT_OF_PLACE.search(clean):
        raise Refused(f"it does not speak of the film (“{found.group()}”)")
    if len(words) >= 8 and len({w.casefold() for w in words}) * 3 < len(words):
        raise Refused("it repeats itself")
    if run := copied(words, apart_from):
        raise Refused(f"it copies the script (“{run}”)")
    return clean if clean[-1] in ".!?…。！？" else clean.rstrip(",;:-– ") + "."


def phrase(text: object, *, most: int = 120, apart_from: Sequence[str] = ()) -> str:
    """Like `sentence`, but a phrase: one word will do, and no full stop is put at its end. Raises Refused."""
    return sentence(text, most=most, least_words=1, apart_from=apart_from).rstrip(".").rstrip()


def copied(words: Sequence[str], texts: Sequence[str]) -> str:
    """The first run of more than seven of the words that stands in one of the texts just so; empty when none does."""
    span = _LONGEST_QUOTE + 1
    if len(words) < span or not texts:
        return ""
    spelled = [w.casefold() for w in words]
    standing = [" " + " ".join(w.casefold() for w in _WORD.findall(text)) + " " for text in texts]
    for at in range(len(spelled) - span + 1):
        run = " ".join(spelled[at : at + span])
        if any(f" {run} " in text for text in standing):
            return " ".join(words[at : at + span])
    return ""


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """What could be read of a reply."""

    answer: BaseModel | None
    """None when nothing of it is an answer."""
    fault: str = ""
    """What is wrong with the reply as a whole, as one sentence; empty when all of it could be read."""


def read_answer(text: str, kind: type[A]) -> ReadAnswer:
    """The answer in a model's reply: fences, thoughts and talk around it are cut off, a reply that ends too early is
    read as far as it goes, and of a list the sound entries are taken."""
    body = _object_in(_FENCE.sub("", _THOUGHTS.sub("", text[:MAX_REPLY_CHARS])).strip())
    if not body:
        return ReadAnswer(None, "the reply is empty" if not text.strip() else "the reply holds no JSON object")
    whole = True
    try:
        tree = from_json(body)
    except ValueError:
        whole = False
        try:
            tree = from_json(body, allow_partial=True)
        except ValueError:
            return ReadAnswer(None, "the reply is not valid JSON")
    if not isinstance(tree, dict):
        return ReadAnswer(None, "the reply is not a JSON object")
    if _depth(tree) > MAX_DEPTH:
        return ReadAnswer(None, "the reply is nested too deep")
    fault = "" if whole else "the reply ends before its JSON does"
    try:
        return ReadAnswer(kind.model_validate(tree), fault)
    except (ValidationError, RecursionError):
        pass
    kept, dropped = _sound(tree, kind)
    try:
        return ReadAnswer(kind.model_validate(kept), fault or f"{dropped} entries of the answer do not fit the schema")
    except (ValidationError, RecursionError) as error:
        return ReadAnswer(None, _first(error))


def answer_schema(kind: type[BaseModel]) -> str:
    """The answer's JSON Schema, as short as it can be said: no titles, no defaults, nothing but what is declared."""
    return _schema(kind)


@cache
def _schema(kind: type[BaseModel]) -> str:
    tree = kind.model_json_schema()
    definitions = tree.pop("$defs", {})
    return json.dumps(_bare(tree, definitions), separators=(",", ":"), ensure_ascii=False)


def _bare(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_bare(n, definitions) for n in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _bare(definitions[node["$ref"].rpartition("/")[2]], definitions)
    kept = {
        k: {name: _bare(v, definitions) for name, v in value.items()}
        if k == "properties"
        else _bare(value, definitions)
        for k, value in node.items()
        if k not in ("title", "default", "description")
    }
    if kept.get("type") == "object":
        kept["additionalProperties"] = False
        kept["required"] = list(kept.get("properties", {}))
    return kept


def _object_in(text: str) -> str:
    """From the first brace on, to the last where there is one after it."""
    begin = text.find("{")
    if begin < 0:
        return ""
    end = text.rfind("}")
    if end > begin:
        try:
            from_json(text[begin : end + 1])
        except ValueError:
            return text[begin:]
        return text[begin : end + 1]
    return text[begin:]


def _depth(node: Any, at: int = 0) -> int:
    if at > MAX_DEPTH:
        return at
    if isinstance(node, dict):
        return max((_depth(v, at + 1) for v in node.values()), default=at + 1)
    if isinstance(node, list):
        return max((_depth(v, at + 1) for v in node), default=at + 1)
    return at


def _sound(tree: dict[str, Any], kind: type[BaseModel]) -> tuple[dict[str, Any], int]:
    """The tree with only those entries of its lists that are what the answer declares."""
    kept = dict(tree)
    dropped = 0
    for name, declared in kind.model_fields.items():
        value = kept.get(name)
        annotation = declared.annotation
        if get_origin(annotation) not in (list, tuple):
            continue
        if not isinstance(value, list):
            if name in kept:
                dropped += 1
            kept[name] = []
            continue
        entry = _adapter(get_args(annotation)[0])
        sound = []
        for item in value[:MAX_ITEMS]:
            try:
                entry.validate_python(item)
            except (ValidationError, RecursionError):
                dropped += 1
            else:
                sound.append(item)
        kept[name] = sound
    return kept, dropped


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"][:4])
        return f"the answer does not fit the schema at {where or 'its top'}: {first['msg'].lower()}"
    return "the answer is nested too deep"
