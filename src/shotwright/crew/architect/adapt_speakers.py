"""Who says what in prose: tags, pronouns, beats of action, turns, and what narration is left when tags are gone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from shotwright.crew.architect.adapt_people import (
    VOCATIVE,
    VOICE,
    Company,
    Person,
    cue_of,
    gather_appositions,
    gather_described,
    gather_names,
    is_person_noun,
    narrator_of,
    vote_genders,
)
from shotwright.crew.architect.adapt_places import long_jump, time_passed
from shotwright.crew.architect.adapt_tags import Tag, after_speech, before_speech
from shotwright.model.prose import Attribution, Piece, Prose, Span, Speech

if TYPE_CHECKING:
    from collections.abc import Sequence

_PRONOUN = re.compile(
    r"(?:he|she|they|we|i|it|you|someone|somebody|everyone|everybody|"
    r"er|sie|il|elle|él|ella|lui|lei|ele|ela)$",
    re.IGNORECASE,
)
_ENGLISH = dict.fromkeys(("er", "il", "él", "lui", "ele"), "he") | dict.fromkeys(
    ("sie", "elle", "ella", "lei", "ela"), "she"
)
_STARTS_WITH = re.compile(
    r"(?:(?:Then|Now|And|But|So|Again|Still|Suddenly|Finally|At last|Slowly|Quietly),? )?(He|She|I|They|We)\b"
)
_WHO = re.compile(r"[Ww]ho are you|[Yy]our name|[Ww]ho['’]s (?:that|there)|[Ww]hat do (?:they|people) call you")
_ONLY_NAME = re.compile(r"([A-ZÀ-Þ][a-zß-ÿ]\w*)(?=[.,!]|$)")
_OWN_NAME = re.compile(r"\b(?:[Mm]y name is|[Mm]y name['’]s|[Cc]all me|[Tt]hey call me) ([A-ZÀ-Þ][a-zß-ÿ]\w*)")
_TELLS = re.compile(
    r"(?:My name (?:is|was)|(?:And |But |Even now,? |Now |Sometimes )?(?:I|we) "
    r"(?:had |have |could |do |did |would |must )?(?:not |never |always |still |often |only )?"
    r"(?:remember|knew|know|thought|think|believed?|wondered?|suppose|wish(?:ed)?|hoped?|imagined?|understood|understand|"
    r"guess(?:ed)?|reali[sz]ed|learn(?:ed|t)|confess|regret|dream(?:ed|t)|was born|was \w+ years? old|used to)\b|"
    r"(?:I|We)['’]d (?:have|never|always)\b|You (?:must|have to|should) know)"
)
"""The head of a sentence that a narrator can only tell."""
_PREDICATE = re.compile(
    r"(?:is|was|has|had|will|would|can|could|should|might|may|must|did|does|never|always|[a-z]+(?:ed|es))\b"
)
"""What goes on after a name that is no address: `“Mr. Stoat,” he said, “has been dead.”`"""
FORGOTTEN = 14
"""Paragraphs after which a pronoun no longer means somebody whom nothing has named since."""


@dataclass(slots=True)
class Moment:
    """A sentence of narration as it will be shown, or a part of a speech; `voice` is narration that is told over."""

    kind: Literal["action", "speech", "parenthetical", "voice"]
    text: str
    span: Span
    paragraph: int
    speech: int = 0
    """Number of the speech that it is a part of."""
    told: bool = False
    """Of action: as it stands in the prose."""


@dataclass(slots=True)
class Told:
    """Prose with its speeches given to people."""

    moments: list[Moment]
    speeches: list[Speech]
    company: Company
    narrator: str
    present: dict[int, set[str]] = field(default_factory=dict)
    """Paragraph -> cues of those whom it names or who speak in it."""


@dataclass(slots=True)
class _Draft:
    """A speech in the making."""

    spans: list[Span]
    paragraph: int
    person: Person | None
    by: Attribution
    sure: bool
    addressee: Person | None = None


def _named(who: str) -> bool:
    """Whether somebody is called by a name and not by a description, with which a sentence may begin too."""
    return who[:1].isupper() and re.match(r"(?:The|An?|His|Her|My|Their|Our|Another|One of) ", who) is None


def tell(prose: Prose) -> Told:
    """Every speech of the prose with its speaker, and the narration around it, in order."""
    return _Teller(prose).tell()


class _Teller:
    def __init__(self, prose: Prose) -> None:
        self.prose = prose
        self.company = Company()
        self.paragraphs: list[list[Piece]] = []
        for piece in prose.pieces:
            if piece.kind in ("narration", "quote"):
                if not self.paragraphs or self.paragraphs[-1][0].paragraph != piece.paragraph:
                    self.paragraphs.append([])
                self.paragraphs[-1].append(piece)
        self.breaks = {section.paragraphs[0] for section in prose.sections}
        self.drafts: list[_Draft] = []
        self.moments: list[Moment] = []
        self.present: dict[int, set[str]] = {}
        self.last_named: dict[int, tuple[int, int]] = {}
        """id of a person -> (paragraph, order) of the last mention."""
        self.order = 0
        self.turns: list[tuple[Person, int]] = []
        self.tags: dict[tuple[int, int], Tag] = {}
        self._row = 0
        self.since = 0
        """Paragraph where the last change of time or section was: who was there before may be gone."""
        self.narrator: Person | None = None

    def words(self, piece: Piece) -> str:
        return self.prose.words(piece.span)

    def said(self, piece: Piece) -> str:
        return self.prose.words(piece.words)

    def tell(self) -> Told:
        narration = [self.words(p) for para in self.paragraphs for p in para if p.kind == "narration"]
        quoted = [self.said(p) for para in self.paragraphs for p in para if p.kind == "quote"]
        gather_names(narration, quoted, self.company)
        gather_appositions(narration, self.company)
        self._read_tags()
        gather_described(narration, self.company)
        self._introduce()
        self.company.name_cues()
        vote_genders([[self.words(p) for p in para if p.kind == "narration"] for para in self.paragraphs], self.company)
        narrator = narrator_of(" ".join(narration), quoted, self.company)
        if narrator:
            self.narrator = next((p for p in self.company.people if p.cue == narrator), None) or Person(narrator)
        for pieces in self.paragraphs:
            self._read_paragraph(pieces)
        return Told(self.moments, self._speeches(), self.company, narrator, self.present)

    def _read_tags(self) -> None:
        """Finds the tag of every speech that has one, and everybody whom tags name."""
        for row, pieces in enumerate(self.paragraphs):
            for at, piece in enumerate(pieces):
                if piece.kind != "quote":
                    continue
                before = pieces[at - 1] if at else None
                after = pieces[at + 1] if at + 1 < len(pieces) else None
                if before is not None and before.kind == "narration" and (row, at - 1) not in self.tags:
                    tag = before_speech(self.words(before))
                    if tag.verb:
                        self.tags[(row, at - 1)] = tag
                        self._meet(tag.who)
                        continue
                if after is not None and after.kind == "narration":
                    tag = after_speech(self.words(after), self.said(piece))
                    if tag.verb or tag.parenthetical:
                        self.tags[(row, at + 1)] = tag
                        self._meet(tag.who)
                        if is_person_noun(tag.to) and not _named(tag.to):
                            self._meet(tag.to)

    def _introduce(self) -> None:
        """Gives those who say their own name that name: `“Tom,” said the boy. “Tom Addy.”`"""
        asked = ""
        for row, pieces in enumerate(self.paragraphs):
            said = " ".join(self.said(p) for p in pieces if p.kind == "quote")
            own = _OWN_NAME.search(said) or (_ONLY_NAME.match(said) if _WHO.search(asked) else None)
            if own is not None:
                tags = [self.tags[(row, at)] for at in range(len(pieces)) if (row, at) in self.tags]
                who = next((t.who for t in tags if t.who and not _PRONOUN.match(t.who)), "")
                person = self.company.find(who) if who else None
                if person is not None and not person.named:
                    self.company.call(own[1], person)
            asked = said or asked

    def _meet(self, who: str) -> None:
        if who and not _PRONOUN.match(who):
            self.company.add(who, named=_named(who))

    def _read_paragraph(self, pieces: list[Piece]) -> None:
        row = pieces[0].paragraph
        first = next((self.words(p) for p in pieces[:1] if p.kind == "narration"), "")
        passed = time_passed(first)
        if row in self.breaks or (passed and long_jump(passed)):
            self.turns = []
            self.since = row
        index = self._row
        held: list[_Draft] = []
        for at, piece in enumerate(pieces):
            tag = self.tags.get((index, at))
            if piece.kind == "quote":
                self._read_quote(pieces, at, index, held)
            elif tag is not None:
                self._note(self.words(piece), row)
                self._show_tag(pieces, at, tag, held)
            else:
                self._show(pieces, at)
        self._row += 1
        for draft in held:
            if draft.person is not None:
                self.turns.append((draft.person, row))
        self.turns = self.turns[-6:]

    def _note(self, text: str, row: int) -> None:
        for _, person in self.company.mentioned(text):
            self._name(person, row)

    def _name(self, person: Person, row: int) -> None:
        self.order += 1
        self.last_named[id(person)] = (row, self.order)
        self.present.setdefault(row, set()).add(person.cue)

    def _show(self, pieces: list[Piece], at: int) -> None:
        """Narration without a tag: verbatim, as a sentence where a speech cut it."""
        piece = pieces[at]
        text = self.words(piece)
        self._note(text, piece.paragraph)
        beside_before = at > 0 and pieces[at - 1].kind == "quote"
        beside_after = at + 1 < len(pieces) and pieces[at + 1].kind == "quote"
        shown = text
        if beside_after and text[-1:] in ",:—–-;":
            shown = before_speech(text).action or text
        if beside_before and shown[:1].islower():
            shown = after_speech(shown, "").action or shown
        if any(c.isalnum() for c in shown):
            over = self.narrator is not None and shown == text and _TELLS.match(text) is not None
            kind: Literal["voice", "action"] = "voice" if over else "action"
            self.moments.append(Moment(kind, shown, piece.span, piece.paragraph, told=shown == text))

    def _show_tag(self, pieces: list[Piece], at: int, tag: Tag, held: list[_Draft]) -> None:
        piece = pieces[at]
        leads = not (at > 0 and pieces[at - 1].kind == "quote" and held)
        number = len(self.drafts) if not leads else 0
        if tag.parenthetical and not leads:
            self.moments.append(Moment("parenthetical", tag.parenthetical, piece.span, piece.paragraph, number))
        if tag.action:
            self.moments.append(Moment("action", tag.action, piece.span, piece.paragraph))
        if tag.parenthetical and leads:
            # It belongs to the speech that follows.
            self.moments.append(Moment("parenthetical", tag.parenthetical, piece.span, piece.paragraph, -1))

    def _read_quote(self, pieces: list[Piece], at: int, index: int, held: list[_Draft]) -> None:
        piece = pieces[at]
        words = self.said(piece)
        tag = self._tag_of(index, at, pieces)
        if piece.reopened and self.drafts:
            draft = self.drafts[-1]
            draft.spans.append(piece.words)
            held.append(draft)
        else:
            after = next((self.said(p) for p in pieces[at + 1 :] if p.kind == "quote"), "")
            subject = " " not in words.strip(" ,").removeprefix("Mr. ").removeprefix("Mrs. ") and _PREDICATE.match(
                after
            )
            addressee = (None if subject else self._addressed(words)) or (
                self._named(tag.to) if tag is not None else None
            )
            person, by, sure = self._speaker(pieces, at, tag, held, addressee)
            last = held[-1] if held else None
            if last is not None and last.person is person and self._goes_on(pieces, at):
                last.spans.append(piece.words)
            else:
                draft = _Draft([piece.words], piece.paragraph, person, by, sure, addressee)
                self.drafts.append(draft)
                held.append(draft)
            if person is not None:
                self._name(person, piece.paragraph)
        number = len(self.drafts)
        for moment in reversed(self.moments):
            if moment.kind != "parenthetical" or moment.speech != -1:
                break
            moment.speech = number
        self.moments.append(Moment("speech", words, piece.words, piece.paragraph, number))

    def _tag_of(self, index: int, at: int, pieces: Sequence[Piece]) -> Tag | None:
        """The tag that names a quote's speaker: before it, unless that one belongs to the quote before; else after."""
        before = self.tags.get((index, at - 1)) if at else None
        if before is not None and not (at >= 2 and pieces[at - 2].kind == "quote" and self._ends_open(index, at - 2)):
            return before
        return self.tags.get((index, at + 1))

    def _ends_open(self, index: int, at: int) -> bool:
        """Whether the quote at `at` took the tag after it for its own."""
        tag = self.tags.get((index, at + 1))
        before = self.tags.get((index, at - 1)) if at else None
        text = self.words(self.paragraphs[index][at + 1])
        return (
            tag is not None and before is None and after_speech(text, self.said(self.paragraphs[index][at])).verb != ""
        )

    def _goes_on(self, pieces: list[Piece], at: int) -> bool:
        """Whether a quote carries on the one before it: nothing but a tag between, or the sentence is not over."""
        between: list[Moment] = []
        for moment in reversed(self.moments):
            if moment.kind == "speech":
                break
            between.append(moment)
        if not any(moment.kind == "action" for moment in between):
            return True
        return self.said(pieces[at])[:1].islower()

    def _speaker(
        self, pieces: list[Piece], at: int, tag: Tag | None, held: list[_Draft], addressee: Person | None
    ) -> tuple[Person | None, Attribution, bool]:
        row = pieces[at].paragraph
        if tag is not None and tag.who:
            return self._by_tag(tag.who, row, held, addressee)
        if held and held[-1].person is not None:
            return held[-1].person, "same", held[-1].sure
        for near in (at - 1, at + 1):
            if 0 <= near < len(pieces) and pieces[near].kind == "narration":
                who = self._subject(self.words(pieces[near]), row)
                if who is not None:
                    return who, "beat", True
        return self._by_turn(row, addressee)

    def _named(self, to: str) -> Person | None:
        return self.company.find(to) if to and not _PRONOUN.match(to) else None

    def _by_tag(
        self, who: str, row: int, held: list[_Draft], addressee: Person | None
    ) -> tuple[Person | None, Attribution, bool]:
        low = _ENGLISH.get(who.lower(), who.lower())
        if low == "i" or low == "we":
            return self._self(), "narrator", True
        if _PRONOUN.match(who):
            if held and held[-1].person is not None and low in ("he", "she"):
                return held[-1].person, "pronoun", held[-1].sure
            person, sure = self._pronoun(low, row, addressee)
            return person, "pronoun", sure
        return self.company.find(who) or self.company.add(who, named=_named(who)), "tag", True

    def _self(self) -> Person:
        if self.narrator is None:
            self.narrator = self._stand_in("NARRATOR", "")
        return self.narrator

    def _stand_in(self, cue: str, gender: str) -> Person:
        known = next((p for p in self.company.people if p.cue == cue), None)
        if known is None:
            known = self.company.add(cue.title(), named=False)
            known.cue, known.gender = cue, gender
        return known

    def _pronoun(self, low: str, row: int, addressee: Person | None) -> tuple[Person, bool]:
        """Whom a pronoun in a tag means: the last fitting name of the paragraph, whoever's turn it is, the last."""
        if low in ("they", "everyone", "everybody", "you"):
            return self._stand_in("VOICES", ""), False
        if low in ("someone", "somebody", "it"):
            return self._stand_in("VOICE", ""), False
        gender = "male" if low == "he" else "female"
        fitting = [p for p in self._recent(row) if p.gender in (gender, "") and p is not addressee]
        exact = [p for p in fitting if p.gender == gender]
        fitting = exact or [p for p in fitting if p.cue != "VOICE"] or fitting
        if not fitting:
            return self._stand_in("MAN" if gender == "male" else "WOMAN", gender), False
        here = [p for p in fitting if self.last_named[id(p)][0] == row]
        asked = self.drafts[-1].addressee if self.drafts and self.turns and self.turns[-1][1] >= row - 1 else None
        if not here and asked is not None and asked is not addressee and asked.gender in (gender, ""):
            chosen, sure = asked, True
        elif here:
            chosen, sure = here[0], True
        else:
            last = self.turns[-1] if self.turns else None
            others = [p for p in fitting if last is None or p is not last[0] or last[1] < row - 1]
            chosen = others[0] if others else fitting[0]
            sure = len(fitting) == 1 or len(others) == 1 or self._whose_turn(row) is chosen
        chosen.gender = chosen.gender or gender
        return chosen, sure

    def _recent(self, row: int) -> list[Person]:
        """Those lately named, the last first."""
        held = [
            (self.last_named[id(p)][1], p)
            for p in self.company.people
            if id(p) in self.last_named and self.last_named[id(p)][0] >= row - FORGOTTEN and p is not self.narrator
        ]
        ordered = [p for _, p in sorted(held, key=lambda item: -item[0])]
        return sorted(ordered, key=lambda p: self.last_named[id(p)][0] < self.since)

    def _whose_turn(self, row: int) -> Person | None:
        """The other one of two who are talking in turn."""
        if len(self.turns) < 2 or self.turns[-1][1] < row - 2:
            return None
        last = self.turns[-1][0]
        return next((p for p, _ in reversed(self.turns[:-1]) if p is not last), None)

    def _by_turn(self, row: int, addressee: Person | None) -> tuple[Person | None, Attribution, bool]:
        last = self.turns[-1] if self.turns and self.turns[-1][1] >= row - 3 else None
        if self.drafts and last is not None and last[1] >= row - 1:
            asked = self.drafts[-1].addressee
            if asked is not None and asked is not last[0] and asked is not addressee:
                return asked, "turn", True
        told = self._told_of(row)
        if told is not None and told is not addressee:
            return told, "beat", False
        turn = self._whose_turn(row)
        if turn is not None and turn is not addressee:
            return turn, "turn", self.turns[-1][1] >= row - 1
        others = [
            p
            for p in self._recent(row)
            if p is not addressee and (last is None or p is not last[0]) and self.last_named[id(p)][0] >= self.since
        ]
        here = self.narrator if self.narrator is not None and (last is None or last[0] is not self.narrator) else None
        if last is not None:
            if here is not None and not others:
                return here, "turn", True
            if others:
                return (here or others[0]), "turn", len(others) == 1 and here is None
            if addressee is not None and addressee is not last[0]:
                return last[0], "guess", False
        elif others:
            return others[0], "guess", len(others) == 1 and addressee is None
        if here is not None:
            return here, "guess", False
        return self._by_neighbours(row, last[0] if last is not None else None), "guess", False

    def _by_neighbours(self, row: int, last: Person | None) -> Person | None:
        """Who spoke before somebody unknown, else whoever else acts right after the talk."""
        if len(self.drafts) > 1 and self.drafts[-1].person is None and self.drafts[-1].paragraph == row - 1:
            return self.drafts[-2].person if self.drafts[-2].paragraph == row - 2 else None
        for after in self.paragraphs[self._row + 1 : self._row + 4]:
            if not any(piece.kind == "quote" for piece in after):
                who = self._subject(self.words(after[0]), after[0].paragraph)
                return who if who is not last else None
        return None

    def _told_of(self, row: int) -> Person | None:
        """Whom the paragraph before is about, where it is narration alone: the one who is about to speak."""
        if self._row == 0 or row in self.breaks:
            return None
        before = self.paragraphs[self._row - 1]
        if any(piece.kind == "quote" for piece in before):
            return None
        who = self._subject(self.words(before[0]), before[0].paragraph)
        told = [piece for piece in before if piece.kind == "narration"]
        if who is None and told:
            # Of the last sentence, where it is about one person alone: `By the door the clerk turned the ledger round.`
            named = {id(p): p for _, p in self.company.mentioned(self.words(told[-1]))}
            who = next(iter(named.values())) if len(named) == 1 else None
        return who if who is None or self.turns[-1:] != [(who, row - 2)] else None

    def _addressed(self, words: str) -> Person | None:
        """Whom a speech calls by name."""
        for match in VOCATIVE.finditer(words):
            name = (match[1] or match[2] or "").strip()
            person = self.company.find(name)
            if person is None and self.narrator is not None and cue_of(name) == self.narrator.cue:
                person = self.narrator
            if person is not None and not (match.start() == 0 and match.end() == len(words) - 1 and words[-1:] == "."):
                return person
        return None

    def _subject(self, text: str, row: int) -> Person | None:
        """Who a sentence is about, as far as its beginning tells."""
        if passed := time_passed(text):
            text = text[len(passed) :].lstrip(" ,")
        start = _STARTS_WITH.match(text)
        if start is not None:
            low = start[1].lower()
            if low in ("i", "we"):
                return self._self()
            if low == "they":
                return None
            person, _ = self._pronoun(low, row, None)
            return person
        if VOICE.match(text):
            return self._stand_in("VOICE", "")
        found = self.company.mentioned(text)
        return found[0][1] if found and found[0][0] <= 12 else None

    def _speeches(self) -> list[Speech]:
        return [
            Speech(
                number=number,
                spans=tuple(draft.spans),
                paragraph=draft.paragraph,
                speaker=draft.person.cue if draft.person else "",
                by=draft.by,
                addressee=draft.addressee.cue if draft.addressee else "",
                sure=draft.sure and draft.person is not None,
            )
            for number, draft in enumerate(self.drafts, 1)
        ]
