"""The questions about the whole film: the Architect's windows and their sum, ambiguous castings, the music's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from shotwright.model.crew import Casting, MusicPlan
from shotwright.model.ids import SceneId, digest
from shotwright.model.story import Story

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.asset import Asset
    from shotwright.model.crew import FilmSettings
    from shotwright.model.language import Refinement
    from shotwright.model.question import Question
    from shotwright.production.asking import Asking
    from shotwright.production.steps import Steps

T = TypeVar("T")

MUSIC = tuple[tuple[SceneId, MusicPlan], ...]
"""The film's cues as they fall to scenes."""


def film_card(story: Story, settings: FilmSettings) -> str:
    """What every question says of the film: little, so that no edit of a scene changes it."""
    facts = (
        ("Film", story.title),
        ("Genre", ", ".join(settings.genre)),
        ("Tone", ", ".join(settings.tone)),
        ("Like", ", ".join(settings.references)),
        ("Look", settings.style),
    )
    return "\n".join(f"{name}: {words}" for name, words in facts if words)


async def retold(
    steps: Steps,
    asking: Asking,
    story: Story,
    settings: FilmSettings,
    film: str,
    records: list[Refinement],
    only: frozenset[str] | None = None,
) -> Story:
    """The story as the Architect's model reads it: window by window, then once over all. `only`: no window is read that
    holds none of these scenes, and the film as a whole is not asked about."""
    from shotwright.crew.architect.reading_film import FilmReading, ask_film, draft_film
    from shotwright.crew.architect.reading_window import WindowReading, draft_window
    from shotwright.crew.architect.refine import ask_window
    from shotwright.crew.architect.retell import retell
    from shotwright.crew.architect.windows import windows

    parts = windows(story)
    asked = [
        _step(
            steps, asking, "read_window", window[0],
            ask_window(story, window, film) if only is None or only.intersection(window) else None,
            draft_window(story, window), WindowReading, records,
        )
        for window in parts
    ]  # fmt: skip
    readings = tuple(await asking.together(asked))
    whole = await _step(
        steps,
        asking,
        "read_film",
        "",
        ask_film(story, readings, film) if only is None else None,
        draft_film(story),
        FilmReading,
        records,
    )
    keyed = [
        story.model_dump_json(), settings.model_dump_json(), steps.text(tuple[WindowReading, ...], readings),
        whole.model_dump_json(),
    ]  # fmt: skip
    return steps.do("retell", "", keyed, Story, lambda: retell(story, readings, whole, settings)).value


async def recast(
    steps: Steps,
    asking: Asking,
    story: Story,
    casting: tuple[Casting, ...],
    music: tuple[tuple[SceneId, MusicPlan], ...],
    assets: Sequence[Asset],
    film: str,
    records: list[Refinement],
) -> tuple[tuple[Casting, ...], tuple[tuple[SceneId, MusicPlan], ...]]:
    """Castings that were in doubt, and the words of the film's music."""
    questions: list[tuple[str, Question[Any], Any, Any]] = []
    if asking.serves("art_director") and assets:
        from shotwright.crew.art_director.doubts import ask_casting

        questions += [
            ("refine_casting", q, casting, tuple[Casting, ...]) for q in ask_casting(story, casting, assets, film)
        ]
    if asking.serves("sound_designer") and music:
        from shotwright.crew.sound_designer.refine import ask_music

        questions += [("refine_music", q, music, MUSIC) for q in ask_music(story, music, film)]
    answers = await asking.together(
        [_step(steps, asking, step, "", q, draft, kind, records) for step, q, draft, kind in questions]
    )
    found = [answer for (step, _, _, _), answer in zip(questions, answers, strict=True) if step == "refine_casting"]
    cues = [answer for (step, _, _, _), answer in zip(questions, answers, strict=True) if step == "refine_music"]
    cast = _laid_over(casting, found)
    if found:
        from shotwright.crew.art_director.recasting import settle_casting

        cast = settle_casting(story, casting, cast, assets)
        steps.do("recast", "", [steps.text(tuple[Casting, ...], cast)], tuple[Casting, ...], lambda: cast)
    return cast, _laid_over(music, cues)


def _laid_over(draft: tuple[T, ...], answers: Sequence[tuple[T, ...]]) -> tuple[T, ...]:
    """Entry by entry what one of the answers changed: each is about other entities or cues than the rest."""
    standing = list(draft)
    for answer in answers:
        for at, (old, new) in enumerate(zip(draft, answer, strict=True)):
            if new != old:
                standing[at] = new
    return tuple(standing)


async def _step(
    steps: Steps,
    asking: Asking,
    step: str,
    where: str,
    question: Question[T] | None,
    draft: T,
    kind: Any,
    records: list[Refinement],
) -> T:
    if question is None:
        return draft
    asked = question
    keyed = [
        asking.fingerprint(asked.agent), asked.instructions, asked.film, asked.body,
        steps.text(kind, draft),
    ]  # fmt: skip
    place = where or (f"{step}:{digest(asked.body)}" if step != "read_film" else "")
    value, kept = await steps.refine(step, place, keyed, kind, lambda: asking.refine(asked, draft))
    records.append(kept)
    return value
