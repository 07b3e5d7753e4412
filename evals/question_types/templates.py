"""Training questions made from phrasings and topics: near neighbours that only the wording tells apart.

Each phrasing meets a few topics, drawn by a hash, so that no topic belongs to one shape.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

TOPICS: dict[str, tuple[str, ...]] = {
    # A thing that has a history, a price, an owner.
    "thing": (
        "the lighthouse",
        "the tram line",
        "the Corvin engine",
        "the ferry",
        "the town hall",
        "the vaccine",
        "the lease",
        "the savings plan",
        "the wind farm",
        "the printing press",
        "the opera house",
        "the water mill",
        "the treaty of Varnholm",
        "the coffee machine",
        "the football stadium",
        "the reservoir",
        "the scholarship",
        "the gallery",
        "the merger",
        "the insulin pump",
        "the cycling race",
        "the satellite",
        "the hospital wing",
    ),
    "org": (
        "Kestrel Mining",
        "Bluepeak Airlines",
        "the Vareo Group",
        "Sorrel Bank",
        "Halden University",
        "the Red Lions",
        "Ortega & Sons",
        "the water board",
        "Nimbus Robotics",
        "the Marlow Trust",
        "Quill Publishing",
        "the fire service",
        "the ministry of health",
        "Tern Shipping",
    ),
    "person": (
        "Ingrid Falk",
        "Captain Moreau",
        "Dr Osei",
        "the goalkeeper",
        "the prime minister",
        "Lucia Ferrante",
        "the landlord",
        "Judge Whitlock",
        "the architect",
        "Samuel Reed",
        "the queen",
        "the plaintiff",
        "Mr Tanaka",
        "the surgeon",
    ),
    "things": (
        "companies",
        "countries",
        "witnesses",
        "vessels",
        "players",
        "trustees",
        "clauses",
        "hospitals",
        "patients",
        "species",
        "paintings",
        "recipes",
        "routes",
        "sensors",
        "laws",
        "schools",
        "islands",
        "shareholders",
        "engines",
        "villages",
    ),
    "did": (
        "were sold in 2017",
        "took part in the study",
        "are named in the annex",
        "joined the union",
        "failed the inspection",
        "were affected by the storm",
        "belong to the network",
        "signed the petition",
        "use the new standard",
        "were left in the end",
        "does the plan cover",
        "did they inspect",
        "did the board approve",
        "are under protection",
    ),
    "money": (
        "revenue",
        "rent",
        "operating profit",
        "ticket price",
        "cost of the renovation",
        "salary",
        "prize money",
        "debt",
        "subsidy",
        "tuition fee",
        "budget",
        "legal cost",
        "membership fee",
    ),
    "measure": (
        "height",
        "population",
        "speed",
        "weight",
        "temperature",
        "attendance",
        "depth",
        "capacity",
        "rainfall",
        "pressure",
        "harvest",
        "length",
    ),
    "share": (
        "turnout",
        "unemployment",
        "share of renewable energy",
        "occupancy",
        "dropout rate",
        "vaccination rate",
        "market share",
        "interest rate",
        "recovery rate",
        "share of women",
    ),
    "term": (
        "liquidity",
        "collateral",
        "dialysis",
        "a coalition",
        "plankton",
        "subletting",
        "a hat-trick",
        "a fuse",
        "a stipend",
        "a novella",
        "erosion",
        "encryption",
        "a dividend",
        "arthritis",
        "a monsoon",
        "a referendum",
        "kerning",
        "due diligence",
    ),
    "pair": (
        "the old tariff and the new tariff",
        "Anders and Piet",
        "cotton and linen",
        "the city team and the county team",
        "chapter 2 and chapter 5",
        "nuclear power and coal",
        "the tenant's duties and the landlord's duties",
        "Norland and Sudland",
        "type A flu and type B flu",
        "the first trial and the second trial",
    ),
    "doc": (
        "this document",
        "the article",
        "this report",
        "the manual",
        "the paper",
        "the contract",
        "the minutes",
        "this text",
        "the leaflet",
        "the book",
    ),
    "year": ("1871", "1966", "2004", "2016", "2022", "the spring of 1945", "May 2011"),
    "to_do": (
        "descale the kettle",
        "renew a passport",
        "file an objection",
        "train a guide dog",
        "register a trademark",
        "measure the pulse",
        "plant garlic",
        "change the filter",
        "vote by post",
        "serve a summons",
        "pair the speaker",
        "brew the tea",
    ),
    "happened": (
        "the dam broke",
        "the club was relegated",
        "prices doubled",
        "the strike began",
        "the patient recovered",
        "the law was repealed",
        "the rover stopped",
        "the king fled",
        "the flight was diverted",
        "the vote failed",
        "the harvest was poor",
    ),
    "mentions": (
        ("names", "person"),
        ("people", "person"),
        ("dates", "date"),
        ("amounts", "money"),
        ("prices", "money"),
        ("companies", "organisation"),
        ("cities", "place"),
        ("percentages", "percentage"),
        ("numbers", "number"),
        ("quotations", "other"),
        ("years", "date"),
        ("institutions", "organisation"),
        ("countries", "place"),
        ("addresses", "other"),
        ("sums", "money"),
        ("diseases", "other"),
    ),
}

HOW_MANY = 5
"""Topics a phrasing meets."""

PHRASINGS = """
## fact date
when was {thing} opened
when did {person} retire
when was {org} founded
in what year was {thing} first mentioned
since when has {org} owned {thing}
date when {thing} was approved
## fact person
who built {thing}
who runs {org}
who did {person} succeed
who paid for {thing}
who wrote the letter to {person}
name of the person who inspected {thing}
## fact place
where was {person} born
where is {org} based
where can {thing} be found
in which town is {thing}
## fact money
what is the price of {thing}
how much did {thing} cost
how much {money} did {org} report
what was the {money} of {org} in {year}
what is the total stated {money}
{money} {org} {year}
how much did {org} pay {person}
## fact number
what is the {measure} of {thing}
{measure} of {thing}
what was the total {measure} in {year}
how much water does {thing} need
## fact percentage
what is the {share}
what was the {share} in {year}
{share} {year}
what share of {thing} belongs to {org}
## fact duration
how long did {thing} take to build
how long has {person} worked for {org}
how long does {thing} last
## fact time_of_day
what time does {thing} open
at what time did {person} arrive
opening hours of {thing}
## fact organisation
which company operates {thing}
which organisation gave {person} the award
who owns {thing}, which firm
## fact other
what happened to {thing}
what did {person} say about {thing}
what does {org} think of {thing}
what is {thing} made of
what is the main risk for {org}
what did {org} decide about {thing}
and {thing}?
## yes_no other
is {thing} open to the public
did {person} work for {org}
was {thing} sold in {year}
does {org} own {thing}
has {thing} been repaired
can {person} use {thing}
is the {money} higher than in {year}
is it true that {org} sold {thing}
are there any {things} that {did}
does {doc} mention {thing}
should {thing} be inspected every year according to {doc}
will {thing} be closed in {year}
## definition definition
what is {term}
what does {term} mean
define {term}
meaning of {term}
what is meant by {term}
who is {person}
what is {org}
explain what {term} is
what does {doc} mean by {term}
## list other
which {things} {did}
what {things} {did}
list the {things} that {did}
name all {things} that {did}
which other {things} {did}
what are the advantages of {thing}
what are the conditions for using {thing}
what measures did {org} take
list of {things} for {thing}
what are the parts of {thing}
## count number
how many {things} {did}
how many {things} are there
number of {things}
how many {things} did {org} have in {year}
what is the number of {things} that {did}
how many people work for {org}
how many times was {thing} repaired
## why reason
why did {person} leave {org}
why was {thing} closed
why {happened}
what was the reason that {happened}
what caused the failure of {thing}
explain why {happened}
reason for closing {thing}
why is {thing} so important for {org}
## how manner
how do I {to_do}
how to {to_do}
how does {thing} work
how did {org} finance {thing}
steps to {to_do}
how did {person} get {thing}
what is the correct way to {to_do}
explain how to {to_do}
how was {thing} made
## summary other
summarise {doc}
summary of {doc}
what is {doc} about
give me the key points of {doc}
main points of {doc} in five bullets
what does {doc} say about {thing}
tell me about {thing}
what is the gist of {doc}
what should I take away from {doc}
## compare other
compare {pair}
what is the difference between {pair}
how do {pair} differ
what do {pair} have in common
which is better according to {doc}, {pair}
differences between {pair}
compare {thing} with {thing2}
how does {thing} compare to {thing2}
which is older, {thing} or {thing2}
## timeline other
what happened in {year}
what happened between {year} and {year2}
timeline of {thing}
history of {thing} year by year
what did {org} do in {year}
chronology of events around {thing}
how did {thing} develop over time
what are the key dates of {thing}
what happened after {happened}
events that led up to the moment when {happened}
## extract mentions
all {mentions} mentioned in {doc}
list all {mentions} in {doc}
extract all {mentions}
every one of the {mentions} that occur in {doc}
find all {mentions} in the text
which {mentions} are mentioned in {doc}
{mentions} in {doc}, all of them
## arithmetic money
how much more {money} did {org} have in {year} than in {year2}
what is the sum of the {money} for {year} and {year2}
difference in {money} between {org} and {org2}
how much higher was the {money} in {year} than in {year2}
calculate the average {money}
total {money} of {org} and {org2} together
## arithmetic number
how many more {things} {did} than before
what is the difference in {measure} between {thing} and {thing2}
add up the number of {things} in {year} and {year2}
average {measure} over the years
## arithmetic percentage
by how many percent did the {money} change between {year} and {year2}
calculate the percentage increase in {measure} from {year} to {year2}
## arithmetic duration
how many years passed between the opening of {thing} and the day when {happened}
how much longer did {thing} take than {thing2}
## about_document person
who wrote {doc}
who is the author of {doc}
## about_document date
when was {doc} published
what is the date of {doc}
when was {doc} written
## about_document organisation
who published {doc}
## about_document number
how many pages has {doc}
how long is {doc}
how many words are there in {doc}
## about_document other
what is the title of {doc}
what language is {doc} in
what sections does {doc} have
where does {doc} come from
## outside other
should I invest in {org}
should I buy {thing}
what do you think of {person}
do you think {org} will survive
is it a good idea to {to_do} myself
would you advise me to work for {org}
what will happen to {org} in ten years
what would you do if you were {person}
in your opinion, is {thing} worth it
will {org} still exist in 2060
write a poem about {thing}
what is the latest news about {org} today
"""

_GAP = re.compile(r"\{(\w+?)(2?)\}")


def _pick(options: tuple[object, ...], *key: object) -> object:
    return options[zlib.crc32(repr(key).encode()) % len(options)]


def questions() -> Iterator[tuple[str, str, str, str]]:
    """(question, shape, kind, phrasing) for every phrasing with `HOW_MANY` topics, at most once each."""
    shape = kind = ""
    seen: set[str] = set()
    for line in PHRASINGS.strip().splitlines():
        if line.startswith("## "):
            shape, kind = line[3:].split()
            continue
        for number in range(HOW_MANY):
            kinds = [kind]

            def fill(gap: re.Match[str], number: int = number, kinds: list[str] = kinds) -> str:
                topics = TOPICS[gap[1]]
                first = _pick(topics, line, gap[1], number)  # noqa: B023
                if gap[2]:
                    topics = tuple(topic for topic in topics if topic != first)
                    first = _pick(topics, line, gap[0], number)  # noqa: B023
                if gap[1] == "mentions":
                    kinds[0] = first[1]  # type: ignore[index]
                    return str(first[0])  # type: ignore[index]
                return str(first)

            question = _GAP.sub(fill, line)
            if number % 3 == 1:
                question = question[0].upper() + question[1:] + "?"
            if question not in seen:
                seen.add(question)
                yield question, shape, kinds[0], line


if __name__ == "__main__":
    for made in questions():
        print(*made, sep="\t")
