"""Speech tags taken apart: who speaks, what a parenthetical can say of it, and what is left as action.

`said Anna quietly, and put the cup down.` is Anna, (quietly), and `Anna put the cup down.` No word that shows
something is dropped: only the verb of speaking, its subject, and pronouns it is addressed to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from shotwright.crew.architect.adapt_people import is_person_noun
from shotwright.crew.architect.adapt_words import NAME, OWNER, PRONOUN, words
from shotwright.crew.architect.lexicon import people

LONGEST_PARENTHETICAL = 10
"""Words; what is longer is action."""

_ADVERB = re.compile(
    r"(?:\w+ly|again|aloud|at last|at once|then|softly|loud|low|back|a little|too|now|first|once more)\b"
)
_TO_WHOM = re.compile(rf"(?:to )?(?P<whom>him|her|them|me|us|himself|herself|{OWNER} [a-z][\w’'-]+|{NAME})\b")
_PREPOSITION = re.compile(
    r"(?:in|with|without|from|over|through|under|into|at|between|by|to|for|like|across|on|out of|behind|after|about|"
    r"above|below|beneath|beside|near|against|beyond|around|along|past|towards?)\b"
)
_OWN_SUBJECT = re.compile(rf"(?:{PRONOUN}\b|{OWNER} |{NAME} |there |nobody |everyone |nothing |something )")
_LEADS = re.compile(r"(?:and then|and|but|then|so),?\s+")
_TAKES_OBJECT = re.compile(
    r"(?:ask|told|tell|warn|beg|remind|order|urge|answer|interrupt|correct|assur|inform|promis|press)"
)
_ARTICLES = frozenset(
    ("the", "a", "an", "his", "her", "my", "their", "our", "mr", "mrs", "ms", "dr", "old", "young", "little")
)
_ENGLISH = re.compile(r"(?:he|she|they|we|i|it|the|a|an|his|her|as|with|without|in|on|at|for|to|when|while|who)\b")
_EMPTY = re.compile(r"[\s,.;:—–-]*$")
_SPOKEN_OF = re.compile(r"(?:nothing|no more|so|goodbye|good night|something|a word|it)\b")
_SUBORDINATE = re.compile(
    r"(?:when|as|while|before|after|until|once|because|since|though|although|if)\s+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Tag:
    """What a stretch of narration beside a speech says of it."""

    who: str = ""
    """As written: `the old man`, `she`; empty when the stretch is no tag."""
    verb: str = ""
    parenthetical: str = ""
    action: str = ""
    """What is left to show, as a sentence of its own; empty when the tag was all."""
    to: str = ""
    """Whom the speech is said to, as written."""


def after_speech(text: str, spoken: str) -> Tag:
    """The tag at the head of what follows a speech; `spoken` are the words before it."""
    bare = text.strip()
    last = spoken.rstrip("’'”\"*_ ")[-1:]
    found = words().tag_after.match(text)
    if found is None and _foreign(bare):
        return Tag(parenthetical=bare.strip(" ,.;:—–"))
    if found is None or (last == "." and not bare[:1].islower() and not spoken.endswith("...")):
        return Tag(action=_sentence(_LEADS.sub("", bare, count=1) if bare[:1].islower() else bare))
    who, verb = (found["who"], found["verb"]) if found["verb"] else (found["who2"], found["verb2"])
    rest = text[found.end() :]
    if found["verb"]:
        who, rest = _whole_noun(who, rest)
    lead, who = _without_lead(who)
    first = rest.lstrip()
    told = _TAKES_OBJECT.match(verb) is not None
    if first and rest[:1] == " " and not told:
        object_follows = re.match(rf"(?:{OWNER} |him\b|her\b|them\b|{NAME}\b)", first)
        if _SPOKEN_OF.match(first) or (object_follows and bare[:1].isupper() and last in "!?"):
            return Tag(action=_sentence(bare))
    parenthetical, action = _rest(rest, who, verb)
    return Tag(who, verb, _joined(lead, parenthetical), action, _to_whom(rest))


def _foreign(bare: str) -> bool:
    """Whether a scrap after a speech is most likely a tag in words that the rules do not know: `, ruft er.`"""
    head = bare.lstrip(" ,")
    return head[:1].islower() and len(bare.split()) <= 4 and not _LEADS.match(head) and not _ENGLISH.match(head)


def _to_whom(rest: str) -> str:
    found = _TO_WHOM.match(rest.strip()) if rest[:1] == " " else None
    return found["whom"] if found is not None else ""


def _whole_noun(who: str, rest: str) -> tuple[str, str]:
    """`the old` and ` man, turning` -> `the old man` and `, turning`: a noun phrase up to its noun."""
    if not re.match(rf"{OWNER} [a-z]", who) or is_person_noun(who):
        return who, rest
    more = re.match(r"(?: [a-z][\w’'-]+){1,2}", rest)
    tokens = more.group().split() if more else []
    for count in range(1, len(tokens) + 1):
        if is_person_noun(tokens[count - 1]):
            taken = " " + " ".join(tokens[:count])
            return who + taken, rest[len(taken) :]
    if tokens and not (_ADVERB.match(tokens[0]) or _PREPOSITION.match(tokens[0]) or tokens[0].endswith("ing")):
        taken = " " + tokens[0]
        if rest[len(taken) :][:1] in ("", ",", ".", ";", ":"):
            return who + taken, rest[len(taken) :]
    return who, rest


def _without_lead(who: str) -> tuple[str, str]:
    """`Finally Anna` -> (`finally`, `Anna`)."""
    first, _, name = who.partition(" ")
    low = first.lower()
    if name[:1].isupper() and low in words().function and low not in _ARTICLES | people().titles:
        return first.lower(), name
    return "", who


def before_speech(text: str) -> Tag:
    """The tag at the end of what leads to a speech: `She turned and said quietly,`."""
    bare = text.strip()
    body = bare.rstrip(",:—– ")
    if bare[-1:] not in ",:" and not body.endswith(("said", "asked", "says", "asks")):
        return Tag(action=bare)
    found = None
    for match in words().tag_before.finditer(body):
        found = match
    if found is not None and (found.start() == 0 or body[found.start() - 1] in " ,;—"):
        ahead = body[: found.start()].rstrip(" ,;—–")
        first, who = _without_lead(found["who"])
        manner, left = _rest(found["rest"], who, found["verb"])
        manner = _joined(first, manner)
        lead = re.sub(r"[\s,;]*\b(?:and then|and|then|but|so|when)$", "", ahead, flags=re.IGNORECASE).rstrip(" ,;")
        if lead and len(lead.split()) <= 4 and not _OWN_SUBJECT.match(lead):
            return Tag(who, found["verb"], _joined(lead.lower(), manner), left, _to_whom(found["rest"]))
        return Tag(who, found["verb"], manner, _joined_sentences(_main(lead), left), _to_whom(found["rest"]))
    verb = re.search(rf"[,\s](?:and then |and |then |but |, )?(?P<verb>{_verbs()})\b(?P<rest>[^.!?]{{0,60}})$", body)
    if verb is not None:
        subject = re.match(
            rf"(?:[\w ]+, )?(?P<who>{PRONOUN}\b|{OWNER} (?:[a-z][\w’'-]+ ){{0,3}}?[a-z][\w’'-]+|{NAME})", body
        )
        who = subject["who"] if subject else ""
        manner, left = _rest(verb["rest"], who, verb["verb"])
        return Tag(who, verb["verb"], manner, _joined_sentences(_sentence(body[: verb.start()].rstrip(" ,;")), left))
    return Tag(action=_sentence(body))


def _verbs() -> str:
    pattern = words().tag_after.pattern
    return pattern[pattern.index("(?P<verb>") + 9 : pattern.index(")(?: |")]


def _main(lead: str) -> str:
    """`When the rain stopped` -> `The rain stopped.`"""
    return _sentence(_SUBORDINATE.sub("", lead, count=1)) if lead else ""


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if any(c.isalnum() for c in part))


def _joined_sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _sentence(text: str) -> str:
    """A stretch as a sentence: a capital at its head, a stop at its end. The words stay."""
    bare = text.strip().rstrip(",;:").rstrip()
    bare = re.sub(r"\s*[—–](?=[.!?…]*$)", "", bare)
    if not bare or not any(c.isalnum() for c in bare):
        return ""
    head = next((i for i, c in enumerate(bare) if c.isalpha()), 0)
    if head == 0 or not any(c.isalnum() for c in bare[:head]):
        bare = bare[:head] + bare[head].upper() + bare[head + 1 :]
    return bare if re.search(r"[.!?…][\"”’'»)*_]*$", bare) else bare + "."


def _rest(rest: str, who: str, verb: str) -> tuple[str, str]:
    """(parenthetical, action) of what follows subject and verb in a tag."""
    manner = words().manner.get(verb, "")
    at = rest.strip()
    if manner == "calling out" and re.match(r"(?:back|down|up|after)\b", at):
        manner = "calling"
    if (whom := _TO_WHOM.match(at)) is not None and rest[:1] == " ":
        to, left = _whole_noun(whom["whom"], at[whom.end() :])
        at = left.lstrip()
        if to not in ("him", "her", "them", "me", "us"):
            manner = _joined(manner, f"to {to}")
    if (adverb := _ADVERB.match(at)) is not None:
        manner = f"{manner} {adverb.group()}" if manner and " " not in manner else _joined(manner, adverb.group())
        at = at[adverb.end() :]
    bare = at.strip()
    if _PREPOSITION.match(bare):
        cut = re.search(r"[,.;:]|\s(?:and|as|while|but|when)\s", bare)
        phrase = bare[: cut.start()] if cut else bare
        if len(phrase.split()) <= LONGEST_PARENTHETICAL:
            manner = _joined(manner, phrase.strip())
            at = bare[len(phrase) :]
    return _trailing(at, who, manner)


def _trailing(text: str, who: str, manner: str) -> tuple[str, str]:
    """What follows the tag and its manner: a short participle joins the parenthetical, the rest is shown."""
    if _EMPTY.match(text):
        return manner, ""
    bare = text.strip(" ,;:—–\n\t")
    if (when := words().jump.match(bare)) is not None and bare[when.end() :][:1] in ("", ",", "."):
        bare = bare[when.end() :].strip(" ,;:—–\n\t")
        if _EMPTY.match(bare):
            return manner, ""
    subject = who[:1].upper() + who[1:]
    first = bare.split()[0]
    one_clause = not re.search(r"[.!?;]\s", bare)
    if first.endswith("ing") and len(first) > 4 and one_clause:
        phrase = bare.rstrip(".,! ")
        if len(phrase.split()) <= LONGEST_PARENTHETICAL:
            return _joined(manner, phrase), ""
        return manner, _sentence(f"{subject}, {bare}")
    if first in ("who", "whose"):
        return manner, _sentence(f"{subject} {bare[4:].strip()}" if first == "who" else f"{subject}, {bare}")
    lead = _LEADS.match(bare)
    if lead is not None:
        clause = bare[lead.end() :]
        opens = re.match(r"[a-z]+ing\b[^,]*(?:, )", clause)
        if _OWN_SUBJECT.match(clause) or (opens is not None and _OWN_SUBJECT.match(clause[opens.end() :])):
            return manner, _sentence(clause)
        return manner, _sentence(f"{subject} {clause}")
    subordinate = re.match(r"(?:as|while|when|though|although) ", bare)
    if subordinate is not None and _OWN_SUBJECT.match(bare[subordinate.end() :]):
        return manner, _sentence(bare[subordinate.end() :])
    if _PREPOSITION.match(bare) or _ADVERB.match(bare):
        phrase = bare.rstrip(".,! ")
        if one_clause and len(phrase.split()) <= LONGEST_PARENTHETICAL:
            return _joined(manner, phrase), ""
        return manner, _sentence(f"{subject}, {bare}")
    if re.match(r"(?:his|her|their|my|its) ", bare):
        return manner, _sentence(f"{subject}, {bare}")
    return manner, _sentence(bare)
