"""Who the action introduces: names in capitals with an age, a human noun or a description, and ages given later."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shotwright.crew.architect.lexicon import people, things, verbs
from shotwright.crew.architect.naming import plain

_CAPWORD = r"(?:[A-ZÀ-ÞА-ЯЁ][A-ZÀ-ÞА-ЯЁ'’\-]*(?:\.(?=\s[A-Z]))?|#\d+)"
_RUN = re.compile(rf"(?<![\w'’]){_CAPWORD}(?:\s+(?:{_CAPWORD}|of|the))*(?:\s+#\d+)?(?![\w])")
_AGE_AFTER = re.compile(
    r"\s*(?:,\s*(?:now\s+|only\s+|about\s+|age[d]?\s+|maybe\s+|barely\s+|just\s+|a\s+|an\s+|in\s+(?:his|"
    r"her|their)\s+|"
    r"(?:early|mid|late)[\s-]+|still about\s+)*|\s*\((?:now\s+|age[d]?\s+|early\s+|mid[\s-]*|late\s+)*|"
    r"\s+--?\s*still about\s+|\s+is\s+)"
    r"(\d{1,3}(?:['’]?s)?|twenties|thirties|forties|fifties|sixties|seventies|eighties)\b(?!\s*(?:dollars|"
    r"miles|feet|pounds|minutes|hours))",
    re.IGNORECASE,
)
_AGE_BEFORE = re.compile(
    r"\b(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety)[\s-]years?[\s-]old\s+(?:\w+\s+){0,2}?$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Introduction:
    """One naming of somebody in action."""

    name: str
    """As written, upper case, plain quotes."""
    scene: int
    unit: str
    age: str
    description: str
    sentence: str
    before: str
    """The words just before the name, lower case."""
    strong: bool
    """True when an age, a human noun or a description marks a person for certain."""
    animal: bool = False


def capital_runs(text: str) -> list[tuple[int, int, str]]:
    """Every run of words in capitals of a sentence: (start, end, run), single letters left out."""
    found = []
    for match in _RUN.finditer(text):
        run = match.group()
        while run and run.split(" ")[-1] in ("of", "the"):
            run = run.rsplit(" ", 1)[0]
        letters = [c for c in run if c.isalpha()]
        if len(letters) > 2:
            found.append((match.start(), match.start() + len(run), run))
    return found


def introductions(sentence: str, scene: int, unit: str, known: frozenset[str]) -> list[Introduction]:
    """The introductions of one action sentence. `known` holds the cues, so that a name in capitals is
    told from a noise."""
    text = plain(sentence)
    if text.isupper() and text.endswith(":"):
        return []
    words = people()
    out = []
    for start, end, raw in capital_runs(text):
        run = raw.strip(" .'-")
        run = re.sub(r"'S$", "", run) if run.upper() not in known else run
        tokens = run.lower().split(" ")
        while tokens and (tokens[0] in words.articles or tokens[0].strip(".") in _LEAD):
            tokens = tokens[1:]
        if not tokens:
            continue
        name = " ".join(tokens).upper()
        after = text[end:]
        before = text[:start].lower()
        age = _AGE_AFTER.match(after)
        back = _AGE_BEFORE.search(before)
        human = _human(tokens)
        cued = name in known or run.upper() in known or (len(tokens) in (2, 3) and _holds_a_cue(tokens, known))
        if _not_a_person(tokens, human, cued):
            continue
        description = _description(after[age.end() :] if age else after)
        strong = bool(age) or human or cued or (bool(description) and _named_like(before))
        years = age.group(1) if age else (back.group(1) if back else "")
        found = Introduction(name, scene, unit, years, description, text, before[-40:], strong)
        if not human and not cued and is_animal(found):
            found.strong = found.animal = True
        out.append(found)
    return out


_LEAD = frozenset(
    ("on", "angle", "close", "reveal", "back", "to", "by", "and", "with", "favoring", "off", "reverse", "is", "of")
)


def _holds_a_cue(tokens: list[str], known: frozenset[str]) -> bool:
    """True of a full name one of whose ends is a cue: JACOB BILLUPS, where BILLUPS speaks."""
    return any(
        token.upper() in known and token not in people().nouns and token not in people().groups
        for token in (tokens[0], tokens[-1])
    )


def _human(tokens: list[str]) -> bool:
    words = people()
    last = tokens[-1]
    if last.startswith("#") and len(tokens) > 1:
        last = tokens[-2]
    return last in words.nouns or last in words.groups or last.removesuffix("s") in words.nouns or last == "voices"


def _named_like(before: str) -> bool:
    return bool(re.search(r"\b(?:named|called|this is|her name is|his name is|must be|meet)\s*$", before))


def _not_a_person(tokens: list[str], human: bool, cued: bool) -> bool:
    words = people()
    if cued and len(tokens) <= 4:
        return False
    if all(token.strip(".") in words.not_people or token in words.sounds for token in tokens):
        return True
    if not human and any(token.strip(".") in words.not_people for token in tokens[:1]):
        return True
    if not human and tokens[-1] in things().kind:
        return True
    return len(tokens) == 1 and not human and (tokens[0] in words.sounds or tokens[0] in verbs().forms)


_DESCRIBED = re.compile(r"^\s*(?:\)\s*)?(?:,|\(|--?|—|–)\s*(.+)$")
_ENDS = re.compile(
    r"\s(?:is|are|was|sits?|stands?|enters?|walks?|looks?|drives?|rides?|lies|listens|tells|eats|comes)\b|"
    r"[.;:!?]|\s--|—"
)


def _description(after: str) -> str:
    """The words of introduction that follow a name, up to the verb or the end of the clause."""
    match = _DESCRIBED.match(after) or re.match(r"^\s*(?:'?s)?\s*\)?\s*(?:and|in|with)\s+(.+)$", after)
    if not match:
        return ""
    text = match.group(0).strip(" ,()-—–")
    stop = _ENDS.search(text)
    text = (text[: stop.start()] if stop else text).strip(" ,()-—–")
    text = _acts(text)
    if (
        len(text) < 3
        or re.match(r"(?:and|with) [A-Z]{2}", text)
        or re.search(r"[A-Z]{3,} (?:and|,)|[a-z], (?:the )?[A-Z]{3}|[A-Z]{3,} and the", text)
        or _NOT_DESCRIBING.match(text)
        or re.search(r"(?i)\b(?:to|of|from|with|his good|the|a|an)$", text)
        or text.istitle()
    ):
        return ""
    return re.sub(r"^and ", "", text)[:90]


_NOT_DESCRIBING = re.compile(
    r"(?:and )?(?:the [A-Z]|everyone|someone|from whom|who turns|it\b|all the|we\b|he\b|she\b)"
)


def _acts(text: str) -> str:
    """A description up to the part in which somebody does something: `a clerk, waits` -> `a clerk`."""
    kept = []
    for part in text.split(", "):
        first = part.split(" ")[0].removeprefix("and ")
        if first.endswith("s") and first in verbs().forms and first not in _NOUN_LIKE:
            break
        kept.append(part)
    return ", ".join(kept)


_NOUN_LIKE = frozenset(("hands", "eyes", "glasses", "boots", "looks", "arms"))


_PRESENTED = re.compile(
    r"^(?:And )?(?:this|it) (?:is|must be) (?P<name>(?:[Tt]he )?[A-Z][\w'-]+)\s*[.,!]", re.IGNORECASE
)


def presented_animal(text: str, previous: str, scene: int, unit: str) -> Introduction | None:
    """`This is The Beast.` after a sentence about an animal: an animal with a name, in capitals or not."""
    match = _PRESENTED.match(plain(text))
    if match is None or not _animal_in(previous):
        return None
    name = match.group("name")
    if not name.split(" ")[-1][:1].isupper():
        return None
    bare = name.upper().removeprefix("THE ")
    return Introduction(bare, scene, unit, "", "", text, "", True, True)


def is_animal(found: Introduction) -> bool:
    """True of a name that its own sentence gives to an animal: `a dog named REX`, `REX, a wolfhound`."""
    described = " ".join(plain(found.description).lower().split(" ")[:7])
    if _animal_in(described) and not _human(described.split(" ")[-1:] or [""]):
        return True
    before = re.findall(r"[a-z'-]+", found.before)[-4:]
    named = bool(before) and before[-1] in ("named", "called")
    return _animal_in(" ".join(before if named else before[-1:]))


def _animal_in(text: str) -> bool:
    kinds = things().kind
    return any(
        kinds.get(word) == "animal" or kinds.get(word.removesuffix("s")) == "animal"
        for word in re.findall(r"[a-z]+", text.lower())
    )
