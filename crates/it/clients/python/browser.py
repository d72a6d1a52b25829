"""A person at a browser: follows redirects by hand, fills in the form of a page, keeps cookies."""

import html.parser
import urllib.parse

import requests


class _Form(html.parser.HTMLParser):
    """The page's form that is sent by POST: where to, its inputs, its buttons."""

    def __init__(self, text):
        super().__init__()
        self.action, self.inputs, self.buttons, self._inside = None, [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if tag == "form":
            self._inside = named.get("method", "get").lower() == "post" and self.action is None
            if self._inside:
                self.action = named.get("action") or ""
        elif self._inside and tag == "input":
            self.inputs.append(named)
        elif self._inside and tag == "button":
            self.buttons.append(named)

    def handle_endtag(self, tag):
        if tag == "form":
            self._inside = False

    def filled(self, username, password):
        """What a person sends; the first button is the one that goes on."""
        fields = {}
        for field in self.inputs:
            kind, name = field.get("type", "text").lower(), field.get("name")
            if not name or kind in ("checkbox", "radio") and "checked" not in field:
                continue
            known = {"text": username, "email": username, "password": password}
            fields[name] = known.get(kind, field.get("value") or "")
        for button in self.buttons[:1]:
            if button.get("name"):
                fields[button["name"]] = button.get("value") or ""
        return fields


class Browser:
    """One browser with its cookies."""

    def __init__(self):
        self.session = requests.Session()
        self.forms = 0

    def open(self, url, redirect_uri, username, password):
        """Signs in, from an address to the one below `redirect_uri` that the person ends at."""
        answer = self.session.get(url, allow_redirects=False, timeout=20)
        for _ in range(12):
            if answer.is_redirect:
                target = urllib.parse.urljoin(answer.url, answer.headers["Location"])
                if target.split("?")[0] == redirect_uri.split("?")[0]:
                    return target
                answer = self.session.get(target, allow_redirects=False, timeout=20)
                continue
            form = _Form(answer.text)
            if answer.status_code != 200 or form.action is None:
                raise AssertionError(f"{answer.status_code} at {answer.url}:\n{answer.text}")
            self.forms += 1
            origin = urllib.parse.urlsplit(answer.url)
            answer = self.session.post(
                urllib.parse.urljoin(answer.url, form.action),
                data=form.filled(username, password),
                headers={"Origin": f"{origin.scheme}://{origin.netloc}", "Referer": answer.url},
                allow_redirects=False,
                timeout=20,
            )
        raise AssertionError(f"still no redirect to {redirect_uri}: {answer.url}")
