"""Rendering is pure, and whatever a document or a model wrote stays text."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from askali import (
    Answer,
    Assistant,
    Cell,
    Citation,
    Claim,
    Document,
    Hit,
    Item,
    Passage,
    Reason,
    Shape,
    Standing,
    Table,
)
from askali.documents.chunking import split_sentences
from askali.errors import StorageError
from askali.messages import SEARCHED_FOR
from askali.serving.http import schemas as wire
from askali.serving.http.http_errors import public_message
from askali.serving.http.queue import Line, LineFull
from askali_ui.article import article_html
from askali_ui.conversation import MAX_TURNS, Conversation, Exchange
from askali_ui.explanation import drawer_html
from askali_ui.export import answer_text, as_html, as_json, as_markdown
from askali_ui.feedback import Feedback, FeedbackError, save
from askali_ui.html import answer_html, where, with_chips
from askali_ui.markdown import figure_columns, markdown_html
from askali_ui.questions import asked_by_the_author, candidates, questions_of, varied
from askali_ui.suggestions import Suggestions
from askali_ui.turn_view import waiting
from ui_room import HARBOUR, HOSTILE

QUOTE = "The toll for cars is three euros."
START = HARBOUR.text.index(QUOTE)
CITED = Citation(1, "harbour", START, START + len(QUOTE), QUOTE, HARBOUR.title, "Cost and crew")
ANSWER = Answer(
    question="What is the toll?",
    standalone_question="What is the toll?",
    text=f"{QUOTE} [1]",
    claims=(Claim(QUOTE, (1,)),),
    citations=(CITED,),
    evidence=(
        Hit(Passage("harbour", CITED.start, CITED.end, QUOTE), 0.1, 1, None),
        Hit(Passage("harbour", 0, 36, HARBOUR.text[:36]), 0.05, None, 2),
    ),
    timings_ms={"retrieve": 12.3},
)
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\u202egnp"


class Tags(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("document", [HARBOUR, HOSTILE])
def test_the_article_shows_every_character_but_space(document: Document) -> None:
    shown = re.sub(r"\s+|[\u202a-\u202e]", "", Tags(article_html(document)).text)
    assert re.sub(r"\s+|[\u202a-\u202e]", "", document.text) in shown


def test_each_sentence_of_the_article_carries_its_offsets() -> None:
    html = article_html(HARBOUR)
    for sentence in split_sentences(HARBOUR):
        marked = f'data-start="{sentence.start}" data-end="{sentence.end}">{sentence.text[:10]}'
        assert marked in html


def test_a_heading_is_a_heading() -> None:
    assert "<h3>Cost and crew</h3>" in article_html(HARBOUR)


def test_nothing_that_a_document_wrote_becomes_a_tag() -> None:
    assert {"script", "img", "svg", "style", "b"}.isdisjoint(Tags(article_html(HOSTILE)).tags)


@pytest.mark.parametrize("reason", [None, *Reason])
def test_nothing_that_an_answer_says_becomes_a_tag(reason: Reason | None) -> None:
    cited = replace(CITED, quote=EVIL, title=EVIL, heading=EVIL, document_id='"><b>')
    evil = Answer(
        question=EVIL,
        standalone_question=EVIL,
        text=f"{EVIL} [1] [9]",
        claims=(Claim(EVIL, (1, 9)),),
        citations=(cited,),
        abstained=bool(reason),
        reason=reason,
        nearest=cited,
        notes=(EVIL,),
        engine=EVIL,
        index_stamp=EVIL,
    )
    html = answer_html(evil) + drawer_html(evil)
    assert {"script", "img", "b"}.isdisjoint(Tags(html).tags)
    assert "\u202e" not in html


def test_a_number_without_a_citation_is_not_shown() -> None:
    html = with_chips("One [1] and two [7].", {1: CITED})
    assert html.count('class="chip"') == 1
    assert "7" not in Tags(html).text


def test_a_few_words_stand_above_the_sentence_they_are_from() -> None:
    html = answer_html(
        replace(ANSWER, text="three euros [1]", claims=(Claim("three euros", (1,)),))
    )
    assert "The toll for cars is <strong>three euros</strong>." in html
    assert "beside" not in answer_html(ANSWER)


FEES = Document("fees", "Fees", "Due | 2023 | 2024\nCars | 3 | 4\nVans | 5 | <b>6</b>\nAll pay.")


def test_rows_become_a_table_with_every_character_and_their_offsets() -> None:
    tags = Tags(article_html(FEES))
    assert re.sub(r"\s", "", FEES.text) in re.sub(r"\s", "", tags.text)
    assert article_html(FEES).count("<tr ") == 3
    assert article_html(FEES).count("<th") == 3
    assert '<td class="num"><span class="edge">|</span>' in article_html(FEES)
    assert article_html(FEES).count('class="num"') == 6
    assert 'data-start="18" data-end="30"' in article_html(FEES)
    assert "<b>" not in article_html(FEES)


def test_rows_that_answer_stand_in_a_table_with_their_chips() -> None:
    with Assistant.from_documents([FEES], llm="none") as bot:
        answer = bot.ask("What is due for cars in 2024?")
    html = answer_html(answer)
    assert {c.quote for c in answer.citations} == {"Due | 2023 | 2024", "Cars | 3 | 4"}
    assert "<table>" in html and html.count("<tr") == 2
    assert 'data-quote="Due | 2023 | 2024"' in html and 'data-quote="Cars | 3 | 4"' in html


def test_what_a_reader_should_know_stands_with_the_answer_wherever_it_goes() -> None:
    note = "The source does not say: and for lorries?"
    searched_for = SEARCHED_FOR.format(question=ANSWER.standalone_question)
    noted = replace(ANSWER, notes=(searched_for, note))
    kept = Conversation((Exchange("a", noted),))
    for told in (answer_html(noted), answer_text(noted), as_markdown(kept, {})):
        assert note in told
        assert searched_for not in told


def test_conflicting_statements_stand_side_by_side_with_their_chips() -> None:
    other = replace(CITED, number=2, start=0, end=36, quote=HARBOUR.text[:36])
    both = replace(
        ANSWER,
        abstained=True,
        reason=Reason.CONFLICTING,
        citations=(CITED, other),
        claims=(*ANSWER.claims, Claim(other.quote, (2,))),
    )
    html = answer_html(both)
    assert html.count("<li>") == 2
    assert html.count('class="chip"') == 2


def test_the_drawer_says_which_hits_were_used() -> None:
    html = drawer_html(ANSWER)
    assert html.count("<td>[1]</td>") == 1
    assert html.count("not used") == 1
    assert "12 ms" in html


def test_the_drawer_tells_what_the_engine_found_of_a_passage_that_was_not_used() -> None:
    used, other = ANSWER.evidence
    told = {
        None: "none of its sentences states anything",
        Standing(ANSWER.question, 4): "its best sentence ranks 4<",
        Standing("<who> paid?", 1): "its best sentence ranks 1 for “&lt;who&gt; paid?”<",
        Standing(ANSWER.question, 2, lacks_name=True): "ranks 2, a name asked for is missing<",
        Standing(
            ANSWER.question, 3, stated=0.08
        ): "ranks 3, the local model finds it 8 % likely to answer<",
    }
    for standing, reason in told.items():
        evidence = (used, replace(other, standing=standing))
        assert reason in drawer_html(replace(ANSWER, evidence=evidence))
    refused = replace(
        ANSWER,
        abstained=True,
        citations=(),
        evidence=(replace(used, standing=Standing(ANSWER.question, 1)),),
    )
    assert "does not state what is asked, its best sentence ranks 1<" in drawer_html(refused)


def test_the_drawer_tells_the_verdict_of_each_claim() -> None:
    claims = (*ANSWER.claims, Claim("It is cheap.", (1,), "replaced: the <source> does not say so"))
    html = drawer_html(replace(ANSWER, claims=claims))
    assert f"“{QUOTE}” stands word for word in [1]" in html
    assert "in place of a statement that did not pass: the &lt;source&gt; does not say so" in html


def test_suggestions_wait_for_people_and_come_spread_over_the_document(tmp_path) -> None:
    lines = [f"In {1900 + n}, Harbour{n} opened the pier{n} bridge.\n\n" for n in range(40)]
    busy = [True]
    with Assistant.from_documents([Document("d", "D", "".join(lines))], home=tmp_path) as bot:
        suggestions = Suggestions(bot, is_busy=lambda: busy[0])
        suggestions.start()
        assert not suggestions.ready.wait(0.5)
        busy.clear() or busy.append(False)
        assert suggestions.ready.wait(30)
        years = [int(re.search(r"Harbour(\d+)", q)[1]) for q in suggestions.first()]
        suggestions.close()
    assert len(years) == 4 and years == sorted(years)
    assert years[-1] - years[0] >= 20


def talk() -> Conversation:
    return Conversation((Exchange("t1", ANSWER),))


def test_the_saved_page_needs_nothing_from_outside() -> None:
    html = as_html(talk(), {"harbour": HARBOUR})
    assert QUOTE in html
    assert not re.search(r"""(?:src|href)=["'](?!#)""", html)


