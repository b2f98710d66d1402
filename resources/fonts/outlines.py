"""Draws outlines with fewer points: what a cubic font becomes as a quadratic one is twice as large as it need be.

Used by rebuild.py alone. Each run of segments that one curve or line follows closely enough is replaced by it.
"""

from array import array
from collections.abc import Sequence
from math import hypot
from typing import Any, NamedTuple

Point = tuple[float, float]

_LONGEST_RUN = 14  # segments that one may replace
_MISSES = 2  # longer runs that are tried though a shorter one was not followed
_STEPS = 12  # pieces of a curve, to measure distances
_ROUNDS = 3  # of finding where on the curve each sample belongs


class Segment(NamedTuple):
    """A line, or a quadratic curve with its control point."""

    start: Point
    control: Point | None
    end: Point

    def at(self, t: float) -> Point:
        """The point at t, from 0 to 1."""
        (x0, y0), (x1, y1), u = self.start, self.end, 1 - t
        if self.control is None:
            return x0 * u + x1 * t, y0 * u + y1 * t
        x, y = self.control
        return u * u * x0 + 2 * u * t * x + t * t * x1, u * u * y0 + 2 * u * t * y + t * t * y1


def simplify(font: Any, tolerance: float) -> None:
    """Redraw every glyph of a TrueType font; no outline moves by more than `tolerance` units."""
    glyf = font["glyf"]
    for name in font.getGlyphOrder():
        glyph = glyf[name]
        if glyph.numberOfContours > 0:
            glyph.expand(glyf)
            _redraw(glyph, tolerance)
            glyph.recalcBounds(glyf)


def _redraw(glyph: Any, tolerance: float) -> None:
    points, flags = list(glyph.coordinates), list(glyph.flags)
    redrawn: list[tuple[Point, int]] = []
    ends, first = [], 0
    for end in glyph.endPtsOfContours:
        contour = _contour(_fewer(_segments(points[first : end + 1], flags[first : end + 1]), tolerance))
        first = end + 1
        if len(contour) > 2:
            redrawn += contour
            ends.append(len(redrawn) - 1)
    glyph.coordinates = type(glyph.coordinates)([point for point, _ in redrawn])
    glyph.flags = array("B", [flag for _, flag in redrawn])
    glyph.endPtsOfContours, glyph.numberOfContours = ends, len(ends)


def _segments(points: Sequence[Point], flags: Sequence[int]) -> list[Segment]:
    """The segments of a closed contour, with the points between two controls, which TrueType does not write."""
    stated: list[tuple[Point, bool]] = []
    for n, (point, flag) in enumerate(zip(points, flags, strict=True)):
        following = (n + 1) % len(points)
        stated.append((point, bool(flag & 1)))
        if not flag & 1 and not flags[following] & 1:
            (x0, y0), (x1, y1) = point, points[following]
            stated.append((((x0 + x1) / 2, (y0 + y1) / 2), True))
    begin = next(n for n, (_, is_on) in enumerate(stated) if is_on)
    stated = [*stated[begin:], *stated[:begin], stated[begin]]
    segments, n = [], 0
    while n < len(stated) - 1:
        start, (point, is_on) = stated[n][0], stated[n + 1]
        segments.append(Segment(start, None, point) if is_on else Segment(start, point, stated[n + 2][0]))
        n += 1 if is_on else 2
    return segments


def _fewer(segments: Sequence[Segment], tolerance: float) -> list[Segment]:
    """From each point on, the segment that follows the longest run."""
    drawn: list[Segment] = []
    start, n = _rounded(segments[0].start), 0
    while n < len(segments):
        _, control, end = segments[n]
        best = Segment(start, _rounded(control) if control else None, _rounded(end))
        reached, misses = n, 0
        samples: list[Point] = []
        for last in range(n, min(n + _LONGEST_RUN, len(segments))):
            samples += [segments[last].at(t) for t in (0.25, 0.5, 0.75, 1)]
            following = _fit(start, samples, tolerance)
            if following is not None:
                best, reached, misses = following, last, 0
            else:
                misses += 1
                if misses == _MISSES:
                    break
        if best.control is not None or best.end != best.start:
            drawn.append(best)
        start, n = best.end, reached + 1
    return drawn


def _fit(start: Point, samples: Sequence[Point], tolerance: float) -> Segment | None:
    """The line or curve from `start` to the last sample that passes all of them; None where none does."""
    end = _rounded(samples[-1])
    if all(_distance(sample, start, end) <= tolerance for sample in samples):
        return Segment(start, None, end)
    places = _places(start, samples)
    for _ in range(_ROUNDS):
        control = _control(start, end, samples, places)
        if control is None:
            return None
        segment = Segment(start, control, end)
        curve = [segment.at(n / _STEPS) for n in range(_STEPS + 1)]
        nearest = [
            min((_distance(sample, curve[n], curve[n + 1]), (n + 0.5) / _STEPS) for n in range(_STEPS))
            for sample in samples[:-1]
        ]
        worst = max(distance for distance, _ in nearest)
        if worst <= tolerance:
            followed = [start, *samples]
            return segment if all(_is_near(point, followed, tolerance) for point in curve[1:-1]) else None
        if worst > 3 * tolerance:
            return None
        places = [*(place for _, place in nearest), 1.0]
    return None


def _places(start: Point, samples: Sequence[Point]) -> list[float]:
    """Where on a curve each sample is, by its share of the way."""
    way, (x, y) = [0.0], start
    for next_x, next_y in samples:
        way.append(way[-1] + hypot(next_x - x, next_y - y))
        x, y = next_x, next_y
    return [passed / (way[-1] or 1) for passed in way[1:]]


def _control(start: Point, end: Point, samples: Sequence[Point], places: Sequence[float]) -> Point | None:
    """The control point of the curve that is nearest to the samples, by least squares."""
    total = x_sum = y_sum = 0.0
    for (x, y), t in zip(samples, places, strict=True):
        u = 1 - t
        weight = 2 * t * u
        x_sum += weight * (x - u * u * start[0] - t * t * end[0])
        y_sum += weight * (y - u * u * start[1] - t * t * end[1])
        total += weight * weight
    return _rounded((x_sum / total, y_sum / total)) if total else None


def _is_near(point: Point, line: Sequence[Point], tolerance: float) -> bool:
    return any(_distance(point, line[n], line[n + 1]) <= tolerance for n in range(len(line) - 1))


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to a line between two others."""
    (x, y), (x0, y0) = point, start
    dx, dy = end[0] - x0, end[1] - y0
    length = dx * dx + dy * dy
    t = max(0.0, min(1.0, ((x - x0) * dx + (y - y0) * dy) / length)) if length else 0.0
    return hypot(x - x0 - t * dx, y - y0 - t * dy)


def _contour(segments: Sequence[Segment]) -> list[tuple[Point, int]]:
    """Points with their flags: 1 on the outline, 0 controls. One midway between two controls goes without saying."""
    points: list[tuple[Point, int]] = []
    for n, (start, control, _) in enumerate(segments):
        before = segments[n - 1].control
        goes_without = (
            control is not None
            and before is not None
            and all(abs(before[axis] + control[axis] - 2 * start[axis]) <= 2 for axis in (0, 1))
        )
        if not goes_without or len(segments) < 3:
            points.append((start, 1))
        if control is not None:
            points.append((control, 0))
    return points


def _rounded(point: Point) -> Point:
    return round(point[0]), round(point[1])
