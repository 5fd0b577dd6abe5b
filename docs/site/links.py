# SPDX-License-Identifier: LGPL-2.1-or-later
"""Check the internal links of a site, a directory of HTML files: the file and the anchor of each link must exist."""

import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Dict, List, Optional, Set, Tuple
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """The links of a page, and its anchors, which links can refer to."""

    def __init__(self, path: Path):
        super().__init__()
        self.links: Set[str] = set()
        self.anchors: Set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: List[Tuple[str, Optional[str]]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.links.add(value)
            elif name in ("id", "name") and value:
                self.anchors.add(value)


def broken(directory: Path) -> List[str]:
    """Return a line for each broken link."""
    pages: Dict[Path, Page] = {path.resolve(): Page(path) for path in directory.rglob("*.html")}
    found = []
    for path, page in sorted(pages.items()):
        for link in sorted(page.links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchor = unquote(parts.fragment)
            if not target.exists() or anchor and target in pages and anchor not in pages[target].anchors:
                found.append(f"{path.relative_to(directory.resolve())}: {link}")
    return found


def main(directory: str) -> int:
    found = broken(Path(directory))
    print(*(f"{line}: broken link" for line in found), sep="\n", end="\n" if found else "", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
