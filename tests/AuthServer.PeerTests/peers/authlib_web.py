"""Authlib as a confidential web client with client_secret_post; requests as the person's browser."""
import json
import os
import sys
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # the server is on this machine, without TLS

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.oidc.core import CodeIDToken


class Form(HTMLParser):
    """The fields of the page's form that has a password or a decision in it."""

    def __init__(self, page):
        super().__init__()
        self.fields, self.name, self.password = {}, None, None
        self.feed(page.text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag != "input" or not attrs.get("name") or attrs.get("type") == "checkbox":
            return
        self.fields[attrs["name"]] = attrs.get("value", "")
        if "username" in (attrs.get("autocomplete") or "").split():
            self.name = attrs["name"]
        if attrs.get("type") == "password":
            self.password = attrs["name"]


def follow(browser, url, callback, data=None):
    """Redirects are followed by hand, because nobody listens at the callback."""
    for _ in range(20):
        answer = browser.post(url, data=data, allow_redirects=False) if data is not None else browser.get(url, allow_redirects=False)
        if "location" not in answer.headers:
            return answer.url, answer
        url, data = urljoin(url, answer.headers["location"]), None
        if url.startswith(callback):
            return url, None
    raise RuntimeError("a circle of redirects")


def sign_in(browser, url, callback, person):
    url, page = follow(browser, url, callback)
    while page is not None:
        form = Form(page)
        if form.password:
            form.fields.update({form.name: person["userName"], form.password: person["password"]})
        elif urlsplit(url).path == "/consent":
            form.fields["decision"] = "allow"
        else:
            raise RuntimeError(f"{page.status_code} at {url}: {page.text}")
        url, page = follow(browser, url, callback, form.fields)
    return url


given = json.load(sys.stdin)
issuer, callback = given["issuer"], given["redirectUri"]
metadata = requests.get(issuer + "/.well-known/openid-configuration", timeout=30).json()
client = OAuth2Session(
    given["clientId"], given["secret"], scope="openid profile email", redirect_uri=callback,
    token_endpoint_auth_method="client_secret_post", revocation_endpoint_auth_method="client_secret_post", code_challenge_method="S256")
verifier, nonce = generate_token(48), generate_token()
url, state = client.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce)

browser = requests.Session()
arrived = sign_in(browser, url, callback, given["person"])
token = dict(client.fetch_token(metadata["token_endpoint"], authorization_response=arrived, code_verifier=verifier, state=state))

keys = JsonWebKey.import_key_set(requests.get(metadata["jwks_uri"], timeout=30).json())
claims = JsonWebToken(["RS256"]).decode(
    token["id_token"], keys, claims_cls=CodeIDToken,
    claims_options={"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": given["clientId"]}},
    claims_params={"nonce": nonce, "client_id": given["clientId"], "access_token": token["access_token"]})
claims.validate()

user_info = client.get(metadata["userinfo_endpoint"]).json()
refreshed = dict(client.refresh_token(metadata["token_endpoint"], refresh_token=token["refresh_token"]))
introspected = client.introspect_token(metadata["introspection_endpoint"], token=refreshed["access_token"]).json()
revocation = client.revoke_token(metadata["revocation_endpoint"], token=refreshed["refresh_token"], token_type_hint="refresh_token").status_code
revoked = client.introspect_token(metadata["introspection_endpoint"], token=refreshed["access_token"]).json()
wrong = requests.post(metadata["token_endpoint"], timeout=30, data={
    "grant_type": "refresh_token", "refresh_token": refreshed["refresh_token"], "client_id": given["clientId"], "client_secret": "wrong"})

print(json.dumps({
    "iss": parse_qs(urlsplit(arrived).query).get("iss", [None])[0], "claims": dict(claims), "header": claims.header, "userInfo": user_info,
    "rotated": refreshed["refresh_token"] != token["refresh_token"], "introspected": introspected, "revocation": revocation, "revoked": revoked,
    "wrongSecret": [wrong.status_code, wrong.json().get("error")],
}))
