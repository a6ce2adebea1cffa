"""What countries are called: names that visitors type for them, in whatever language."""

from collections.abc import Iterable, Mapping
from functools import cache

from showcase.data.geography import endonyms
from showcase.languages import Language

#: Names in use that CLDR does not give in English, former ones included, and parts of a country
#: that visitors take for one.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "AE": ("UAE", "Emirates"),
    "BA": ("Bosnia",),
    "BN": ("Brunei Darussalam",),
    "BO": ("Bolivia",),
    "CD": ("DRC", "DR Congo", "Democratic Republic of the Congo", "Zaire", "Congo-Kinshasa"),
    "CG": ("Republic of the Congo", "Congo-Brazzaville"),
    "CI": ("Ivory Coast",),
    "CN": ("People's Republic of China", "PRC"),
    "CV": ("Cape Verde",),
    "CZ": ("Czech Republic",),
    "FM": ("Federated States of Micronesia",),
    "GB": ("UK", "Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland"),
    "HK": ("Hong Kong",),
    "IR": ("Persia",),
    "KG": ("Kyrgyz Republic",),
    "KH": ("Kampuchea",),
    "KP": ("North Korea", "DPRK"),
    "KR": ("South Korea", "Republic of Korea"),
    "LA": ("Lao PDR",),
    "LK": ("Ceylon",),
    "MD": ("Moldavia",),
    "MK": ("Macedonia",),
    "MM": ("Burma",),
    "NL": ("Holland",),
    "PS": ("Palestine", "West Bank", "Gaza"),
    "PW": ("Belau",),
    "RU": ("Russian Federation",),
    "ST": ("Sao Tome",),
    "SY": ("Syrian Arab Republic",),
    "SZ": ("Swaziland",),
    "TL": ("East Timor",),
    "TR": ("Turkey",),
    "TT": ("Trinidad", "Tobago"),
    "TW": ("Republic of China",),
    "TZ": ("Tanganyika", "Zanzibar"),
    "US": ("USA", "US", "America", "United States of America"),
    "VA": ("Holy See",),
    "VN": ("Viet Nam",),
    "WS": ("Western Samoa",),
}


def country_names(code: str, languages: Iterable[Language]) -> tuple[str, ...]:
    """Return a country's names in the site's languages and its own, and its other names."""
    names = [language.territory(code) for language in languages]
    return tuple(dict.fromkeys([*names, *_others(code)]))


@cache
def _others(code: str) -> tuple[str, ...]:
    return (*endonyms()[code], *ALIASES.get(code, ()))
