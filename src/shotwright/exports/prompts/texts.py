"""The four texts of one shot, in words that a video model can draw."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from shotwright.exports.film import word, words
from shotwright.model.ids import kind_of

if TYPE_CHECKING:
    from shotwright.exports.film import Film
    from shotwright.exports.prompts.wording import Wording
    from shotwright.model.shot import DialogueLine, Shot, Subject

NO_MUSIC = "No music, no subtitles."
MOST_TALKING_FACES = 2
"""Models mix up more: beyond them a line is heard from outside the frame, and the prompt is flagged."""

_WARMTH = ((-110, "a strong amber tint"), (-35, "a warm tint"), (35, "a neutral colour"), (110, "a cool tint"))
"""Mired of the key against the camera's white balance, up to and including -> words; beyond them: blue."""
_SHADOWS = ((2.0, "gentle shadows"), (4.0, "clear shadows"), (8.0, "deep shadows"))


class ShotWords:
    """One shot's texts. `talkers` are the faces in frame that speak, in order."""

    def __init__(self, shot: Shot, film: Film, wording: Wording) -> None:
        self._shot = shot
        self._film = film
        self._wording = wording
        self._camera = shot.technical_layer.camera
        subjects = shot.technical_layer.staging.subjects
        self._people = [s for s in subjects if kind_of(s.entity) == "character" and s.screen_position != "off"]
        self._things = [s for s in subjects if kind_of(s.entity) != "character" and s.screen_position != "off"]
        in_frame = {s.entity for s in self._people}
        self.talkers: list[str] = list(
            dict.fromkeys(
                speaker
                for line in shot.audio.dialogue
                if line.on_screen and line.voice in ("room", "phone")
                for speaker in line.speakers or (line.speaker,)
                if speaker in in_frame
            )
        )

        scene = film.scenes.get(shot.scene_id)
        staged: set[str] = {s.entity for s in subjects}
        # Whoever is in the frame is meant first; the rest of the scene's people may be spoken of.
        self._present = staged or ({str(p.character) for p in scene.presences} if scene else set())

    def _clean(self, text: str) -> str:
        return self._wording.clean(text, self._present)

    def still(self) -> str:
        """The first frame: size, who and what is in it and how they stand, the place, the light, the style."""
        staged = [self._placed(s) for s in self._people if not s.foreground]
        return _sentences(self._view, *staged, self._foreground, self._objects, self._setting, self._light, self._style)

    def motion(self) -> str:
        """Only what changes between the first frame and the last."""
        return _sentences(
            self._action, *self._poses(), self._speaking, self._closed_mouths, *self._light_events(), self._move
        )

    def full(self) -> str:
        """Everything that text-to-video needs, one camera move and one chain of action."""
        staged = [
            f"{self._dressed(s)}, {word('screen_position', s.screen_position)}"
            for s in self._people
            if not s.foreground
        ]
        return _sentences(
            self._view, *staged, self._foreground, self._objects, self._action, *self._poses(),
            self._clean(self._shot.narrative_layer.character_performance), self._speaking, self._closed_mouths,
            self._setting, self._light, *self._light_events(), self._move, self._style,
        )  # fmt: skip

    def sound(self) -> str:
        """Who says what and in which tone, the sounds in step with the picture, and what must not be heard."""
        lines = [self._line(line) for line in self._shot.audio.dialogue]
        effects = [self._clean(e.name).lower() for e in self._shot.audio.sound_effects if e.category == "SFX"]
        heard = f"Sounds in step with the picture: {', '.join(dict.fromkeys(effects))}" if effects else ""
        return " ".join(part for part in (*(lines or ["Nobody speaks."]), _sentences(heard), NO_MUSIC) if part)

    @cached_property
    def _view(self) -> str:
        camera = self._camera
        parts = [
            f"{word('shot_size', camera.shot_size)}, {word('framing', camera.framing)}, {word('angle', camera.angle)}"
        ]
        if camera.roll != "level":
            parts.append(word("roll", camera.roll))
        if self._people and camera.framing not in ("insert", "empty"):
            parts.append(word("body", camera.shot_size))
        lens = "macro lens" if camera.lens.macro else word("lens", camera.lens.lens_class)
        parts.append(f"{lens}, {word('depth_of_field', camera.depth_of_field)}")
        return "; ".join(parts)

    def _placed(self, subject: Subject) -> str:
        """`The woman in the green oilskin, sitting on the left of frame, facing the camera, looking to the right`."""
        parts = [
            self._dressed(subject),
            f"{word('pose', subject.pose_start)} {word('screen_position', subject.screen_position)}",
        ]
        if subject is self._people[0] and self._camera.framing != "over_the_shoulder":
            parts.append(word("facing", self._camera.facing))
        if subject.gaze is not None:
            parts.append(f"looking {self._gaze(subject)}")
        for hand, held in (("left", subject.hands.left), ("right", subject.hands.right)):
            if held:
                parts.append(f"{self._wording.tag(held)} in the {hand} hand")
        return ", ".join(parts)

    def _gaze(self, subject: Subject) -> str:
        gaze = subject.gaze
        if gaze is None or gaze.target == "nowhere":
            return "into space"
        direction = word("screen_direction", gaze.screen_direction)
        if gaze.target == "camera":
            return "into the camera"
        target = "the road" if gaze.target == "road" else self._wording.tag(gaze.target)
        return f"{direction} at {target}" if target else direction

    def _dressed(self, subject: Subject) -> str:
        """The tag, and the clothes of the moment unless the tag already says them."""
        tag = self._wording.tag(subject.entity)
        look = self._film.looks.get(subject.look)
        garments = [self._clean(c).lower() for c in look.clothes] if look else []
        # A tag that says what somebody wears stays true in every shot: a second garment would argue with it.
        unsaid = [g for g in garments if g] if " in " not in tag else []
        condition = ", ".join(filter(None, (self._clean(state).lower() for state in subject.condition)))
        worn = f", wearing {_listed([_a(g) for g in unsaid])}" if unsaid else ""
        return f"{tag}{worn}, {condition}" if condition else f"{tag}{worn}"

    @cached_property
    def _foreground(self) -> str:
        over = [self._wording.tag(s.entity) for s in self._people if s.foreground]
        return f"in the foreground, out of focus, the shoulder of {_listed(over)}" if over else ""

    @cached_property
    def _objects(self) -> str:
        things = dict.fromkeys(self._wording.tag(s.entity) for s in self._things)
        if not things and self._camera.framing == "insert":
            things = {self._wording.tag(self._camera.focus.on): None}
        return f"in frame: {_listed(list(things))}" if things else ""

    @cached_property
    def _action(self) -> str:
        text = self._shot.narrative_layer.action_description
        for shown in self._shot.on_screen_text:
            # Words on screen are put in afterwards: a model that is asked for them draws nonsense letters.
            text = re.sub(rf"\s*[:“\"']?\b{re.escape(shown)}\b[”\"']?", "", text) if shown else text
        return self._wording.with_subject(self._clean(text), [s.entity for s in self._people])

    def _poses(self) -> list[str]:
        """How everyone begins and ends; those who stay as they are, together."""
        changed: list[str] = []
        still: dict[str, list[str]] = {}
        for subject in self._people:
            if subject.foreground:
                continue
            tag = self._wording.tag(subject.entity)
            start, end = word("pose", subject.pose_start), word("pose", subject.pose_end)
            if start == end:
                still.setdefault(start, []).append(tag)
            else:
                changed.append(f"{tag} starts {start} and ends {end}")
            travel = subject.travel
            if travel is not None:
                way = word("screen_direction", travel.screen_direction)
                verb = "enters the frame moving" if travel.enters else "moves"
                changed.append(f"{tag} {'leaves the frame moving' if travel.exits else verb} {way}")
        stayed = [f"{_listed(tags)} {'stays' if len(tags) == 1 else 'stay'} {pose}" for pose, tags in still.items()]
        return [*changed, *stayed]

    @cached_property
    def _speaking(self) -> str:
        faces = [self._wording.tag(who) for who in self.talkers[:MOST_TALKING_FACES]]
        return f"{_listed(faces)} {'speaks' if len(faces) == 1 else 'speak in turn'}, lips moving" if faces else ""

    @cached_property
    def _closed_mouths(self) -> str:
        silent = [
            self._wording.tag(s.entity)
            for s in self._people
            if s.entity not in self.talkers and s.mouth != "open" and not s.foreground
        ]
        return f"{_listed(silent)}: mouth closed" if silent and self._shot.audio.dialogue else ""

    @cached_property
    def _setting(self) -> str:
        plate = self._shot.technical_layer.staging.plate.partition(" side ")[0]
        scene = self._film.scenes.get(self._shot.scene_id)
        place = self._wording.tag(plate or (scene.location if scene else ""))
        indoors = scene.slugline.int_ext if scene else ""
        where = {"INT": "interior, ", "EXT": "exterior, ", "EST": "exterior, "}.get(indoors, "")
        return f"{where}{place or 'the place'} {word('time_of_day', self._shot.technical_layer.lighting.time_of_day)}"

    @cached_property
    def _light(self) -> str:
        light = self._shot.technical_layer.lighting
        sources = _listed([word("light_source", source) for source in light.source])
        motive = self._clean(light.motivated_by).lower()
        direction = _listed([word("light_direction", d) for d in light.direction])
        mired = 1e6 / self._camera.white_balance_k - 1e6 / light.color_temperature_k
        tint = next((words_ for limit, words_ in _WARMTH if mired <= limit), "a blue tint")
        shadows = next((words_ for limit, words_ in _SHADOWS if light.contrast_ratio <= limit), "near-black shadows")
        lit = f"{word('light_quality', light.quality)} {direction}"
        if sources:
            lit += f", from {sources}"
        if motive and motive not in sources:
            lit += f", as if from {_the(motive)}"
        practicals = [self._clean(p).lower() for p in light.practicals]
        seen = f"; in the picture glow {_listed([_the(p) for p in practicals if p])}" if any(practicals) else ""
        return f"{lit}, {tint}, {shadows}, {word('key_style', light.key_style)}{seen}"

    def _light_events(self) -> list[str]:
        events = self._shot.technical_layer.lighting.events
        return [f"{self._clean(e.what)} {'comes on' if e.on else 'goes off'}" for e in events]

    @cached_property
    def _move(self) -> str:
        """One move: the camera's, or where the camera is still the lens's."""
        move = self._camera.movement
        speed = word("speed", move.speed) if move.speed != "none" else ""
        if move.type == "static" and self._camera.lens.zoom:
            return " ".join(part for part in (word("zoom", self._camera.lens.zoom), speed) if part)
        parts = [" ".join(part for part in (word("movement", move.type), speed) if part)]
        if move.support in words("support"):
            parts.append(word("support", move.support))
        if move.type == "static" and self._camera.focus.pull_to:
            on, to = self._wording.tag(self._camera.focus.on), self._wording.tag(self._camera.focus.pull_to)
            parts.append(f"and the focus shifts from {on} to {to}")
        start, end = self._clean(move.start), self._clean(move.end)
        if move.type != "static" and start and end and start != end:
            parts.append(f"from {_inside(start)} to {_inside(end)}")
        return ", ".join(parts)

    @cached_property
    def _style(self) -> str:
        context = self._shot.contextual_layer
        style = [self._clean(s) for s in (self._film.settings.style, *context.genre_aesthetics[:2])]
        mood = self._clean(context.tone_and_mood)
        parts = [f"style: {', '.join(_inside(s) for s in style if s)}" if any(style) else ""]
        parts.append(f"mood: {_inside(mood)}" if mood else "")
        return "; ".join(part for part in parts if part)

    def _line(self, line: DialogueLine) -> str:
        speakers = line.speakers or (line.speaker,)
        tag = _listed([self._wording.tag(s) for s in speakers])
        tone = self._clean(line.delivery.strip("() ")).lower()
        seen = line.on_screen and any(s in self.talkers[:MOST_TALKING_FACES] for s in speakers)
        if line.voice == "voice_over":
            how = f"The voice of {tag}, over the picture, nobody's lips moving"
        elif line.voice == "phone" and not seen:
            how = f"The voice of {tag}, thin through a telephone"
        elif seen:
            how = f"{tag[:1].upper()}{tag[1:]} says"
        else:
            how = f"The voice of {tag} from outside the frame"
        toned = f"{how}, {tone}" if tone else how
        # The words are the script's own, to the letter: a tag in them would be spoken.
        said = line.text.replace('"', "'")
        return f'{toned}: "{said}"'


def _sentences(*parts: str) -> str:
    """Parts as sentences: a capital first, one full stop last, empty ones left out."""
    made = []
    for part in parts:
        text = part.strip().rstrip(",;: ")
        if text:
            text = text[:1].upper() + text[1:]
            made.append(text if text.endswith((".", "!", "?", "…", "。", "！", "？")) else f"{text}.")
    return " ".join(made)


def _listed(items: list[str]) -> str:
    items = [item for item in items if item]
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def _inside(text: str) -> str:
    """A phrase made to stand inside a sentence."""
    text = text.rstrip(".!? ")
    return text[:1].lower() + text[1:]


def _a(noun: str) -> str:
    if noun.startswith(("a ", "an ", "the ", "his ", "her ", "their ")) or (
        noun.endswith("s") and not noun.endswith("ss")
    ):
        return noun
    return f"an {noun}" if noun[:1] in "aeiou" else f"a {noun}"


def _the(noun: str) -> str:
    return noun if noun.startswith(("a ", "an ", "the ", "his ", "her ", "their ")) else f"the {noun}"
