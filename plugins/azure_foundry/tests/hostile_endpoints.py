"""Addresses that try to lead a key elsewhere: hand-picked parts beside generated text."""

from __future__ import annotations

from hypothesis import strategies as st

SUFFIXES = (".services.ai.azure.com", ".openai.azure.com", ".cognitiveservices.azure.com")

_SCHEMES = st.sampled_from(
    ["https://", "HTTPS://", "http://", "https:/", "https:", "https:\\\\", "//", "", "ftp://",
     "file://", "javascript:", "https://https://", " https://", "\thttps://", "https:///",
     "https://\u200b", "https://\x00", "https:\n//"]
)  # fmt: skip
_USERS = st.sampled_from(
    ["", "", "", "", "user@", "user:pass@", "@", ":@", "evil.test@", "evil.test%40", "evil.test\\@",
     "contoso.services.ai.azure.com@", "contoso.services.ai.azure.com:443@", "a@b@"]
)  # fmt: skip
_NAMES = st.sampled_from(
    ["contoso", "Contoso", "legacy", "r", "nobody", "127.0.0.1", "169.254.169.254", "[::1]",
     "[::ffff:169.254.169.254]", "0x7f000001", "2130706433", "localhost", "evil.test", "evil.test/",
     "evil.test?", "evil.test#", "evil.test\\", "evil.test%2f", "evil.test%00", "evil.test;",
     "evil.test:443/", "con%74oso", "cont\u043eso", "contoso\u3002", "contoso\uff0e", "contoso..",
     "-contoso", "contoso-", "con_toso", "xn--contoso-abc", "a.b", "", "*", "a" * 63, "a" * 64,
     "\u24d2ontoso", "contoso\t", "contoso\r\n", "contoso\x00"]
)  # fmt: skip
_ENDS = st.sampled_from(
    [*SUFFIXES, *SUFFIXES, ".SERVICES.AI.AZURE.COM", ".services.ai.azure.com.",
     ".services.ai.azure.com..", ".services.ai.azure.com.evil.test", "services.ai.azure.com",
     ".services.ai.azure.com@evil.test", ".services.ai.azure.com%2eevil.test",
     ".services.ai.azure.com\\.evil.test",
     "-services.ai.azure.com", ".services-ai.azure.com", ".services.ai.azure.co", ".azure.com",
     ".services.ai.azure.us", ".openai.azure.cn", ".models.ai.azure.com", ".evil.test", "",
     ".services\u3002ai.azure.com", ".\u017fervices.ai.azure.com", ".services.ai.a\u200dzure.com",
     ".services.ai.azure.com\u2024evil.test", ".openai.azure.com#", ".openai.azure.com?",
     ".openai.azure.com;evil.test", ".openai.azure.com,evil.test", ".openai.azure.com evil.test"]
)  # fmt: skip
_PORTS = st.sampled_from(
    ["", "", "", "", ":443", ":0443", ":80", ":8443", ":", ":-1", ":65536", ":443:443",
     ":443@evil.test", ":https", ":\u0664\u0664\u0663"]
)  # fmt: skip
_PATHS = st.sampled_from(
    ["", "", "", "/", "/models", "/openai/v1/", "/api/projects/team", "/api/projects/..", "/..",
     "/api/projects/%2e%2e", "/models/../../evil", "//evil.test", "/\\evil.test", "/other",
     "/models%2f..", "/@evil.test", "/openai/deployments/a/chat/completions",
     "/openai/deployments/../chat/completions"]
)  # fmt: skip
_RESTS = st.sampled_from(
    ["", "", "", "?api-version=2024-05-01-preview", "?api-version=v1&next=https://evil.test",
     "?key=1", "?api-version=%0d%0ahost:evil.test", "?", "#", "#@evil.test", "?api-version=1#",
     "\n", "\r\nhost: evil.test", " ", "\t", "%00", "\x7f", "?api-version=1?api-version=2"]
)  # fmt: skip
_TEXT = st.text(max_size=12)

_ASSEMBLED = st.tuples(_SCHEMES, _USERS, _NAMES, _ENDS, _PORTS, _PATHS, _RESTS).map("".join)
_NEARLY_RIGHT = st.tuples(
    st.just("https://"), st.just(""), _NAMES, st.sampled_from(SUFFIXES), _PORTS, _PATHS, _RESTS
).map("".join)


@st.composite
def _disturbed(draw: st.DrawFn) -> str:
    """An address with something put into it, anywhere."""
    text = draw(_ASSEMBLED | _NEARLY_RIGHT)
    place = draw(st.integers(0, len(text)))
    return text[:place] + draw(_TEXT) + text[place:]


HOSTILE = _ASSEMBLED | _NEARLY_RIGHT | _disturbed() | _TEXT
