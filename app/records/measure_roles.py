"""What a measure stands for: by its kind, or where its title says so (小额信贷 under 金融帮扶)."""

from app.records.field import options
from resources.option_roles import values_with_role
from resources.overlay import cached


def has_role(kind: str | None, title: str | None, role: str) -> bool:
    """Whether a measure of this kind and title has a role of resources/dictionaries/measure_kind.toml, e.g. "loan"."""
    return kind in values_with_role("measure_kind", role) or any(word in (title or "") for word in _title_words(role))


@cached
def _title_words(role: str) -> tuple[str, ...]:
    kinds = values_with_role("measure_kind", role)
    return tuple(
        word
        for option in options("measure_kind")
        if option.value in kinds
        for word in option.extra.get("title_words", ())
    )
