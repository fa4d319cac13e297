"""Makes the known answers beside this file. Debian 12: python3-passlib 1.7.4, python3-bcrypt 3.2.2, python3-argon2 21.1.0, python3-django 3.2.25, python3-werkzeug 2.2.2, and Python 3.11 itself.

    /usr/bin/python3 make.py

Each tool makes hashes by its own code. Keycloak and ASP.NET Identity have no tool in Debian: their containers are written here by their documentation around hashes of hashlib and argon2-cffi.
Every hash has its own random salt, so running this again makes other files that are as good.
"""
import base64, crypt, hashlib, json, os, struct, warnings
warnings.simplefilter("ignore")
import argon2, argon2.low_level, bcrypt, django, werkzeug.security, passlib.hash
from django.conf import settings
settings.configure(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher", "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher"])
from django.contrib.auth import hashers

PASSWORDS = ["correct horse battery staple", "pässwörd – 密码 ☃ long enough"]


def write(name, made_with, make):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".json"), "w") as file:
        json.dump({"made_with": made_with, "hashes": [{"password": p, "hash": h} for p in PASSWORDS for h in make(p)]}, file, indent=2, ensure_ascii=False)
        file.write("\n")


def b64(value):
    return base64.b64encode(value).decode()


def keycloak(password, algorithm, rounds, length, more=None):
    salt = os.urandom(16)
    if algorithm == "argon2":
        value = argon2.low_level.hash_secret_raw(password.encode(), salt, rounds, 7168, 1, length, argon2.Type.ID)
    else:
        value = hashlib.pbkdf2_hmac({"pbkdf2": "sha1"}.get(algorithm, algorithm[7:]), password.encode(), salt, rounds, length)
    return json.dumps({"type": "password", "createdDate": 1700000000000,
                       "secretData": json.dumps({"value": b64(value), "salt": b64(salt), "additionalParameters": {}}),
                       "credentialData": json.dumps({"hashIterations": rounds, "algorithm": algorithm, "additionalParameters": more or {}})})


def keycloak_old(password):
    salt = os.urandom(16)
    return json.dumps({"type": "password", "hashedSaltedValue": b64(hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 27500, 64)), "salt": b64(salt), "hashIterations": 27500, "algorithm": "pbkdf2-sha256"})


def aspnet_v2(password):
    salt = os.urandom(16)
    return b64(b"\0" + salt + hashlib.pbkdf2_hmac("sha1", password.encode(), salt, 1000, 32))


def aspnet_v3(password, prf, rounds):
    salt = os.urandom(16)
    return b64(b"\1" + struct.pack(">III", prf, rounds, 16) + salt + hashlib.pbkdf2_hmac(["sha1", "sha256", "sha512"][prf], password.encode(), salt, rounds, 32))


def hex_pair(password, as_text):
    salt = os.urandom(32)
    return salt.hex() + ":" + hashlib.pbkdf2_hmac("sha256", password.encode(), salt.hex().encode() if as_text else salt, 100000).hex()


def argon2_cffi(kind):
    return lambda p: [argon2.PasswordHasher(time_cost=2, memory_cost=8192, parallelism=2, type=kind).hash(p)]


def old_argon2(password):
    return argon2.low_level.hash_secret(password.encode(), os.urandom(16), 3, 4096, 1, 32, argon2.Type.I, 16).decode()


write("argon2i", "argon2-cffi 21.1.0 (libargon2), type I; and version 1.0", lambda p: argon2_cffi(argon2.Type.I)(p) + [old_argon2(p)])
write("argon2id", "argon2-cffi 21.1.0 (libargon2), type ID; and its defaults of m=65536,t=3,p=4", lambda p: argon2_cffi(argon2.Type.ID)(p) + [argon2.PasswordHasher(memory_cost=65536, time_cost=3, parallelism=4).hash(p)])
write("argon2d", "argon2-cffi 21.1.0 (libargon2), type D", argon2_cffi(argon2.Type.D))
write("bcrypt", "python3-bcrypt 3.2.2 (2b, 2a); 2y by passlib 1.7.4 on the same",
      lambda p: [bcrypt.hashpw(p.encode(), bcrypt.gensalt(5, b"2b")).decode(), bcrypt.hashpw(p.encode(), bcrypt.gensalt(5, b"2a")).decode(), passlib.hash.bcrypt.using(rounds=5, ident="2y").hash(p)])
write("django-pbkdf2", "Django 3.2.25, its default hasher and the one with SHA-1", lambda p: [hashers.make_password(p), hashers.make_password(p, hasher="pbkdf2_sha1")])
write("passlib-pbkdf2", "passlib 1.7.4: pbkdf2_sha256, pbkdf2_sha512, pbkdf2_sha1", lambda p: [passlib.hash.pbkdf2_sha256.hash(p), passlib.hash.pbkdf2_sha512.hash(p), passlib.hash.pbkdf2_sha1.using(rounds=60000).hash(p)])
write("scrypt-phc", "passlib 1.7.4 over hashlib.scrypt: its default, and other parameters", lambda p: [passlib.hash.scrypt.using(rounds=14).hash(p), passlib.hash.scrypt.using(rounds=12, block_size=4, parallelism=3).hash(p)])
write("sha512-crypt", "Python's crypt module (libcrypt), the default and 10000 rounds; and passlib 1.7.4",
      lambda p: [crypt.crypt(p, crypt.mksalt(crypt.METHOD_SHA512)), crypt.crypt(p, crypt.mksalt(crypt.METHOD_SHA512, rounds=10000)), passlib.hash.sha512_crypt.using(rounds=20000).hash(p), crypt.crypt(p, crypt.mksalt(crypt.METHOD_SHA256))])
write("werkzeug", "Werkzeug 2.2.2: pbkdf2:sha256 (its default), pbkdf2:sha512, pbkdf2:sha1; scrypt in the form of Werkzeug 3 (scrypt:N:r:p, the salt as text) over hashlib.scrypt",
      lambda p: [werkzeug.security.generate_password_hash(p), werkzeug.security.generate_password_hash(p, "pbkdf2:sha512:50000"), werkzeug.security.generate_password_hash(p, "pbkdf2:sha1:80000"),
                 "scrypt:32768:8:1$ZQfSn9XcDDNnhhVp$" + hashlib.scrypt(p.encode(), salt=b"ZQfSn9XcDDNnhhVp", n=32768, r=8, p=1, maxmem=132 * 1024 * 1024).hex()])
write("keycloak", "hashlib.pbkdf2_hmac and argon2-cffi's raw hash, in the containers of a realm export",
      lambda p: [keycloak(p, "pbkdf2-sha256", 27500, 64), keycloak(p, "pbkdf2-sha512", 210000, 64), keycloak(p, "pbkdf2", 20000, 64),
                 keycloak(p, "argon2", 5, 32, {"hashLength": ["32"], "memory": ["7168"], "type": ["id"], "version": ["1.3"], "parallelism": ["1"]}), keycloak_old(p)])
write("aspnet-identity", "hashlib.pbkdf2_hmac, in the layouts of version 2 (0x00) and version 3 (0x01 with SHA-1, SHA-256, SHA-512)", lambda p: [aspnet_v2(p), aspnet_v3(p, 0, 10000), aspnet_v3(p, 1, 10000), aspnet_v3(p, 2, 100000)])
write("hex-pair", "hashlib.pbkdf2_hmac with SHA-256 and 100 000 rounds; the salt as bytes and as its text", lambda p: [hex_pair(p, False), hex_pair(p, True)])
