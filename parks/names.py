"""Enterprise names made comparable. The name as written is what is stored and shown."""

import re
import unicodedata

_BRACKETS = str.maketrans("【】[]〔〕〈〉<>", "()()()()()")
_STATUS_SUFFIX = re.compile(r"\((?:已?(?:注销|吊销|迁出|停业|撤销)|吊销,?[未已]注销|存续|在业|开业|曾用名)\)\Z")
_SPACES = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]+")


def normalise_name(name: str) -> str:
    """Key under which two spellings of one name meet: width, brackets, blanks, case, 已注销."""
    text = _SPACES.sub("", unicodedata.normalize("NFKC", name)).translate(_BRACKETS).upper()
    text = text.replace("，", ",").rstrip("。,;*")
    return _STATUS_SUFFIX.sub("", text)


def split_former_names(text: str) -> list[str]:
    """曾用名 cells hold several names, separated by commas, semicolons, 、 or line breaks."""
    parts = (part.strip() for part in re.split(r"[,，;；、\n\r|]+", text))
    return [part for part in dict.fromkeys(parts) if len(part) >= 2 and part not in {"--", "暂无"}]
