"""The step `segments`: named segments, clusters, and the shop's own."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Select, select

from crm_backend.analytics.frames import Frame
from crm_backend.analytics.segments.clusters import clusters
from crm_backend.analytics.segments.membership import MEMBERS, rows
from crm_backend.analytics.segments.models import Segment, SegmentMember, SegmentMove, SegmentRule
from crm_backend.analytics.segments.rfm_names import NAMES, rfm_names
from crm_backend.analytics.segments.rules import mask, parse
from crm_backend.analytics.steps import Rows, Step, Work
from crm_backend.analytics.traits.models import CustomerAffinity, CustomerTraits


def _rules(_scope: Any) -> Select[*tuple[Any, ...]]:
    return select(SegmentRule.key, SegmentRule.rule, SegmentRule.version).order_by(SegmentRule.key)


RULES = Frame("segment_rules", {"key": "text", "rule": "json", "version": "int"}, _rules)
"""The shop's own segments."""


class Segments(Step):
    """Who is in which segment."""

    name = "segments"
    reads = (RULES,)
    after = ("traits",)
    writes = (Segment, SegmentMember, SegmentMove)

    def compute(self, work: Work) -> Rows:
        """Named segments of everybody who bought, clusters of the same, and whatever the shop's rules choose."""
        traits = work.rows(CustomerTraits)
        likes = work.rows(CustomerAffinity)
        work.note("naming")
        named = rfm_names(traits)
        kinds = {f"rfm_{name}": "rfm" for name in NAMES if (named == name).any()}
        found = [_members(traits, named, "rfm_")]
        work.note("clustering")
        grouped = clusters(traits)
        work.card["clusters"] = grouped.card
        found.append(_members(traits, grouped.keys, "cluster_"))
        kinds.update(dict.fromkeys((f"cluster_{key}" for key in grouped.keys.dropna().unique()), "cluster"))
        built_in = pd.concat(found, ignore_index=True)
        work.note("the shop's own")
        own = []
        for key, text in work[RULES][["key", "rule"]].itertuples(index=False):
            chosen = mask(parse(text), traits, likes, built_in, work.as_of)
            own.append(pd.DataFrame({"key": key, "customer_id": traits.loc[chosen, "customer_id"]}))
            kinds[key] = "own"
        members = pd.concat([built_in, *own], ignore_index=True)[MEMBERS]
        return rows(members, kinds, traits, work.published(SegmentMember), work.as_of)


def _members(traits: pd.DataFrame, names: pd.Series[Any], prefix: str) -> pd.DataFrame:
    known = names.notna()
    return pd.DataFrame({"key": prefix + names[known].astype("str"), "customer_id": traits.loc[known, "customer_id"]})
