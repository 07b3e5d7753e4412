"""Word lists of verification: what is plain function, what turns a statement round."""

from __future__ import annotations

FREE = frozenset(
    """a an the this that these those its his her their our my your it he she they we i you him
    them us me who whom whose which what there here itself himself herself themselves and or as
    is are was were be been being am has have had having do does did done of in on at for with to
    into onto also then so thus however moreover furthermore meanwhile such s re ve d m ll one's
    indeed therefore where when while although though because""".split()
)
"""Words that a claim may add: grammar, no statement of their own."""

PRONOUNS = frozenset(
    """it he she they his her its their him them we our us i my who whom whose which that this
    these those""".split()
)

PREPOSITIONS = frozenset(
    """of in on at by for from to with into onto over under between among during since until till
    after before through across against within about around near above below behind beyond per via
    as like than toward towards upon including alongside despite without throughout amid unlike
    except besides""".split()
)

BINDING = frozenset("from to by since until till before after than against".split())
"""Prepositions that say which end of something a value or a name is."""

CONJUNCTIONS = frozenset("and or but nor while whereas although though because".split())

CLAUSE_OPENERS = frozenset(
    "but while whereas although though because which who whom whose where".split()
)

AUXILIARIES = frozenset(
    """is are was were be been being am has have had do does did will would shall should can could
    may might must""".split()
)
BE = frozenset("is are was were be been being am".split())

COMPARATIVES = frozenset(
    """more less fewer most least before after up down over under above below higher lower greater
    smaller larger bigger better worse earlier later younger older longer shorter faster slower
    first last increase decrease rise fall grow shrink gain lose improve worsen highest lowest
    largest smallest biggest best worst earliest latest oldest youngest longest shortest all some
    every each both many few several none any always never often rarely seldom sometimes usually
    only almost nearly exactly mostly mainly entirely partly partially half double twice triple
    inside outside north south east west left right top bottom former latter maximum minimum
    exceed same different since until during within beyond increased decreased maximum minimum
    against early late majority minority win profit loss import export buy sell""".split()
)
"""Words with an opposite: exchanging one is a fault of comparison, not of coverage."""

LIMITING = frozenset(
    """some most many few several partly partially almost nearly former formerly ex alleged would
    potential possible likely half co vice deputy acting pseudo anti non hardly rarely seldom
    sometimes occasionally mostly attempted planned proposed failed fake so-called least""".split()
)
"""Words that may not be left out in front of what they limit."""

NUMBER_BOUNDS = {
    "more than": ">", "greater than": ">", "over": ">", "above": ">", "exceeding": ">",
    "exceeded": ">", "exceeds": ">", "exceed": ">", "in excess of": ">", "at least": ">=",
    "no less than": ">=", "no fewer than": ">=", "not less than": ">=", "minimum of": ">=",
    "less than": "<", "fewer than": "<", "under": "<", "below": "<", "at most": "<=",
    "no more than": "<=", "not more than": "<=", "up to": "<=", "maximum of": "<=",
}  # fmt: skip

_IRREGULAR = """be:is,are,was,were,been,being,am have:has,had,having do:does,did,done become:became
begin:began,begun break:broke,broken bring:brought build:built buy:bought catch:caught
choose:chose,chosen come:came cut:cutting deal:dealt draw:drew,drawn drive:drove,driven
eat:ate,eaten fall:fell,fallen feel:felt fight:fought find:found fly:flew,flown
forget:forgot,forgotten get:got,gotten give:gave,given go:went,gone,goes grow:grew,grown
hear:heard hide:hid,hidden hold:held keep:kept know:knew,known lay:laid lead:led leave:left
lend:lent lose:lost make:made mean:meant meet:met pay:paid put:putting read:reading ride:rode,ridden
rise:rose,risen run:ran see:saw,seen seek:sought sell:sold send:sent set:setting shoot:shot
show:showed,shown sing:sang,sung sit:sat speak:spoke,spoken spend:spent stand:stood
steal:stole,stolen strike:struck swear:swore,sworn swim:swam,swum take:took,taken
teach:taught tell:told think:thought
throw:threw,thrown understand:understood wear:wore,worn win:won write:wrote,written
lie:lay,lain wind:wound bind:bound shrink:shrank,shrunk sink:sank,sunk spread:spreading
withdraw:withdrew,withdrawn overtake:overtook,overtaken undertake:undertook,undertaken
say:said,says bear:bore,born,borne woman:women man:men child:children person:people foot:feet
arise:arose,arisen forbid:forbade,forbidden outgrow:outgrew lend:lent slide:slid stick:stuck
beat:beaten blow:blew,blown freeze:froze,frozen shake:shook,shaken weave:wove,woven
high:higher,highest low:lower,lowest"""
LEMMAS = {
    form: lemma
    for entry in _IRREGULAR.split()
    for lemma, forms in [entry.split(":")]
    for form in forms.split(",")
    if lemma not in ("high", "low")
}
PAST = frozenset(
    form
    for form, lemma in LEMMAS.items()
    if not form.endswith("ing") and lemma not in ("woman", "man")
)

_ALIKE = """buy,acquire,purchase begin,start,commence locate,situate movie,film
firm,company,corporation child,kid car,automobile obtain,get,receive help,assist
build,construct show,demonstrate aim,goal,objective kill,slay use,utilize,utilise
error,mistake require,need enough,sufficient end,finish choose,select,pick try,attempt
whole,entire rapid,fast,quick yearly,annual large,big"""
SYNONYM_GROUPS = tuple(tuple(group.split(",")) for group in _ALIKE.split())
"""Words for the same thing in every sentence; a word in two groups is in none but its first."""
