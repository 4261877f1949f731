"""Outside systems that people sign in with, as small real servers speaking their documented answers."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

Answer = Callable[["Asked"], Any]


@dataclass(frozen=True)
class Asked:
    """One request as the server got it."""

    path: str
    query: dict[str, str]
    body: dict[str, Any]
    headers: dict[str, str]


@dataclass
class Outside:
    """A server on this machine, answering JSON by path; what it was asked is kept."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def answer(self, asked: Asked) -> tuple[int, Any]:
        self.asked.append(asked)
        found = self.answers.get(asked.path)
        return (200, found(asked)) if found else (404, {"error": asked.path})


@contextmanager
def serving(outside: Outside) -> Iterator[Outside]:
    """The server for as long as the story runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply({})

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            is_json = raw.lstrip().startswith("{")
            self._reply(json.loads(raw) if is_json else {k: v[0] for k, v in parse_qs(raw).items()})

        def _reply(self, body: dict[str, Any]) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            status, told = outside.answer(Asked(parts.path, query, body, dict(self.headers)))
            raw = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    outside.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield outside
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Identity(Outside):
    """An OpenID Connect service: discovery, token with a signed id_token, keys, userinfo."""

    def __init__(self, name: str, subject: str = "u-1") -> None:
        super().__init__()
        self.name, self.subject, self.told_subject = name, subject, subject
        self.key = self.signing = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.audience, self.lives_s = "tradewind", 300
        self.answers = {
            "/.well-known/openid-configuration": self._configuration,
            "/token": self._token,
            "/keys": self._keys,
            "/userinfo": lambda asked: {"sub": self.told_subject, "preferred_username": self.name},
        }

    def _configuration(self, asked: Asked) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def _token(self, asked: Asked) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": self.audience,
            "sub": self.subject,
            "iat": now,
            "exp": now + self.lives_s,
            "preferred_username": self.name,
        }
        signed = jwt.encode(claims, self.signing, algorithm="RS256", headers={"kid": "one"})
        return {"access_token": "at-secret", "token_type": "Bearer", "id_token": signed, "expires_in": 300}

    def _keys(self, asked: Asked) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]}


def wecom(told: dict[str, Any]) -> Outside:
    """WeCom: gettoken for the app, then auth/getuserinfo for the code."""
    return Outside(
        {
            "/cgi-bin/gettoken": lambda asked: (
                {"errcode": 0, "errmsg": "ok", "access_token": "app-secret-token", "expires_in": 7200}
                if asked.query.get("corpsecret") == "corp-secret"
                else {"errcode": 40001, "errmsg": "invalid credential"}
            ),
            "/cgi-bin/auth/getuserinfo": lambda asked: (
                {"errcode": 0, "errmsg": "ok", **told}
                if asked.query.get("code") == "the-code"
                else {"errcode": 40029, "errmsg": "invalid code"}
            ),
        }
    )


def feishu(user_id: str) -> Outside:
    """Feishu: the app's token, the person's, then who it is."""
    return Outside(
        {
            "/open-apis/auth/v3/app_access_token/internal/": lambda asked: {
                "code": 0,
                "msg": "ok",
                "app_access_token": "a-secret",
                "expire": 7200,
            },
            "/open-apis/authen/v1/access_token": lambda asked: {
                "code": 0,
                "msg": "success",
                "data": {"access_token": "u-secret", "token_type": "Bearer", "expires_in": 6900},
            },
            "/open-apis/authen/v1/user_info": lambda asked: {
                "code": 0,
                "msg": "success",
                "data": {"name": "陈小雨", "open_id": "ou_1", "union_id": "on_1", "user_id": user_id},
            },
        }
    )


def dingtalk(email: str) -> Outside:
    """DingTalk: the person's token for the code, then who it is."""
    return Outside(
        {
            "/v1.0/oauth2/userAccessToken": lambda asked: {
                "accessToken": "d-secret",
                "refreshToken": "d-refresh-secret",
                "expireIn": 7200,
                "corpId": "ding1",
            },
            "/v1.0/contact/users/me": lambda asked: {
                "nick": "小雨",
                "unionId": "un1",
                "openId": "op1",
                "email": email,
            },
        }
    )
