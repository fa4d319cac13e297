// panva's oidc-provider as somebody else's server, with its own development pages: whoever types a name is that person.
import { Provider } from 'oidc-provider';

const { PORT, REDIRECT_URI, SECRET } = process.env;
const provider = new Provider(`http://localhost:${PORT}`, {
  clients: [{ client_id: 'our-id', client_secret: SECRET, redirect_uris: [REDIRECT_URI], grant_types: ['authorization_code'], response_types: ['code'] }],
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: `Person ${id}`, preferred_username: id, email: `${id}@elsewhere.example`, email_verified: true }) }),
});
provider.listen(PORT, () => console.log(`oidc-provider: http://localhost:${PORT}`));
