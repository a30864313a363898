"""The chooser takes the cheapest way through a scene that cuts well."""

from __future__ import annotations

from shotwright.craft.chooser import Candidate, choose, cut_cost


def candidate(primary: str = "a", size: int = 3, azimuth: float = 0.0, cost: float = 0.0, **more) -> Candidate:
    fields = {"kind": "single", "partner": "", "angle": "eye_level", "people": frozenset((primary,)), "around": azimuth}
    return Candidate(primary=primary, size=size, azimuth=azimuth, cost=cost, **(fields | more))


def test_the_same_person_from_the_same_place_is_not_cut_to_itself() -> None:
    way, _ = choose([[candidate()], [candidate(), candidate(azimuth=60.0, cost=0.8)]], [False, False])
    assert way[1].azimuth == 60.0


def test_two_steps_of_size_make_up_for_the_angle() -> None:
    assert cut_cost(candidate(size=3), candidate(size=5), False) < cut_cost(candidate(size=3), candidate(size=4), False)


def test_four_steps_of_size_are_left_to_shock_and_reveal() -> None:
    near, far = candidate("b", 5), candidate("a", 1)
    assert cut_cost(far, near, False) > cut_cost(far, near, True) + 3


def test_an_answering_single_takes_the_size_that_it_answers() -> None:
    first = candidate("a", 4, 70.0, partner="b")
    answers = [candidate("b", 3, -70.0, 0.0, partner="a"), candidate("b", 4, -70.0, 0.3, partner="a")]
    way, _ = choose([[first], answers], [False, False])
    assert way[1].size == 4


def test_an_insert_is_nobodys_neighbour() -> None:
    assert cut_cost(candidate(size=0), candidate(size=6, exempt=True), False) == 0.0


def test_the_same_cutaway_is_not_shown_twice_running() -> None:
    assert cut_cost(candidate(exempt=True), candidate(exempt=True), False) > 0.0


def test_a_set_up_that_was_used_is_cheaper_than_a_new_one() -> None:
    one, two = candidate("a", 4, 70.0), candidate("b", 4, -70.0)
    again = [candidate("a", 4, 70.0, 0.1), candidate("a", 4, 40.0, 0.0)]
    way, _ = choose([[one], [two], again], [False] * 3)
    assert way[2].azimuth == 70.0


def test_close_frames_are_priced_until_they_keep_their_share() -> None:
    options = [[candidate("ab"[i % 2], 5, 70.0), candidate("ab"[i % 2], 4, 70.0, 1.0)] for i in range(20)]
    way, price = choose(options, [False] * 20)
    assert sum(1 for c in way if c.size >= 5) <= 7
    assert price > 0


def test_nothing_to_choose_is_no_error() -> None:
    assert choose([], []) == ([], 0.0)


def test_an_exchange_goes_back_to_the_set_ups_that_it_has() -> None:
    def offers(i: int) -> list[Candidate]:
        person, other = ("a", "b") if i % 2 == 0 else ("b", "a")
        azimuth = 70.0 if person == "a" else -70.0
        # The size that is wanted drifts by a little from shot to shot; that alone is no reason for a new camera.
        return [
            Candidate(
                kind="single", primary=person, partner=other, size=size, azimuth=azimuth, angle="eye_level",
                cost=abs(size - (3.2 + 0.1 * i)), around=azimuth, people=frozenset((person,)),
            )
            for size in (3, 4)
        ]  # fmt: skip

    way, _ = choose([offers(i) for i in range(8)], [False] * 8)
    assert len({c.key for c in way}) == 2


def test_two_shots_of_one_size_do_not_run_three_in_a_row() -> None:
    def offers(_: int) -> list[Candidate]:
        two = [
            Candidate(
                kind="two", primary="a", partner="b", size=2, azimuth=turn, angle="eye_level", cost=0.0, around=turn,
                people=frozenset("ab"),
            )
            for turn in (0.0, 40.0, -40.0)
        ]  # fmt: skip
        return [*two, Candidate(
            kind="over", primary="a", partner="b", size=3, azimuth=70.0, angle="eye_level", cost=0.8, around=70.0,
            people=frozenset("a"),
        )]  # fmt: skip

    kinds = [c.kind for c in choose([offers(i) for i in range(9)], [False] * 9)[0]]
    assert not any(kinds[i] == kinds[i + 1] == kinds[i + 2] == "two" for i in range(7))