def test_saved_markdown_keeps_links_and_tags_asleep() -> None:
    evil = replace(ANSWER, question="![x](http://evil.example) <b>")
    page = as_markdown(Conversation((Exchange("t", evil),)), {})
    assert "![x](" not in page
    assert "\\<b\\>" in page


def test_saved_json_is_the_answers_own_form() -> None:
    saved = json.loads(as_json(talk(), {"harbour": HARBOUR}))
    assert saved["answers"][0]["citations"][0]["quote"] == QUOTE
    assert saved["documents"][0]["sha256"] == HARBOUR.content_hash


def test_an_answer_that_a_page_sends_back_is_the_same_answer() -> None:
    abstained = replace(ANSWER, abstained=True, reason=Reason.CONFLICTING, nearest=CITED)
    for answer in (ANSWER, abstained):
        sent = json.loads(json.dumps(answer.to_dict()))
        assert wire.answer(sent) == answer


@pytest.mark.parametrize("sent", [None, "text", {}, {"question": 3}, {"claims": [1]}])
def test_what_is_no_answer_is_refused(sent: object) -> None:
    with pytest.raises(wire.PageError, match="reload"):
        wire.answer(sent)


def test_a_page_sends_no_more_than_its_newest_turns() -> None:
    sent = [{"id": str(n), "answer": ANSWER.to_dict()} for n in range(MAX_TURNS + 5)]
    kept = wire.conversation(sent).turns
    assert [kept[0].id, len(kept)] == ["5", MAX_TURNS]
    assert wire.conversation("nonsense").turns == ()


