"""Rate limits: bursts pass, floods wait, waiting helps, and memory does not grow with time."""

from __future__ import annotations

from bot.channels.web.limits import Bucket, Places


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_then_one_a_second() -> None:
    clock = Clock()
    bucket = Bucket(3, 1.0, clock)
    assert [bucket.wait("a") for _ in range(3)] == [0, 0, 0]
    assert bucket.wait("a") == 1.0
    assert bucket.wait("b") == 0
    clock.now += 0.25
    assert bucket.wait("a") == 0.75
    clock.now += 0.75
    assert bucket.wait("a") == 0
    assert bucket.wait("a") == 1.0


def test_rest_fills_no_more_than_a_burst() -> None:
    clock = Clock()
    bucket = Bucket(2, 1.0, clock)
    bucket.wait("a")
    clock.now += 1_000
    assert [bucket.wait("a") for _ in range(3)] == [0, 0, 1.0]


def test_keys_that_went_quiet_are_forgotten() -> None:
    clock = Clock()
    bucket = Bucket(5, 1.0, clock)
    for number in range(1_000):
        bucket.wait(f"visitor {number}")
    clock.now += 60
    bucket.wait("another")
    assert bucket.known == 1


def test_places_are_given_back() -> None:
    places = Places(1)
    with places.taken("a"):
        assert not places.free("a")
        assert places.free("b")
    assert places.free("a")
    assert places.known == 0
