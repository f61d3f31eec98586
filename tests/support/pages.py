"""Pages to render: one as a newsroom would see it, and small ones in which a test names what
matters.  All names and events are invented."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from summarizer.domain.claims import (
    DateBasis,
    Failure,
    Kind,
    Stance,
    VerdictLabel,
)
from summarizer.domain.drafts import Draft, Section, Usage
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.incidents import Factor, Incident, Noise, State
from summarizer.domain.items import Passage, SourceItem
from summarizer.domain.page import Page
from summarizer.domain.sections import ROWS, SectionSpec, specs
from summarizer.incidents import entities
from tests.support.builders import an_item, checked, hours

SPECS: tuple[SectionSpec, ...] = specs(
    {
        key: {"version": 1, "max_claims": 5, "max_words": 40, "kinds": list(Kind), "query": key}
        for key in ROWS
    }
)

MAY_27 = dt.datetime(2026, 5, 27, 9, 30, tzinfo=dt.UTC)

WIRE = (
    "Harbour Robotics paused all deliveries in Northport on Tuesday. "
    "The city's transport office said 14 of the company's sidewalk robots stopped on tram tracks "
    "within one hour. "
    "“Our trams stood still for 52 minutes because of machines nobody could move,” said Ada "
    "Lindqvist, who heads the transport office. "
    "Harbour Robotics did not answer questions about the cause. "
    "The company, founded in 2019, operates about 300 robots in the city. "
    "No one was hurt, according to the fire brigade."
)
STATEMENT = (
    "We paused our service in Northport as a precaution. "
    "A map update that we published at 6:40 on Tuesday marked three tram crossings as footpaths. "
    "We deny that anybody was in danger at any time. "
    "We will publish a full report by June 30."
)
POST = (
    "Another hour late to work because of robots on the tracks. "
    "My daughter's school bus had to turn around as well. "
    "The city must withdraw the permit until this is sorted out."
)
COUNCIL = (
    "The council's transport committee will vote on June 16 on whether to suspend the permit of "
    "Harbour Robotics. "
    "Council member Jonas Weil alleged that the company had known of the fault since March. "
    "A spokesperson for Harbour Robotics rejected the claim. "
    "Two other cities, Eastmere and Calder, said they would wait for the vote before they decide "
    "on their own permits."
)


def article(key: str, text: str, **fields: Any) -> SourceItem:
    """A stored item, by default on 27 May 2026."""
    return an_item(key, text, **({"published_at": MAY_27, "ingested_at": MAY_27} | fields))


def sentences(item: SourceItem) -> list[Passage]:
    """One passage a sentence, with exact offsets."""
    found = re.finditer(r"\S.*?[.!?]”?(?=\s|$)|\S.*$", item.text, re.DOTALL)
    return [
        Passage(item_key=item.key, n=n, start=m.start(), end=m.end(), text=m.group())
        for n, m in enumerate(found, start=1)
    ]


def pack(*items: SourceItem, left_out: int = 0, tokens: int = 0) -> EvidencePack:
    passages = tuple(p for item in items for p in sentences(item))
    return EvidencePack(items=items, passages=passages, left_out=left_out, tokens=tokens)


def noise(state: State = State.DEBATED, score: int = 38, peak: int = 43, **fields: Any) -> Noise:
    defaults: dict[str, Any] = {
        "as_of": MAY_27 + dt.timedelta(days=4),
        "peak_at": MAY_27 + dt.timedelta(days=1),
        "decay": 0.88,
        "config_version": "1",
        "factors": (
            Factor(key="reach", weight=0.22, value=0.61, basis="2.4 million readers, news"),
            Factor(key="engagement", weight=0.22, value=0.44, basis="3,120 reactions on x"),
            Factor(key="star_power", weight=0.17, value=0.0, basis="no figure of any tier named"),
            Factor(key="spread", weight=0.17, value=0.6, basis="3 of 5 platforms"),
            Factor(key="duration", weight=0.11, value=0.92, basis="66 of 72 hours"),
            Factor(key="polarity", weight=0.11, value=0.5, basis="4 critical, 2 defending words"),
            Factor(key="impact", weight=0.0, value=None, basis="no kind of consequence found"),
        ),
    }
    return Noise(state=state, score=score, peak=peak, **(defaults | fields))


def a_page(
    sections: tuple[Section, ...] = (),
    evidence: EvidencePack | None = None,
    measured: Noise | None = None,
    **draft: Any,
) -> Page:
    """A page of any sections; those that are not given are empty."""
    evidence = evidence or pack()
    given = {section.key: section for section in sections}
    defaults: dict[str, Any] = {
        "incident_id": "INC-000042",
        "revision": 3,
        "created_at": MAY_27 + hours(100),
        "drafter": "extractive",
        "evidence_hash": "5f2c9a1e",
    }
    headline = given.get(key_of("headline"), Section(key="none")).shown
    shown = Draft(
        evidence=evidence,
        sections=tuple(given.get(spec.key, Section(key=spec.key)) for spec in SPECS),
        **(defaults | draft),
    )
    return Page(
        title=headline[0].claim.text if headline else "Incident INC-000042",
        incident=Incident(
            id="INC-000042", created_at=MAY_27, item_keys=tuple(item.key for item in evidence.items)
        ),
        draft=shown,
        entities=entities.of(shown),
        noise=measured or noise(),
        platforms=tuple(sorted({item.platform for item in evidence.items})),
        cite=(
            "“Harbour Robotics Paused Deliveries.” Incident INC-000042, noise 38/100 as of "
            "May 31, 2026."
        ),
    )


def key_of(layout: str) -> str:
    """The key of the first section with a layout, so that no test spells one."""
    return next(spec.key for spec in SPECS if spec.row.layout == layout)


def newsroom_items() -> tuple[SourceItem, ...]:
    return (
        article(
            "a1",
            WIRE,
            outlet="Northport Wire",
            author="Mira Okafor",
            reach=900_000,
            title="Delivery robots block tram tracks, company pauses service",
            url="https://northportwire.example/2026/05/27/robots-block-tram-tracks-service-paused",
        ),
        article(
            "a2",
            WIRE,
            outlet="The Eastmere Courier",
            origin="a1",
            title="Robots stop trams in Northport",
            url="https://courier.example/news/robots-stop-trams",
            published_at=MAY_27 + hours(3),
        ),
        article(
            "a3",
            STATEMENT,
            outlet="Harbour Robotics",
            platform="statement",
            title="Statement on our service in Northport",
            url="https://harbour.example/statements/7",
            published_at=MAY_27 + hours(8),
        ),
        article(
            "a4",
            POST,
            outlet=None,
            author="@tramrider",
            platform="x",
            url="https://x.example/tramrider/status/11",
            published_at=MAY_27 + hours(9),
        ),
        article(
            "a5",
            COUNCIL,
            outlet="Calder Evening Post",
            title="Council to vote on robot permit",
            url="https://calderpost.example/council-vote",
            published_at=MAY_27 + hours(50),
        ),
        article(
            "a6",
            "Robots again!",
            outlet=None,
            author="@northport_daily",
            platform="x",
            published_at=None,
            ingested_at=MAY_27 + hours(60),
        ),
    )


VERSION = "1-9c1d22"
"""Version of a prompt, which only a section by a model has."""
ONE_ORIGIN = "Rests on one origin only."
SELF_STATEMENT = "A company's statement about itself."


def newsroom_page() -> Page:
    """A debated incident with every layout filled, as a model would have drafted it."""
    title, why, points, explanation, plain, sides, forecast, timeline = (s.key for s in SPECS)
    evidence = pack(*newsroom_items(), left_out=4, tokens=1_240)
    return a_page(
        sections=(
            Section(
                key=title,
                prompt_version=VERSION,
                shown=(
                    checked(
                        "Harbour Robotics Paused Deliveries After Its Robots Stopped on Tram "
                        "Tracks in Northport",
                        "a1.1",
                        "a1.2",
                    ),
                ),
            ),
            Section(
                key=why,
                prompt_version=VERSION,
                shown=(
                    checked(
                        "The vote of Northport's transport committee on June 16 decides whether "
                        "the company may go on, and two other cities said they would wait for it.",
                        "a5.1",
                        "a5.4",
                        warnings=(ONE_ORIGIN,),
                    ),
                ),
            ),
            Section(
                key=points,
                prompt_version=VERSION,
                shown=(
                    checked(
                        "Harbour Robotics paused all deliveries in Northport on Tuesday.",
                        "a1.1",
                        "a3.1",
                        origins=2,
                    ),
                    checked(
                        "Fourteen of its sidewalk robots stopped on tram tracks within one hour, "
                        "the city's transport office said.",
                        "a1.2",
                    ),
                    checked(
                        "The company said that a map update had marked three tram crossings as "
                        "footpaths.",
                        "a3.2",
                        warnings=(SELF_STATEMENT,),
                        kind=Kind.ALLEGATION,
                        repaired_from="A map update marked three tram crossings as footpaths.",
                    ),
                    checked("No one was hurt, according to the fire brigade.", "a1.6"),
                ),
                withheld=(
                    checked(
                        "Trams stood still for 90 minutes and 30 robots were involved.",
                        "a1.3",
                        "a1.2",
                        label=VerdictLabel.CONTRADICTED,
                        score=0.08,
                        failures=(
                            Failure(
                                check="numbers",
                                start=22,
                                end=32,
                                better="a1.3",
                                reason="The sources say 52 minutes, not 90 minutes.",
                                label=VerdictLabel.CONTRADICTED,
                            ),
                            Failure(
                                check="numbers",
                                start=37,
                                end=46,
                                reason="The sources say 14 robots, not 30.",
                                label=VerdictLabel.CONTRADICTED,
                            ),
                        ),
                    ),
                ),
            ),
            Section(
                key=explanation,
                prompt_version=VERSION,
                shown=(
                    checked(
                        "On Tuesday, 14 delivery robots of Harbour Robotics stopped on tram tracks "
                        "in Northport within one hour.",
                        "a1.2",
                    ),
                    checked(
                        "“Our trams stood still for 52 minutes because of machines nobody could "
                        "move,” said Ada Lindqvist, who heads the city's transport office.",
                        "a1.3",
                    ),
                    checked(
                        "The company paused its service and said that it did so as a precaution.",
                        "a1.1",
                        "a3.1",
                        origins=2,
                        warnings=(SELF_STATEMENT,),
                    ),
                    checked(
                        "Council member Jonas Weil alleged that the company had known of the fault "
                        "since March, which a spokesperson rejected.",
                        "a5.2",
                        "a5.3",
                        kind=Kind.ALLEGATION,
                        warnings=(ONE_ORIGIN,),
                    ),
                ),
                withheld=(
                    checked(
                        "The company had known of the fault since March.",
                        "a5.2",
                        "a9.9",
                        label=VerdictLabel.PARTLY,
                        score=0.41,
                        origins=1,
                        failures=(
                            Failure(
                                check="modality",
                                start=0,
                                end=21,
                                label=VerdictLabel.PARTLY,
                                reason="The sources only allege this: name who alleges it.",
                            ),
                            Failure(
                                check="structure",
                                label=VerdictLabel.UNSUPPORTED,
                                reason="The evidence holds no passage a9.9.",
                            ),
                        ),
                    ),
                ),
            ),
            Section(
                key=plain,
                prompt_version=VERSION,
                shown=(
                    checked(
                        "Small robots that bring parcels stopped on the tracks, so the trams could "
                        "not pass.",
                        "a1.2",
                        "a1.3",
                    ),
                    checked(
                        "It is as if someone drew a road on the map where there is a playground, "
                        "and every car followed the map.",
                        origins=0,
                        kind=Kind.ANALOGY,
                    ),
                ),
            ),
            Section(
                key=sides,
                prompt_version=VERSION,
                shown=(
                    checked(
                        "Says that trams stood still because of “machines nobody could move.”",
                        "a1.3",
                        actor="Ada Lindqvist, transport office",
                        stance=Stance.CRITIC,
                    ),
                    checked(
                        "Alleges that the company had known of the fault since March.",
                        "a5.2",
                        actor="Jonas Weil, council member",
                        stance=Stance.CRITIC,
                        kind=Kind.ALLEGATION,
                    ),
                    checked(
                        "Denies that anybody was in danger and calls the pause a precaution.",
                        "a3.3",
                        "a3.1",
                        actor="Harbour Robotics",
                        stance=Stance.DEFENDER,
                        kind=Kind.DENIAL,
                        warnings=(SELF_STATEMENT,),
                    ),
                ),
                notes=("No response from the makers of the map was found in the sources.",),
            ),
            Section(
                key=forecast,
                prompt_version=VERSION,
                shown=(
                    checked(
                        "The transport committee will probably suspend the permit at least until "
                        "the company's report is out.",
                        "a5.1",
                        "a3.4",
                        origins=2,
                        kind=Kind.PREDICTION,
                        probability=0.55,
                        date=dt.date(2026, 6, 16),
                        criterion="the committee's minutes record a vote to suspend.",
                    ),
                ),
            ),
            Section(
                key=timeline,
                prompt_version=VERSION,
                shown=(
                    checked(
                        "Robots stop on tram tracks and Harbour Robotics pauses its service.",
                        "a1.1",
                        "a1.2",
                        date=dt.date(2026, 5, 26),
                        date_basis=DateBasis.EVENT,
                    ),
                    checked(
                        "The company publishes a statement and denies any danger.",
                        "a3.3",
                        date=dt.date(2026, 5, 27),
                        date_basis=DateBasis.PUBLICATION,
                    ),
                    checked(
                        "The transport committee votes on the permit.",
                        "a5.1",
                        date=dt.date(2026, 6, 16),
                        date_basis=DateBasis.EVENT,
                    ),
                ),
            ),
        ),
        evidence=evidence,
        drafter="anthropic",
        model="claude-sonnet-5-5",
        evidence_hash="5f2c9a1e77d0b4c3a2f1e8d9c6b5a4938271605f4e3d2c1b0a99887766554433",
        usage=Usage(
            calls=3,
            cached_calls=1,
            input_tokens=9_412,
            output_tokens=2_020,
            cache_write_tokens=3_100,
            cache_read_tokens=6_200,
        ),
    )


SCRIPT = "<script>alert('x')</script>"
ESCAPES = "\x1b[31mred\x1b[0m \x1b]0;title\x07\x00\x9b1m"
ARABIC = "قالت الشركة إنها أوقفت الخدمة يوم الثلاثاء."


def hostile_page() -> Page:
    """A closed incident whose sources and claims try to break out of every format."""
    text = (
        f"{SCRIPT} said <img src=x onerror=alert(1)> \" ' & &lt;b&gt; {ESCAPES}.\n"
        f"{ARABIC}\n"
        "[click](javascript:alert(1)) ![x](http://evil.example/x.png) [^1]: `code` **bold** |\n"
        f"\u202eevil\u202c {'very ' * 1000}long.\n"
        "# Heading\n"
        "1. item ]]> --> </style></title> {{ 7 * 7 }} {% raw %} [bold red]markup[/] :bomb:"
    )
    spans = []
    start = 0
    for n, line in enumerate(text.split("\n"), start=1):
        end = start + len(line)
        spans.append(Passage(item_key="b1", n=n, start=start, end=end, text=line))
        start = end + 1
    item = article(
        "b1",
        text,
        outlet=f'"><b onclick="alert(1)">{SCRIPT}',
        title=f"</h3>{SCRIPT} [x](y)",
        url="javascript:alert(document.cookie)",
        author="\u202eadmin",
        published_at=None,
    )
    link = article(
        "b2",
        "Nothing.",
        url='https://evil.example/"onmouseover="alert(1)?a=<b>&c=(d) e',
        published_at=None,
    )
    evidence = EvidencePack(items=(item, link), passages=(*spans, *sentences(link)))
    claims = tuple(
        checked(span.text, span.id, actor=span.text[:60], criterion=SCRIPT, warnings=(SCRIPT,))
        for span in spans
    )
    failure = Failure(check="quotes", reason=SCRIPT, start=3, end=99_999)
    held = checked(
        f"{SCRIPT} \x1b[31m",
        "b1.1",
        f"{SCRIPT}",
        label=VerdictLabel.UNSUPPORTED,
        failures=(failure,),
    )
    sections = tuple(
        Section(key=spec.key, shown=claims, withheld=(held,), abstained=SCRIPT, notes=(SCRIPT,))
        for spec in SPECS
    )
    page = a_page(
        sections,
        evidence,
        noise(
            State.CLOSED,
            score=2,
            factors=(Factor(key="reach", weight=0, value=None, basis=f"{SCRIPT} | x"),),
        ),
        drafter="anthropic",
        model=f"model {SCRIPT}",
    )
    return page.model_copy(update={"cite": f"“{SCRIPT}” {ESCAPES}"})
