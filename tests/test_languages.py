"""Documents and questions in other languages than English, with the encoder that is shipped."""

import pytest

from askali import Assistant, Document

GERMAN = (
    "Die Wassermühle am Erlbach wurde 1811 von der Familie Brandl gebaut. Sie gehört heute der "
    "Gemeinde Oberau. Die Müllerin heißt Resi Lohmann. Das Mühlrad hat einen Durchmesser von "
    "sieben Metern. Führungen finden am ersten Sonntag jedes Monats statt."
)
SPANISH = (
    "El molino de Arroyuelo fue construido en 1811 por la familia Brandal. Hoy pertenece al "
    "ayuntamiento. La molinera se llama Inés Lozano. La rueda mide siete metros de diámetro. Las "
    "visitas cuestan cuatro euros por persona."
)
FRENCH = (
    "Le moulin d'Aubrac a été construit en 1811 par la famille Brandel. Il appartient aujourd'hui "
    "à la commune. La meunière s'appelle Inès Lorrain. La roue mesure sept mètres de diamètre."
)
CHINESE = (
    "青溪水磨坊\n\n青溪水磨坊由白氏家族于一八一一年建造。磨坊现在属于青溪村。"
    "磨坊主是罗秀英。水轮的直径为七米。参观票价为每人四元。"
)
JAPANESE = (
    "青川の水車小屋は一八一一年に白田家が建てました。現在の所有者は青川村です。"
    "管理人は罗田春子です。水車の直径は七メートルです。"
)


@pytest.mark.parametrize(
    ("text", "question", "said"),
    [
        (GERMAN, "Wie heißt die Müllerin?", "Resi Lohmann"),
        (GERMAN, "Wem gehört die Wassermühle heute?", "Gemeinde Oberau"),
        (GERMAN, "Wann finden die Führungen statt?", "am ersten Sonntag"),
        (SPANISH, "¿Cómo se llama la molinera?", "Inés Lozano"),
        (SPANISH, "¿Cuánto cuestan las visitas?", "cuatro euros"),
        (SPANISH, "¿Cuánto mide la rueda?", "siete metros"),
        (FRENCH, "Comment s'appelle la meunière ?", "Inès Lorrain"),
        (FRENCH, "Qui a construit le moulin ?", "la famille Brandel"),
        (FRENCH, "Combien mesure la roue ?", "sept mètres"),
        (CHINESE, "磨坊主是谁？", "罗秀英"),
        (CHINESE, "水轮的直径是多少？", "七米"),
        (CHINESE, "参观票价是多少？", "四元"),
        (CHINESE, "磨坊现在属于谁？", "青溪村"),
        (JAPANESE, "水車の直径はいくらですか。", "七メートル"),
        (JAPANESE, "管理人は誰ですか。", "罗田春子"),
    ],
)
def test_a_question_in_its_documents_language_gets_the_one_sentence(
    text: str, question: str, said: str
) -> None:
    with Assistant.from_documents([Document("mill", "", text)], llm="none") as bot:
        answer = bot.ask(question)
        assert not answer.abstained
        assert [said in c.quote for c in answer.citations] == [True]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (GERMAN, "Wie viel Gewinn machte die Molkerei?"),
        (SPANISH, "¿Quién dirige la orquesta?"),
        (FRENCH, "Quel est le chiffre d'affaires de la banque ?"),
        (CHINESE, "公司的利润是多少？"),
        (CHINESE, "铁路是什么时候开通的？"),
        (JAPANESE, "鉄道の料金はいくらですか。"),
    ],
)
def test_what_such_a_document_does_not_say_is_refused_without_a_word_on_languages(
    text: str, question: str
) -> None:
    with Assistant.from_documents([Document("mill", "", text)], llm="none") as bot:
        answer = bot.ask(question)
        assert answer.abstained
        assert not any("language" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("text", "question", "told"),
    [
        (GERMAN, "¿Cómo se llama la molinera?", "Spanish, the source is in German"),
        (SPANISH, "水轮的直径是多少？", "Chinese, the source is in Spanish"),
        (CHINESE, "Who is the miller of the water mill?", "English, the source is in Chinese"),
    ],
)
def test_a_refusal_says_that_the_languages_differ(text: str, question: str, told: str) -> None:
    with Assistant.from_documents([Document("mill", "", text)], llm="none") as bot:
        answer = bot.ask(question)
        assert answer.abstained
        assert any(told in note for note in answer.notes)


def test_each_document_is_read_in_its_own_language() -> None:
    documents = [Document(str(n), "", t) for n, t in enumerate((GERMAN, SPANISH, CHINESE))]
    with Assistant.from_documents(documents, llm="none") as bot:
        asked = {"0": "Wie heißt die Müllerin?", "1": "¿Cuánto cuestan las visitas?"}
        asked["2"] = "磨坊主是谁？"
        found = {id: {c.document_id for c in bot.ask(q).citations} for id, q in asked.items()}
    assert found == {"0": {"0"}, "1": {"1"}, "2": {"2"}}


def test_words_of_another_language_are_not_spelled_by_the_documents() -> None:
    text = "The mill has a view of the lake. The investment was 40 crowns."
    with Assistant.from_documents([Document("mill", "Mill", text)], llm="none") as bot:
        said = bot.ask("Wie viel investiert die Mühle in die Kühe?")
    assert said.standalone_question == "Wie viel investiert die Mühle in die Kühe?"
