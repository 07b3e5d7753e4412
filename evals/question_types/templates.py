"""Training questions made from phrasings and topics: neighbours that only the wording parts.

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
    "span": (
        "years",
        "days",
        "weeks",
        "months",
        "hours",
        "minutes",
        "seconds",
        "nights",
        "decades",
    ),
    "unit": (
        "kilometres",
        "miles",
        "metres",
        "litres",
        "grams",
        "kilos",
        "tons",
        "hectares",
        "acres",
        "volts",
        "watts",
        "calories",
        "degrees",
        "square metres",
        "pounds of sugar",
        "gallons",
    ),
    "coins": ("dollars", "euros", "pounds", "francs", "yen", "crowns", "million dollars"),
    "now": ("today", "right now", "now", "at the moment", "tonight", "this morning"),
    "verb": ("sank", "won", "applied", "survived", "signed", "broke down", "were hired", "escaped"),
    "deed": (
        "signed the contract",
        "opened the exhibition",
        "found the body",
        "repaired the roof",
        "broke the record",
        "drew the plans",
        "sold the land",
        "ran the campaign",
        "wrote the opera",
        "trained the team",
        "drove the van",
        "proposed the amendment",
    ),
    "named": (
        "the Falkner Report",
        "Lake Umber",
        "the Osprey Fund",
        "Project Halyard",
        "Cedar Point",
        "the Tilden Act",
        "Marrow Street",
        "the Iron Choir",
        "Veldmark",
        "the Hague Index",
        "the Doyle effect",
        "Kestrel Mining",
        "the Winter Accord",
        "the Copper League",
    ),
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

HOW_MANY = 4
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
how many {span} did {thing} take #duration
how many {span} did {person} stay #duration
how many {span} is the wait #duration
how many {span} are left to appeal #duration
how many {span} does {thing} last #duration
how many {unit} does {thing} need #number
how many {unit} is it to {thing} #number
how many {unit} does {thing} cover #number
how many {coins} did {org} pay #money
how many {coins} did {thing} cost #money
how much money did {person} get #money
total cost of {thing} #money
total {money} #money
average {measure} #number
average {money} in {year} #money
how old is {person} #duration
how old was {person} in {year} #duration
what percentage of {things} {verb} #percentage
by what percentage did the {money} rise #percentage
what percentage of the {money} goes to {org} #percentage
who {deed} #person
which of the {things} {verb} first
what is the title of the book by {person}
what is the {term} clause about
what is the result of the inspection of {thing}
what is the main risk of {thing}
what is the address of {org} #place
what is the phone number of {org} #number
what happens if {thing} fails
which company {deed} #organisation
which city hosts {thing} #place
which part of {thing} was damaged
what is {thing} used for
what would change for {org}
## definition definition
what is {named}
who or what is {named}
what exactly is {named}
what kind of thing is {term}
what do the letters in {named} stand for
## list other
who {deed} besides {person} #person
what penalties can {org} impose
what rules does {org} apply
what services does {org} offer
where does {org} have offices #place
in which countries is {org} active #place
name the {things} that {verb}
which {things} {verb}
name two {things} that {verb}
list {org} products
what other reasons does {person} give
what factors influence {money}
who are the partners of {org} #organisation
who works with {person} #person
## count number
how many {things} {verb}
what number of {things} {verb}
count the {things} that {verb}
how many times did {person} visit {thing}
how many times has {thing} been closed
number of {things} that {verb}
no of {things}
## yes_no other
did any {things} {did}
do {things} need a permit
did {person} like {thing}
must {person} pay for {thing}
can {thing} be repaired
was it {person} who {deed}
has anyone seen {thing}
are {things} allowed
do we know whether {happened}
will {thing} be open in {year}
## arithmetic duration
how long after {happened} did {person} die
how many {span} after {thing} opened was it closed
how many {span} before {year} was {thing} built
how many {span} lie between {year} and {year2}
how old was {person} when {happened}
how much time passed until {happened}
how much older is {person} than {person2}
## arithmetic money
total {money} of both together
how much do three of them cost together
combined {money} of {org} and {org2}
what is the sum of the {money} and the {money2}
what is half of the {money}
{money} minus {money2}
by how much did {org} exceed the {money}
how much is left of the {money} after the {money2}
by how much did the {money} of {org} grow between {year} and {year2}
## arithmetic number
how many more {things} than {things2} are there
how many fewer {things} were there in {year} than in {year2}
how many {things} do {org} and {org2} have together
how much bigger is {thing} than {thing2}
how many {things} per {person} is that
by how many {things} did it grow
how many times as many {things} {verb} in {year}
convert the {measure} to feet
## compare other
{thing} vs {thing2}
{org} or {org2}, which is bigger
which has the higher {measure}, {thing} or {thing2}
what sets {org} apart from {org2}
advantages of {thing} over {thing2}
how is {thing} different from {thing2}
{year} against {year2}
## summary other
overview of {doc}
recap {doc}
what does {doc} tell us about {named}
what does it say about {org}
describe {doc} briefly
quick overview of {thing}
what topics does {doc} discuss
## about_document other
where can I find the original of {doc}
how is {doc} structured
is {doc} in english
which version of {doc} is this
name of {doc}
## about_document date
how old is {doc}
when was {doc} last updated
## about_document number
how many sections does {doc} have
how many characters does {doc} have
## how manner
what do I do if {happened}
what is the procedure to {to_do}
what must I do to {to_do}
what is the best way to {to_do}
in what way does {thing} help {org}
can you show me how to {to_do}
how can one {to_do}
how did {person} manage to save {thing}
## why reason
how come {happened}
what caused {thing} to fail
what led to the closing of {thing}
for what purpose was {thing} built
what was the motive of {person}
what made {person} leave
cause of the failure of {thing}
what brought about {named}
## timeline other
what happened during {year}
what took place in {year}
how did {thing} change over the years
and what happened after that
trace the career of {person}
what did {person} do in {year}
how did {org} grow since {year}
schedule of {thing}
## outside other
what is the price of gold {now} #money
how is the weather {now}
what is the news about {org} {now}
who is winning {now}
how many people are online {now} #number
what time is it {now} #time_of_day
how do I become {person} #manner
how do I stop worrying about {thing} #manner
tell me a funny story about {person}
should {person} be fired
should we sell {thing}
is {person} a good person
can I sue {org}
which is nicer, {thing} or {thing2}, in your opinion
where should I buy {thing} #place
when should I sell {thing} #date
how much should I pay for {thing} #money
draft a letter to {person}
translate {doc} into spanish
will I like {thing}
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
    """(question, shape, kind, phrasing) for every phrasing with `HOW_MANY` topics, each once."""
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

            phrase, _, own = line.partition(" #")
            kinds[0] = own or kind
            question = _GAP.sub(fill, phrase)
            if number % 3 == 1:
                question = question[0].upper() + question[1:] + "?"
            if question not in seen:
                seen.add(question)
                yield question, shape, kinds[0], line


if __name__ == "__main__":
    for made in questions():
        print(*made, sep="\t")
