"""Four texts a shot (still, motion, full, sound) and the request that a video model is to be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import ConfigDict, Field

from shotwright.craft.generators import generator, request_length
from shotwright.exports.prompts.requests import NEGATIVE, reference_pictures, request_for
from shotwright.exports.prompts.texts import MOST_TALKING_FACES, ShotWords
from shotwright.exports.prompts.wording import film_wording
from shotwright.model.ids import digest
from shotwright.model.value import Value

if TYPE_CHECKING:
    from shotwright.craft.generators import Generator
    from shotwright.exports.film import Film
    from shotwright.exports.prompts.wording import Wording
    from shotwright.model.shot import Shot

PromptFlag = Literal[
    "HANDLE_NONE", "HANDLE_SHORT", "TOO_LONG", "NO_FIRST_FRAME", "TALKING_FACES", "REFS_LEFT_OUT", "TEST_ZOOM_SIGN",
    "DIALOGUE_IN_POST",
]  # fmt: skip


class PromptTexts(Value):
    still: str
    """Look, place and light: for a picture of the first frame."""
    motion: str
    """Only what changes: for a model that is given the first frame."""
    full: str
    """Everything: for a model that is given words alone."""
    sound: str
    """Who says what, and how."""


class PromptReference(Value):
    """A picture that goes with the request."""

    asset: str
    picture: str = ""
    """File name beside the asset's TOML; empty where the library's pictures are not at hand."""
    tag: str


class PromptLength(Value):
    """What to ask for and where the clip lies in it; frames at the model's own rate."""

    request_seconds: float
    request_frames: int
    fps: int
    use_from_seconds: float
    use_seconds: float


class ShotPrompt(Value):
    """One shot as a request to a video model (schema label `shotwright/prompt@1`)."""

    schema_label: Literal["shotwright/prompt@1"] = Field("shotwright/prompt@1", alias="schema")
    shot_id: str
    label: str
    slate: str
    model: str
    texts: PromptTexts
    negative: str = ""
    """What must not be seen, for the model's own parameter; empty where it has none."""
    length: PromptLength
    width: int
    height: int
    seed: int
    first_frame: str | None = None
    """SHA-256 of the picture in the production folder."""
    last_frame: str | None = None
    refs: tuple[PromptReference, ...] = ()
    flags: tuple[PromptFlag, ...] = ()
    request: dict[str, Any]
    """The same as the model's own service names it."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)


def compile_prompts(film: Film, model: str) -> tuple[ShotPrompt, ...]:
    """One prompt a shot for a video model of `generators.toml`. ConfigError for a model that it does not name."""
    target = generator(model)
    wording = film_wording(film)
    return tuple(_compile(shot, film, target, wording) for shot in film.shots)


def write_prompts(film: Film, *, model: str = "") -> str:
    """The prompts as JSON lines, one shot a line. Without a model the project's own is meant, else veo."""
    prompts = compile_prompts(film, model or film.settings.target_model or "veo")
    return "".join(f"{prompt.model_dump_json(by_alias=True)}\n" for prompt in prompts)


def _compile(shot: Shot, film: Film, target: Generator, wording: Wording) -> ShotPrompt:
    shown = ShotWords(shot, film, wording)
    flags: list[PromptFlag] = []
    frames = {frame.at: frame.sha256 for frame in shot.frames}
    first = frames.get("first") if target.first_frame != "no" else None
    last = frames.get("last") if target.last_frame else None
    if target.first_frame == "required" and first is None:
        flags.append("NO_FIRST_FRAME")
    references = reference_pictures(shot, film, wording)
    if first is not None and not target.refs_with_frames:
        refs = references[:0]
    else:
        refs = references[: target.refs]
        if target.refs and len(references) > target.refs:
            flags.append("REFS_LEFT_OUT")
    length = request_length(target, shot.duration_seconds, with_refs=bool(refs))
    flags.extend(length.flags)
    if len(shown.talkers) > MOST_TALKING_FACES:
        flags.append("TALKING_FACES")
    if shot.audio.dialogue and not target.sound:
        flags.append("DIALOGUE_IN_POST")
    seed = int(digest("seed", shot.shot_id, length=8), 16) % (target.max_seed + 1 if target.max_seed else 2**31)
    texts = PromptTexts(still=shown.still(), motion=shown.motion(), full=shown.full(), sound=shown.sound())
    width, height = target.size_for(film.settings.aspect)
    request, zoomed = request_for(target, shot, texts, length, (width, height), seed, first, last, refs)
    if zoomed:
        flags.append("TEST_ZOOM_SIGN")
    return ShotPrompt(
        shot_id=shot.shot_id,
        label=shot.label,
        slate=shot.slate,
        model=target.name,
        texts=texts,
        negative=NEGATIVE if target.negative else "",
        length=PromptLength(
            request_seconds=length.seconds,
            request_frames=length.frames,
            fps=target.fps,
            use_from_seconds=length.use_from,
            use_seconds=round(length.use_seconds, 3),
        ),
        width=width,
        height=height,
        seed=seed,
        first_frame=first,
        last_frame=last,
        refs=tuple(PromptReference(asset=a, picture=p, tag=t) for a, p, t in refs),
        flags=tuple(flags),
        request=request,
    )
