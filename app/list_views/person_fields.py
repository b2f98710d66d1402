"""Fields of lists that are worked out of a person's birthday, or of what a household is monitored by."""

from typing import Any

from sqlalchemy import Integer, cast, func, type_coerce
from sqlalchemy.orm import aliased

from app.list_views.list_source import Expression, ListField, Related, made_field, titled
from app.records.monitoring import UNKNOWN_KIND, open_condition
from db.schema.monitoring import Monitoring

_MONITORING = aliased(Monitoring)


def age_field(person: Any, related: Related | None = None, prefix: str = "") -> ListField:
    """Full years today of a member, or of an alias of it; empty where the birthday is not known."""
    today, born = func.strftime("%Y%m%d", "now", "localtime"), func.strftime("%Y%m%d", person.birth)
    years = type_coerce(cast(today, Integer) - cast(born, Integer), Integer) // 10000
    key = "member.age" if prefix else "age"
    return ListField(key, made_field("member", "age", f"{prefix}年龄", "integer", unit="岁"), years, related)


def monitored_field(household: Expression, key: str, prefix: str = "") -> ListField:
    """What a household is monitored by now, empty where it is not."""
    label = f"{prefix}{titled('monitoring', 'kind').label}" if prefix else ""
    related = Related(household, _MONITORING.household_id, (open_condition(_MONITORING),), many=True)
    return ListField(key, titled("monitoring", "kind", label), func.coalesce(_MONITORING.kind, UNKNOWN_KIND), related)