def test_a_quote_that_does_not_stand_where_it_says_is_not_genuine() -> None:
    documents = {"harbour": HARBOUR}
    assert wire.is_genuine(ANSWER, documents)
    for false in (replace(CITED, quote="The toll is ten euros."), replace(CITED, start=START + 1)):
        assert not wire.is_genuine(replace(ANSWER, citations=(false,)), documents)
        assert not wire.is_genuine(replace(ANSWER, nearest=false), documents)
    assert not wire.is_genuine(ANSWER, {})


def test_a_question_with_fields_missing_is_read_as_an_empty_one() -> None:
    read = wire.asked({"history": ["x", {"role": "user", "content": "a"}] * 20, "within": "x"})
    assert (read.question, read.within, read.key) == ("", None, "")
    assert len(read.history) == 12


def test_feedback_with_an_unknown_verdict_is_refused(tmp_path) -> None:
    with pytest.raises(FeedbackError, match="expected one of good"):
        save(Feedback(ANSWER, "splendid"), tmp_path)
    assert not list(tmp_path.iterdir())


def test_feedback_that_cannot_be_written_says_why(tmp_path) -> None:
    (tmp_path / "feedback").write_text("in the way")
    with pytest.raises(FeedbackError, match="was not saved"):
        save(Feedback(ANSWER, "good"), tmp_path)


def test_those_who_wait_know_their_place_and_move_up() -> None:
    line = Line(servers=1, places=3)
    tickets = [line.join() for _ in range(3)]
    assert [line.place(ticket) for ticket in tickets] == [0, 1, 2]
    with pytest.raises(LineFull, match="3 questions"):
        line.join()
    line.leave(tickets[0])
    assert [line.place(ticket) for ticket in tickets[1:]] == [0, 1]


def test_who_leaves_between_the_look_and_the_wait_is_not_missed() -> None:
    async def waits() -> int:
        line = Line(servers=1)
        first, second = line.join(), line.join()
        movement = line.movement()
        assert line.place(second) == 1
        line.leave(first)
        await asyncio.wait_for(movement.wait(), 1)
        return line.place(second)

    assert asyncio.run(waits()) == 0


