"""The order of lists, against how dictionaries and indexes of each language have it."""

import pytest
from sites import ROOT

from showcase.languages import load_languages


@pytest.mark.parametrize(
    ("language", "listed"),
    [
        ("zh", ["阿根廷", "德国", "法国", "肯尼亚", "秦国", "斯里兰卡", "中国"]),
        ("zh", ["秘鲁", "冰岛"]),  # bì, where the character alone is mostly mì
        ("zh", ["奥地利", "澳大利亚", "澳门"]),  # one sound, two characters: each keeps together
        ("zh", ["2 号学校", "Hong Kong", "香港"]),
        ("es", ["nata", "nube", "ñandú", "oro"]),
        ("es", ["Álava", "Alba"]),
        ("fr", ["canoë", "Cañon", "canot"]),
        ("ru", ["Индия", "Йемен", "Кения"]),
        ("ar", ["أذربيجان", "إسبانيا", "ألمانيا", "باكستان"]),
    ],
)
def test_lists_stand_in_the_order_of_their_language(language: str, listed: list[str]) -> None:
    order = load_languages((language,), (ROOT / "themes/default/locales",))[language].order
    assert sorted(set(listed), key=order) == listed
