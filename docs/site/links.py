# SPDX-License-Identifier: LGPL-2.1-or-later
"""Follow the links of a site, a directory of HTML files, as far as they stay in it: each must lead to what is there."""

import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Dict, List, Optional, Set, Tuple
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """What a page refers to, and the places in it that can be referred to."""

    def __init__(self, path: Path):
        super().__init__()
        self.links: Set[str] = set()
        self.places: Set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: List[Tuple[str, Optional[str]]]) -> None:
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.links.add(value)
            elif name in ("id", "name") and value:
                self.places.add(value)


def broken(directory: Path) -> List[str]:
    """A line for each link that leads to nothing."""
    pages: Dict[Path, Page] = {path.resolve(): Page(path) for path in directory.rglob("*.html")}
    found = []
    for path, page in sorted(pages.items()):
        for link in sorted(page.links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            place = unquote(parts.fragment)
            if not target.exists() or place and target in pages and place not in pages[target].places:
                found.append(f"{path.relative_to(directory.resolve())}: {link}")
    return found


def main(directory: str) -> int:
    found = broken(Path(directory))
    print(*(f"{line} leads to nothing" for line in found), sep="\n", end="\n" if found else "", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