def test_leaving_twice_moves_nobody() -> None:
    line = Line(servers=1)
    first, second = line.join(), line.join()
    line.leave(first)
    line.leave(first)
    assert line.place(second) == 0


def test_a_place_in_line_is_said_as_people_say_it() -> None:
    said = {n: waiting("t", n)["stage"].split("you are ")[1] for n in (1, 2, 3, 4, 11, 21, 112)}
    assert [word.split()[0] for word in said.values()] == [
        "next", "2nd", "3rd", "4th", "11th", "21st", "112th",
    ]  # fmt: skip


def test_a_message_for_visitors_names_no_folder_of_this_machine() -> None:
    message = public_message(StorageError("cannot write /home/ann/data/index.db: disk full"))
    assert message == "cannot write …/index.db: disk full"


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (
            "In 2015, NetEase launched the shop Kaola.",
            "When was the shop Kaola launched by NetEase?",
        ),
        ("The depot was closed because the lease had ended.", "Why was the depot closed?"),
        ("Google will invest £5 billion in the UK.", "How much will Google invest?"),
        ("YMTC is an integrated memory company.", "What is YMTC?"),
        ("Ann Lee, CEO of Nordbau, resigned.", "Who is the CEO of Nordbau?"),
        ("The Aurora was built in Gdansk in 1998.", "When was the Aurora built?"),
        ("A berth costs 40 euros.", "How much does a berth cost?"),
    ],
)
def test_a_plain_sentence_gives_a_plain_question(text: str, question: str) -> None:
    [sentence] = split_sentences(Document("d", "t", text))
    assert question in list(questions_of(sentence))


def test_hearsay_pronouns_and_two_verbs_give_no_question() -> None:
    text = 'The rumour "Alibaba plans to invest $1 billion" spread. It is a company. '
    text += "The test lasts one year and costs 9,000 euros."
    document = Document("d", "t", text)
    assert [q for sentence in split_sentences(document) for q in questions_of(sentence)] == []


def test_what_the_author_asks_is_suggested_in_any_language() -> None:
    text = "Wem gehört die neue Brücke?\n\nDie Brücke gehört der Stadt Bremen.\n\nWarum?\n"
    document = Document("d", "t", text)
    [asked] = asked_by_the_author(split_sentences(document))
    assert asked.question == "Wem gehört die neue Brücke?"
    assert asked.start <= text.index("Die Brücke") < asked.end


def test_a_table_gives_questions_for_its_figures_and_a_title_none() -> None:
    text = "Who pays for the ferry?\n\n| Pier | Lamps 2025 |\n| --- | --- |\n| East | 14 |\n"
    document = Document("d", "Who pays for the ferry?", text)
    found = [s.question for s in candidates({"d": document})]
    assert found[0] == "What is the lamps 2025 figure for East?"
    assert document.title not in found


def test_any_text_has_questions_of_its_gist_and_sections_which_name_one_of_several() -> None:
    text = "The ferry runs.\n\n## Winter\n\nIt stops in ice.\n"
    document = Document("d", "The ferry", text)
    alone = [s.question for s in candidates({"d": document})]
    assert alone == ["What is this about?", "What does it say about “Winter”?"]
    among = [s.question for s in candidates({"d": document}, names=True)]
    assert among[0] == "What is “The ferry” about?"


def test_a_column_of_one_word_is_asked_for_as_people_do() -> None:
    document = Document("d", "Bath", "| Ticket | Price |\n| --- | --- |\n| Adult | 5.50 |\n")
    assert candidates({"d": document})[0].question == "What is the price for Adult?"


def test_a_table_suggests_two_of_its_rows_and_says_what_a_number_numbers() -> None:
    rows = "\n".join(f"| {n} | {n * 7} |" for n in range(1, 6))
    document = Document("d", "Trams", f"| Line | 2025 |\n| --- | --- |\n{rows}\n")
    found = [s.question for s in candidates({"d": document})]
    assert found[0] == "What is the 2025 figure for line 1?"
    assert len([question for question in found if "figure" in question]) == 2


