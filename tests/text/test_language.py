import pytest

from askali.domain import Document
from askali.text.language import is_foreign, language, language_of
from askali.text.tokens import analyze, content_words, words


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Who repaired the bell of the chapel?", "en"),
        ("Where is Haus der Kunst?", "en"),
        ("Wer hat die Glocke der Kapelle repariert?", "de"),
        ("¿Quién reparó la campana de la capilla?", "es"),
        ("Qui a réparé la cloche de la chapelle ?", "fr"),
        ("谁修好了教堂的钟？", "zh"),
        ("礼拝堂の鐘を直したのは誰ですか。", "ja"),
        ("예배당의 종은 누가 고쳤습니까?", "ko"),
        ("ใครซ่อมระฆังของโบสถ์", "th"),
        ("Кто починил колокол часовни?", "ru"),
        ("1974", ""),
        ("", ""),
    ],
)
def test_a_text_tells_its_language(text: str, code: str) -> None:
    assert language(text) == code


@pytest.mark.parametrize("question", ["opening hours", "MIT licence?", "Mirela Dunn 2019"])
def test_too_few_words_are_of_no_language(question: str) -> None:
    assert not is_foreign(question, "La campana fue reparada por la parroquia en el año 1974.")


def test_what_a_record_says_counts_only_where_the_text_tells_nothing() -> None:
    german = "Die Mühle am Bach wurde im Jahr 1811 gebaut und gehört seither der Gemeinde."
    assert language_of(Document("a", "", german, language="en-US")) == "de"
    assert language_of(Document("b", "", "1811", language="fr-CA")) == "fr"
    assert language_of(Document("c", "", "1811")) == "en"


@pytest.mark.parametrize(
    "rows",
    [
        "state | city\nMaine | Augusta\nLouisiana | Baton Rouge\nIowa | Des Moines\nIdaho | Boise",
        "Ola Brandt | 41 | Berlin\nMia Conti | 39 | Torino\nJan de Vries | 28 | Utrecht",
        "Alpha | Beta | Gamma\n12 | 44 | 9\n83 | 1 | 7",
    ],
)
def test_a_table_of_names_and_figures_is_read_as_english(rows: str) -> None:
    assert language_of(Document("t", "", rows)) == "en"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("水车建于一八一一年，属于村庄。", "水车是谁的？"),
        ("董事会任命林小川为经理。", "经理是谁？"),
        ("大学の図書館は駅の東側にあります。", "図書館はどこですか。"),
        ("방앗간은 마을에 속한다.", "방앗간은 언제 지었나?"),
        ("โรงสีสร้างขึ้นในปีนั้น", "โรงสีอยู่ที่ไหน"),
    ],
)
def test_a_question_shares_words_with_its_text_where_no_spaces_part_them(
    text: str, asked: str
) -> None:
    assert set(analyze(text)) & set(analyze(asked))


@pytest.mark.parametrize("text", ["营业收入2023年", "ทะเบียน ABC", "हिन्दी भाषा", "東京タワーは333m"])
def test_words_of_all_scripts_keep_their_spans(text: str) -> None:
    assert all(text[word.start : word.end] == word.text for word in words(text))


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("es", "molinos", "molino"),
        ("de", "Mühlen", "Mühle"),
        ("fr", "réparées", "réparée"),
        ("ru", "мельницы", "мельница"),
    ],
)
def test_forms_of_a_word_are_one_in_their_own_language(language: str, one: str, other: str) -> None:
    assert analyze(one, language) == analyze(other, language)


def test_small_words_are_those_of_the_language() -> None:
    asked = content_words("¿Cuántos molinos hay en la aldea?", "es")
    assert [word.text for word in asked] == ["molinos", "hay", "aldea"]
