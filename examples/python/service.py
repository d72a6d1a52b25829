"""A service that asks Keyward whether its caller's key may pass. Python's own library is enough."""

import json
import os
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEYWARD = os.environ.get("KEYWARD_URL", "http://127.0.0.1:8080")
OWN_KEY = os.environ.get("KEYWARD_KEY", "")


def verdict(secret):
    """Asks Keyward: the name of the verdict, VALID or why not."""
    question = {"secret": secret, "permissions": {"all": ["orders:read"]}}
    headers = {"Authorization": f"Bearer {OWN_KEY}", "Content-Type": "application/json"}
    body = json.dumps(question).encode()
    request = urllib.request.Request(f"{KEYWARD}/v1/keys/verify", body, headers)
    with urllib.request.urlopen(request, timeout=2) as answer:
        return json.load(answer)["verdict"]


class Orders(BaseHTTPRequestHandler):
    """Stands for your web framework."""

    def do_GET(self):
        secret = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            said = verdict(secret)
        except urllib.error.HTTPError as error:
            # 404 says that this service's own key may not ask, 401 that it is not valid.
            return self.answer(503, f"Keyward answers {error.code}: is KEYWARD_KEY right?\n")
        except (OSError, ValueError, KeyError):
            # What cannot be asked is refused: a service that lets everybody pass has no keys.
            return self.answer(503, "Keyward does not answer\n")
        if said == "VALID":
            return self.answer(200, "your orders\n")
        return self.answer(429 if said == "RATE_LIMITED" else 401, f"{said}\n")

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        """Says nothing: a log line of an example is nobody's news."""


if __name__ == "__main__":
    host, port = os.environ.get("LISTEN", "127.0.0.1:9000").rsplit(":", 1)
    server = ThreadingHTTPServer((host, int(port)), Orders)
    print(f"listening on {server.server_address[0]}:{server.server_address[1]}", flush=True)
    server.serve_forever()