def test_what_is_suggested_of_several_documents_is_not_all_of_one_form() -> None:
    piers = "".join(f"| Pier {n} | {n * 7} |\n" for n in range(1, 4))
    table = f"| Pier | Lamps |\n| --- | --- |\n{piers}"
    documents = {
        id: Document(
            id, f"The {id}", f"{table}\n## Winter\n\nThe {id} was closed because of ice.\n"
        )
        for id in ("ferry", "lock", "quay")
    }
    every = candidates(documents)
    groups = [[each for each in every if each.document_id == id] for id in documents]
    shown = varied(groups, 3)
    assert [each.document_id for each in shown] == ["ferry", "lock", "quay"]
    assert len({each.form for each in shown}) == 3
    assert len({each.form for each in varied(groups[:1], 3)}) == 3
    gists = [[each for each in group if each.form == "about"] for group in groups]
    assert len(varied(gists, 6)) == 2


def test_columns_of_figures_stand_flush_right_and_the_first_one_names_its_row() -> None:
    rows = [["1", "Harbour – Market", "11,200", "5 %"], ["2", "Mill 4", "–3.1 m", ""]]
    assert set(figure_columns(rows)) == {2, 3}
    html = markdown_html("|  | Sum |\n|---|---|\n| A | 7 [1] |\n", str)
    assert '<td class="num">7 [1]</td>' in html
    assert "<td></td>" in html, "a corner that names nothing is no heading"


def test_a_place_is_named_without_columns_and_without_its_title_twice() -> None:
    cited = Citation(1, "d", 0, 3, "a |", "Trams", "Trams · By line · Line | 2025", page=2)
    assert where(cited) == "Trams · By line · page 2"


def test_questions_are_kept_with_the_index_and_are_there_at_once(tmp_path) -> None:
    lines = [f"In {1900 + n}, Harbour{n} opened the pier{n} bridge.\n\n" for n in range(9)]
    document = Document("d", "D", "".join(lines))
    for _ in range(2):
        with Assistant.from_documents([document], home=tmp_path, llm="none") as bot:
            suggestions = Suggestions(bot)
            suggestions.start()
            suggestions._thread.join(60)
            questions = suggestions.first()
    assert len(questions) == 4
    assert len(list((tmp_path / "page").iterdir())) == 1


LISTED = replace(
    ANSWER,
    text=f"Two rules:\n\n- **Cars** pay [1]\n- {EVIL} [1] [x](javascript:alert(1)) [9]",
    shape=Shape.LIST,
    items=(Item("Cars", (1,)),),
)


def test_a_list_is_a_list_with_a_chip_in_each_entry_and_nothing_else_alive() -> None:
    tags = Tags(answer_html(LISTED))
    assert tags.tags.count("li") == 3, "two entries, and one document that they are from"
    assert tags.tags.count("strong") == 1
    assert {"script", "img"}.isdisjoint(tags.tags)
    assert answer_html(LISTED).count('class="chip"') == 3
    assert 'href="javascript' not in answer_html(LISTED)


def test_the_asked_cell_of_a_table_is_set_off_and_its_chips_stand_in_the_cells() -> None:
    table = Table(("Who", "Toll"), ((Cell("Cars"), Cell("three euros", (1,), is_asked=True)),))
    tabled = replace(ANSWER, text="The tolls:", shape=Shape.EXTRACT, table=table)
    html = answer_html(tabled)
    assert '<td class="asked-cell">three euros<a class="chip"' in html
    assert "| Cars | three euros [1] |" in as_markdown(Conversation((Exchange("t", tabled),)), {})


def test_small_talk_is_friendly_and_no_warning() -> None:
    hello = Answer("hello", "hello", "Hello. Ask me of the bridge.", shape=Shape.SMALL_TALK)
    assert "notice" not in answer_html(hello)


def test_emphasis_and_bullets_of_a_source_are_shown_and_every_character_stays() -> None:
    document = Document(
        "d", "D", "*Written by Ann. Read by Bo.*\n\n- The **Aurora** is 2 * 3 * 4 m long.\n"
    )
    html = article_html(document)
    assert "<strong>Aurora</strong>" in html and 'class="bullet"' in html
    shown = Tags(html).text
    assert re.sub(r"\s", "", document.text) in re.sub(r"\s", "", shown)
    assert "2 * 3 * 4 m" in shown
    for sentence in split_sentences(document):
        assert f'data-start="{sentence.start}" data-end="{sentence.end}"' in html
