"""Text in other forms: hashes, base64, hexadecimal, URI components, JSON, IPv4 addresses, random tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import uuid
from functools import cache

from shotwright.aql.functions.calling import Context, Family, NoAnswer, integer, number_of, spell, text_of, weigh_text
from shotwright.aql.values import Value, rank, to_json, whole

FAMILY = Family("encoding")

_UNESCAPED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()")
_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_OCTET = r"(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])"
_IPV4 = re.compile(r"\.".join([_OCTET] * 4), re.ASCII)
_MOST_TOKEN = 65536
_JSON_DEPTH = 100


def _bytes(context: Context, value: Value) -> bytes:
    return spell(context, value).encode("utf-8", "surrogatepass")


@FAMILY.function("MD5", least=1)
def md5(context: Context, value: Value) -> str:
    return hashlib.md5(_bytes(context, value), usedforsecurity=False).hexdigest()


@FAMILY.function("SHA1", least=1)
def sha1(context: Context, value: Value) -> str:
    return hashlib.sha1(_bytes(context, value), usedforsecurity=False).hexdigest()


@FAMILY.function("SHA256", least=1)
def sha256(context: Context, value: Value) -> str:
    return hashlib.sha256(_bytes(context, value)).hexdigest()


@FAMILY.function("SHA512", least=1)
def sha512(context: Context, value: Value) -> str:
    return hashlib.sha512(_bytes(context, value)).hexdigest()


@cache
def _castagnoli() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        code = byte
        for _ in range(8):
            code = code >> 1 ^ (0x82F63B78 if code & 1 else 0)
        table.append(code)
    return tuple(table)


@FAMILY.function("CRC32", least=1)
def crc32(context: Context, value: Value) -> str:
    """With the polynomial of Castagnoli, in upper case without leading zeros."""
    data = _bytes(context, value)
    weigh_text(context, len(data))
    table, code = _castagnoli(), 0xFFFFFFFF
    for byte in data:
        code = table[(code ^ byte) & 0xFF] ^ code >> 8
    return f"{code ^ 0xFFFFFFFF:X}"


@FAMILY.function("FNV64", least=1)
def fnv64(context: Context, value: Value) -> str:
    """FNV-1a with 64 bits, in upper case without leading zeros."""
    data = _bytes(context, value)
    weigh_text(context, len(data))
    code = 0xCBF29CE484222325
    for byte in data:
        code = (code ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{code:X}"


@FAMILY.function("TO_BASE64", least=1)
def to_base64(context: Context, value: Value) -> str:
    return base64.b64encode(_bytes(context, value)).decode("ascii")


@FAMILY.function("TO_HEX", least=1)
def to_hex(context: Context, value: Value) -> str:
    return _bytes(context, value).hex()


@FAMILY.function("TO_CHAR", least=1)
def to_char(context: Context, value: Value) -> str:
    """The character with this code point."""
    code = int(number_of(value))
    if not 0 <= code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise NoAnswer
    return chr(code)


@FAMILY.function("ENCODE_URI_COMPONENT", least=1)
def encode_uri_component(context: Context, value: Value) -> str:
    data = _bytes(context, value)
    weigh_text(context, 3 * len(data))
    return "".join(chr(byte) if byte in _UNESCAPED else f"%{byte:02X}" for byte in data)


@FAMILY.function("JSON_STRINGIFY", least=1)
def json_stringify(context: Context, value: Value) -> str:
    text = to_json(value)
    weigh_text(context, len(text))
    return text


@FAMILY.function("JSON_PARSE", least=1)
def json_parse(context: Context, value: Value) -> Value:
    """Null for what is no JSON, or nests too deeply."""
    text = text_of(value)
    context.budget(len(text) // 8)
    if _depth(text) > _JSON_DEPTH:
        raise NoAnswer
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_number, parse_int=_number)
    except (ValueError, RecursionError) as error:
        raise NoAnswer from error


def _depth(text: str) -> int:
    """At most how many arrays and objects lie in one another; brackets in strings count too."""
    deepest = here = 0
    for character in text:
        if character in "[{":
            here += 1
            deepest = max(deepest, here)
        elif character in "]}":
            here -= 1
    return deepest


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _number(text: str) -> Value:
    if len(text) > 400:
        raise ValueError(text[:20])
    return whole(int(text)) if text.lstrip("-").isdigit() else whole(float(text))


@FAMILY.function("IPV4_FROM_NUMBER", least=1)
def ipv4_from_number(context: Context, value: Value) -> str:
    number = integer(number_of(value))
    if not 0 <= number < 1 << 32:
        raise NoAnswer
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))


@FAMILY.function("IPV4_TO_NUMBER", least=1)
def ipv4_to_number(context: Context, value: Value) -> int:
    match = _IPV4.fullmatch(text_of(value))
    if match is None:
        raise NoAnswer
    first, second, third, fourth = map(int, match.groups())
    return first << 24 | second << 16 | third << 8 | fourth


@FAMILY.function("IS_IPV4", least=1)
def is_ipv4(context: Context, value: Value) -> bool:
    return rank(value) == 3 and _IPV4.fullmatch(value) is not None


@FAMILY.function("RANDOM_TOKEN", least=1, repeatable=False)
def random_token(context: Context, length: Value) -> str:
    count = integer(length)
    if not 0 <= count <= _MOST_TOKEN:
        raise NoAnswer
    weigh_text(context, count)
    return "".join(random.choices(_ALPHABET, k=count))


@FAMILY.function("UUID", least=0, repeatable=False)
def random_uuid(context: Context) -> str:
    return str(uuid.uuid4())
