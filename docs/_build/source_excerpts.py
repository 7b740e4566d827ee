"""Code on a page that is taken from the source, by the name it has there.

A line of its own in a page

    ::source path/to/module.py name other_name

becomes those functions, classes or constants, as they stand in the file, in their order there;
without a name it becomes the whole file. Below stands a link to the file. A name that is not there
fails the build, so that a page never shows what has moved on.
"""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

LINE = re.compile(r"^::source (?P<path>\S+)(?P<names>(?: \w+)*)$", re.MULTILINE)
LANGUAGES = {".py": "python", ".toml": "toml", ".json": "json", ".yml": "yaml", ".md": "markdown"}


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put the code in its place."""
    root = Path(config.docs_dir).parent

    def shown(match: re.Match[str]) -> str:
        path = root / match["path"]
        if not path.is_file():
            raise PluginError(f"{page.file.src_uri}: there is no {match['path']}")
        try:
            text = excerpt(path.read_text(encoding="utf-8"), match["names"].split())
        except LookupError as error:
            raise PluginError(f"{page.file.src_uri}: {match['path']} has no {error}") from None
        language = LANGUAGES.get(path.suffix, "text")
        link = posixpath.relpath(match["path"], posixpath.dirname(f"docs/{page.file.src_uri}"))
        whole = f"[The whole file]({link})" if match["names"] else ""
        return f'````{language} title="{match["path"]}"\n{text}\n````\n\n{whole}\n'

    return LINE.sub(shown, markdown)


def excerpt(text: str, names: list[str]) -> str:
    """Return the definitions of these names, or everything.

    Raises:
        LookupError: One of them is not defined at the top of the module.
    """
    if not names:
        return text.rstrip("\n")
    lines = text.splitlines()
    found = {name: node for node in ast.parse(text).body for name in _names(node) if name in names}
    if missing := set(names) - set(found):
        raise LookupError(", ".join(sorted(missing)))
    nodes = sorted({id(node): node for node in found.values()}.values(), key=_first)
    return "\n\n\n".join("\n".join(lines[_first(node) - 1 : node.end_lineno]) for node in nodes)


def _first(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", ())
    return min(node.lineno, *(each.lineno for each in decorators)) if decorators else node.lineno


def _names(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            yield name
