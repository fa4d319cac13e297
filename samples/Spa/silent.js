// Runs in the hidden frame: hands the server's answer to the page around it.
import { UserManager } from 'oidc-client-ts';

await new UserManager({ authority: 'unused', client_id: 'unused', redirect_uri: 'unused' }).signinSilentCallback();
