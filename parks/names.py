"""Enterprise names made comparable. The name as written is what is stored and shown."""

import re
import unicodedata
from functools import lru_cache

_BRACKETS = str.maketrans("【】[]〔〕〈〉<>", "()()()()()")
_STATUS_SUFFIX = re.compile(r"\((?:已?(?:注销|吊销|迁出|停业|撤销)|吊销,?[未已]注销|存续|在业|开业|曾用名)\)\Z")
_BETWEEN_NAMES = re.compile(
    r"(?:[，;；、\n\r|]|,(?!\s*(?:ltd|limited|inc|llc|co|corp|plc|gmbh|s\.?a|b\.?v)\b))+", re.IGNORECASE
)
_SPACES = re.compile(r"[\s\x00-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]+")


# An import asks for the same name several times in a row.
@lru_cache(maxsize=4096)
def normalise_name(name: str) -> str:
    """Key under which two spellings of one name meet: width, brackets, blanks, case, 已注销."""
    text = _SPACES.sub("", unicodedata.normalize("NFKC", name)).translate(_BRACKETS).upper()
    text = _STATUS_SUFFIX.sub("", text.replace("，", ",").rstrip("。,;*"))
    # What one step uncovers is for the others: 某公司。（已注销）.
    return text if text == name else normalise_name(text)


def split_former_names(text: str) -> list[str]:
    """曾用名 cells hold several names, between commas, semicolons, 、 or line breaks; ``Co., Ltd.`` is one name."""
    parts = (part.strip() for part in _BETWEEN_NAMES.split(text))
    return [part for part in dict.fromkeys(parts) if len(part) >= 2 and part not in {"--", "暂无"}]
