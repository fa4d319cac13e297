// Reads a list of tasks from standard input, does each with the npm package "jose", and writes the list of answers to standard output.
import * as jose from 'jose';

const text = new TextDecoder();
const bytes = new TextEncoder();

const tasks = {
  // A token of ours: signature, type, issuer, audience and times are all checked by jose.
  async verify({ alg, typ, jwk, token, now, issuer, audience }) {
    const key = await jose.importJWK(jwk, alg);
    const { payload, protectedHeader } = await jose.jwtVerify(token, key, { algorithms: [alg], typ, issuer, audience, currentDate: new Date(now * 1000) });
    return { payload, protectedHeader };
  },

  // As a relying party does it: the key is found in a published set.
  async verifyWithSet({ jwks, token, now }) {
    const { payload } = await jose.jwtVerify(token, jose.createLocalJWKSet(jwks), { currentDate: new Date(now * 1000) });
    return { payload };
  },

  // A token of theirs, with a key of their making.
  async sign({ alg, typ, claims }) {
    let publicKey, privateKey;
    if (alg.startsWith('HS')) publicKey = privateKey = await jose.generateSecret(alg, { extractable: true });
    else ({ publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true }));
    const jwk = { ...(await jose.exportJWK(publicKey)), kid: `theirs-${alg}`, alg };
    const token = await new jose.SignJWT(claims).setProtectedHeader({ alg, typ, kid: jwk.kid }).sign(privateKey);
    return { jwk, privateJwk: await jose.exportJWK(privateKey), token, thumbprint: await jose.calculateJwkThumbprint(jwk) };
  },

  async decrypt({ jwk, alg, enc, token }) {
    const options = { keyManagementAlgorithms: [alg], contentEncryptionAlgorithms: [enc] };
    const { plaintext, protectedHeader } = await jose.compactDecrypt(token, await jose.importJWK(jwk, alg), options);
    return { plaintext: text.decode(plaintext), protectedHeader };
  },

  async encrypt({ alg, enc, crv, plaintext, parties }) {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg, { crv, extractable: true });
    const encrypt = new jose.CompactEncrypt(bytes.encode(plaintext)).setProtectedHeader({ alg, enc, cty: 'JWT' });
    if (parties) encrypt.setKeyManagementParameters({ apu: bytes.encode('Alice'), apv: bytes.encode('Bob') });
    return { jwk: await jose.exportJWK(privateKey), token: await encrypt.encrypt(publicKey) };
  },

  async thumbprint({ jwk }) {
    return { thumbprint: await jose.calculateJwkThumbprint(jwk) };
  },
};

let input = '';
for await (const chunk of process.stdin) input += chunk;
const answers = [];
for (const task of JSON.parse(input)) {
  try {
    answers.push(await tasks[task.task](task));
  } catch (error) {
    answers.push({ error: `${error.code ?? error.name}: ${error.message}` });
  }
}
process.stdout.write(JSON.stringify(answers));
