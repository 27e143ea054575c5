// A certified OpenID Connect provider on this machine, for the tests. Whoever types a name is that name: the login and
// consent pages are its own `devInteractions`. Says READY when it answers.
//
//   node provider.mjs FOLDER_OF_MODULES PORT REDIRECT_URI CLIENT_ID CLIENT_SECRET

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, port, redirect, client, secret] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(join(modules, 'oidc-provider/lib/index.js')));

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: client, client_secret: secret, redirect_uris: [redirect] }],
  cookies: { keys: ['only for tests'] },
  features: { devInteractions: { enabled: true } },
  pkce: { required: () => true },
  claims: { openid: ['sub'], profile: ['name'] },
  conformIdTokenClaims: false,
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: `${id}（虚构）` }),
  }),
});

provider.listen(Number(port), '127.0.0.1', () => console.log('READY'));
