#!/usr/bin/env python3
"""A channel of one's own: what you type is what a buyer writes, and answers are printed.

Needs Python 3.9 and nothing else. Run it with the push address and the secret of the account:
    PUSH_URL=http://127.0.0.1:8484/in/1/... SECRET=whsec_... PORT=9000 python3 channel.py
"""
import base64, hashlib, hmac, json, os, sys, threading, time, urllib.error, urllib.request, uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PUSH_URL, PORT = os.environ["PUSH_URL"], int(os.environ.get("PORT", "9000"))
KEY = base64.b64decode(os.environ["SECRET"].removeprefix("whsec_"))


def sign(name, at, body):
    return "v1," + base64.b64encode(hmac.digest(KEY, f"{name}.{at}.".encode() + body, hashlib.sha256)).decode()


def push(**event):
    body, name, at = json.dumps(event).encode(), "msg_" + uuid.uuid4().hex, str(int(time.time()))
    headers = {"Content-Type": "application/json", "webhook-id": name, "webhook-timestamp": at, "webhook-signature": sign(name, at, body)}
    try:
        urllib.request.urlopen(urllib.request.Request(PUSH_URL, body, headers), timeout=10).close()
    except urllib.error.HTTPError as refused:
        print("not taken:", refused.read().decode(), file=sys.stderr)
    except OSError as broken:  # a real channel keeps the event and pushes it again with the same webhook-id
        print("not pushed:", broken, file=sys.stderr)


class Replies(BaseHTTPRequestHandler):
    def do_POST(self):
        head, body = self.headers, self.rfile.read(int(self.headers["Content-Length"]))
        want = sign(head.get("webhook-id"), head.get("webhook-timestamp"), body)
        signed = any(hmac.compare_digest(want.encode(), given.encode()) for given in head.get("webhook-signature", "").split())
        if not signed or abs(time.time() - int(head["webhook-timestamp"])) > 300:
            return self.answer(401, {"error": "The signature is wrong or old."})
        event = json.loads(body)
        if event["type"] != "reply":  # "check" asks for the name of the channel
            return self.answer(200, {"name": "Console"})
        print("answer:", event["text"], flush=True)
        self.answer(200, {"id": event["id"]})
        push(type="status", conversation=event["conversation"], message={"id": event["id"]}, status="delivered")

    def answer(self, status, what):
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_):
        pass


threading.Thread(target=ThreadingHTTPServer(("127.0.0.1", PORT), Replies).serve_forever, daemon=True).start()
for line in sys.stdin:
    if line.strip():
        push(type="message", conversation="console", message={"id": uuid.uuid4().hex, "text": line.strip()}, **{"from": {"id": "me", "name": "Console"}})
