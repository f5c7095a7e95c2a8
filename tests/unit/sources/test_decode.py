"""What is on disk becomes UTF-8 without NUL and byte order mark, or is skipped with a reason."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codebase_core.sources.decode import Undecodable, decode

RUSSIAN = "// Функция вычисляет сумму элементов массива и возвращает результат\n"
JAPANESE = "// 在庫を確認する処理を実行します。データベースに接続します\n"
CHINESE = "// 采购订单自动审批流程检查库存数量\n"
KOREAN = "// 재고를 확인하고 주문을 처리하는 함수입니다\n"
GREEK = "// Συνάρτηση που υπολογίζει το άθροισμα των στοιχείων\n"


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"plain", "plain", None),
        ("naïve 😀".encode(), "naïve 😀", None),
        (codecs.BOM_UTF8 + b"marked", "marked", None),
        (b"a\r\nb\x0c\x1b", "a\r\nb\x0c\x1b", None),
        ("breit 😀".encode("utf-16"), "breit 😀", "utf-16-le"),
        (codecs.BOM_UTF16_BE + "breit 😀".encode("utf-16-be"), "breit 😀", "utf-16-be"),
        ("wide 😀".encode("utf-32"), "wide 😀", "utf-32-le"),
        ("class NoMark { }\n".encode("utf-16-le"), "class NoMark { }\n", "utf-16-le"),
        ("class NoMark { }\n".encode("utf-16-be"), "class NoMark { }\n", "utf-16-be"),
        ("class NoMark { }\n".encode("utf-32-be"), "class NoMark { }\n", "utf-32-be"),
        ("// 审批流程 flow\nclass A;\n".encode("utf-16-le"), "// 审批流程 flow\nclass A;\n", "utf-16-le"),
        ("// Größe 流\n".encode("utf-16-be"), "// Größe 流\n", "utf-16-be"),
        (codecs.BOM_UTF16_LE + b"o\0d\0d", "od�", "utf-16-le with replacements"),
        ("// café".encode("latin-1"), "// café", "windows-1252"),
        ("// “Größe” der Fläche".encode("cp1252"), "// “Größe” der Fläche", "windows-1252"),
        ("// naïve größe ".encode() + b"\xff\n", "// naïve größe �\n", "utf-8 with replacements"),
        ("// größe, cut ".encode() + b"\xf0\x9f\x98", "// größe, cut �", "utf-8 with replacements"),
        (b"x" * 100_000 + b"\0", "x" * 100_000 + "�", None),
        (b"# -*- coding: koi8-r -*-\n# " + "жд".encode("koi8-r"), "# -*- coding: koi8-r -*-\n# жд", "koi8-r"),
        (
            b"# vim: set fileencoding=cp1251 :\n" + "жд".encode("cp1251"),
            "# vim: set fileencoding=cp1251 :\nжд",
            "cp1251",
        ),
        (
            b'<?xml version="1.0" encoding="ISO-8859-2"?>\n<\xb3/>',
            '<?xml version="1.0" encoding="ISO-8859-2"?>\n<ł/>',
            "iso8859-2",
        ),
        (b'@charset "iso-8859-15";\n/* \xa4 */', '@charset "iso-8859-15";\n/* € */', "iso8859-15"),
        (b"\\usepackage[latin1]{inputenc}\n\xe4", "\\usepackage[latin1]{inputenc}\nä", "iso8859-1"),
        (b"# coding: nonsense\n# caf\xe9\n", "# coding: nonsense\n# café\n", "windows-1252"),
        (b"# coding: utf-8\n# caf\xe9\n", "# coding: utf-8\n# café\n", "windows-1252"),
        (RUSSIAN.encode("cp1251"), RUSSIAN, "cp1251"),
        (RUSSIAN.encode("koi8-r"), RUSSIAN, "koi8-r"),
        (JAPANESE.encode("shift-jis"), JAPANESE, "cp932"),
        (CHINESE.encode("gbk"), CHINESE, "gb18030"),
        (KOREAN.encode("euc-kr"), KOREAN, "cp949"),
        (GREEK.encode("iso-8859-7"), GREEK, "cp1253"),
    ],
)
def test_text_is_decoded(data, text, encoding):
    assert decode(data) == (text.encode(), encoding)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (codecs.BOM_UTF16_LE, "empty"),
        (b"\x7fELF\0\0\0", "binary"),
        (b"text and a\0NUL", "binary"),
        (b"x = '\0'\n", "binary"),
        ("a\0b".encode("utf-16"), "binary"),
        (bytes(range(256)), "binary"),
        (bytes(range(1, 256)), "binary"),
        (b"\x89PNG\r\n\x1a\n\xfe\xed\x01\x02", "binary"),
        (b"GIF89a\x01\x00\x01\x00", "binary"),
    ],
)
def test_what_is_no_text_is_skipped_with_a_reason(data, reason):
    with pytest.raises(Undecodable) as caught:
        decode(data)

    assert caught.value.reason == reason


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8", "shift-jis", "utf-16-le"])
def test_a_fault_costs_no_name_of_the_file(encoding):
    lines = [f"int number_{n}(void) {{ return {n}; }}" for n in range(50)]
    data = "\n".join(lines).encode(encoding)
    broken = data[:600] + (b"\xff\xdb" if encoding == "utf-16-le" else b"\xff") + data[600:]

    text = decode(broken).text.decode()

    assert sum(line in text for line in lines) >= len(lines) - 1


@settings(deadline=None)  # the detector is imported once
@given(st.binary() | st.text().map(lambda text: text.encode("utf-16", "surrogatepass")) | st.text().map(str.encode))
def test_nothing_that_a_store_refuses_comes_through(data):
    try:
        text = decode(data).text
    except Undecodable:
        return

    assert text.strip()
    assert text.decode("utf-8", "strict")
    assert b"\0" not in text


@given(st.text(alphabet=st.characters(exclude_characters="\0\ufeff", exclude_categories=["Cs"])))
def test_valid_text_comes_through_as_it_is(text):
    if text.encode().strip():
        assert decode(text.encode()).text == text.encode()
        if text.replace("\n", "").isprintable():
            assert decode(text.encode("utf-16")).text == text.encode()
